#include "http/bodies.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace mutirao::http {
namespace {

using nlohmann::json;

json valid() {
  return {{"cnpj", "11.222.333/0001-81"},
          {"razao_social", "Padaria Sol Ltda"},
          {"nome_fantasia", "Padaria Sol"},
          {"unidade_responsavel", 1}};
}

json with(const char* field, json value) {
  auto body = valid();
  body[field] = std::move(value);
  return body;
}

error refusal(const json& body) {
  const auto read = read_new_company(body.dump());
  EXPECT_FALSE(read) << body;
  return read ? error{} : read.error();
}

TEST(new_company_test, reads_every_field) {
  auto body = valid();
  body["cidade"] = "Campinas";
  body["telefone"] = "(19) 5550-1005";
  body["periodicidade"] = 30;
  body["data_renovacao"] = "2024-02-29";
  body["tecnico_responsavel"] = 11;
  body["status"] = "inativo";
  body["id"] = 99;
  body["nome"] = "ignored";
  body["what_we_never_heard_of"] = {1, 2};
  const auto read = read_new_company(body.dump());
  ASSERT_TRUE(read) << read.error().detail;
  company expected;
  expected.cnpj = "11222333000181";
  expected.razao_social = "Padaria Sol Ltda";
  expected.nome_fantasia = "Padaria Sol";
  expected.cidade = "Campinas";
  expected.telefone = "(19) 5550-1005";
  expected.periodicidade = 30;
  expected.data_renovacao = parse_date("2024-02-29");
  expected.tecnico_responsavel = user_id{11};
  expected.unidade_responsavel = unit_id{1};
  expected.active = false;
  EXPECT_EQ(*read, expected);
}

TEST(new_company_test, empty_texts_and_null_stand_for_nothing) {
  auto body = valid();
  for (const auto* field : {"caepf", "cidade", "telefone", "data_renovacao"}) body[field] = "";
  for (const auto* field : {"periodicidade", "tecnico_responsavel"}) body[field] = nullptr;
  const auto read = read_new_company(body.dump());
  ASSERT_TRUE(read) << read.error().detail;
  EXPECT_EQ(read->caepf, std::nullopt);
  EXPECT_EQ(read->cidade, std::nullopt);
  EXPECT_EQ(read->data_renovacao, std::nullopt);
  EXPECT_EQ(read->periodicidade, std::nullopt);
}

TEST(new_company_test, names_the_field_that_is_missing) {
  for (const auto* field : {"razao_social", "nome_fantasia"}) {
    auto body = valid();
    body.erase(field);
    EXPECT_EQ(refusal(body), (error{errc::missing_field, field}));
    EXPECT_EQ(refusal(with(field, "  ")), (error{errc::missing_field, field}));
    EXPECT_EQ(refusal(with(field, nullptr)), (error{errc::invalid_field, field}));
  }
}

TEST(new_company_test, names_the_field_whose_type_is_wrong) {
  const std::vector<std::pair<const char*, json>> wrong{
      {"razao_social", 7},
      {"nome_fantasia", json::array()},
      {"cidade", 7},
      {"cidade", true},
      {"telefone", json::object()},
      {"periodicidade", "30"},
      {"periodicidade", 1.5},
      {"periodicidade", 30.0},
      {"periodicidade", -1},
      {"periodicidade", 36'501},
      {"periodicidade", 18'446'744'073'709'551'615U},
      {"periodicidade", 1e300},
      {"periodicidade", true},
      {"data_renovacao", 20250310},
      {"data_renovacao", "2025-02-29"},
      {"data_renovacao", "10/03/2025"},
      {"data_renovacao", "2025-03-10T00:00:00.000Z"},
      {"data_renovacao", "0000-01-01"},
      {"tecnico_responsavel", "11"},
      {"tecnico_responsavel", 0},
      {"tecnico_responsavel", -3},
      {"tecnico_responsavel", 18'446'744'073'709'551'615U},
      {"unidade_responsavel", 1.5},
      {"unidade_responsavel", json::array({1})},
      {"status", "Ativo"},
      {"status", 1},
      {"status", nullptr},
      {"razao_social", std::string(301, 'a')},
      {"cidade", std::string("a\0b", 3)},
      {"telefone", "1\n2"},
      {"cnpj", 11'222'333'000'181},
      {"caepf", false}};
  for (const auto& [field, value] : wrong) {
    EXPECT_EQ(refusal(with(field, value)), (error{errc::invalid_field, field})) << value;
  }
}

TEST(new_company_test, wants_exactly_one_registration) {
  auto none = valid();
  none.erase("cnpj");
  EXPECT_EQ(refusal(none).code, errc::one_registration);
  EXPECT_EQ(refusal(with("caepf", "123.456.789-09")).code, errc::one_registration);
  none["caepf"] = "123.456.789-09";
  EXPECT_EQ(read_new_company(none.dump())->caepf, "12345678909");
}

TEST(new_company_test, checks_the_digits_of_a_registration) {
  EXPECT_EQ(refusal(with("cnpj", "11222333000182")).code, errc::invalid_cnpj);
  EXPECT_EQ(refusal(with("cnpj", "1")).code, errc::invalid_cnpj);
  auto person = valid();
  person["cnpj"] = nullptr;
  person["caepf"] = "12345678900";
  EXPECT_EQ(refusal(person).code, errc::invalid_caepf);
}

TEST(new_company_test, what_is_no_object_is_invalid_json) {
  for (const std::string& body :
       {std::string(), std::string("{"), std::string("[]"), std::string("null"), std::string("7"),
        std::string("\"x\""), std::string(R"({"a":})"), std::string("{\"a\":\"\xff\"}"),
        std::string(R"({"a":1e999})"), std::string(R"({} {})"), std::string("\xEF\xBB\xBF["),
        std::string(1'000'000, '['), std::string(R"({"a":"\ud800"})"), std::string("{\0}", 3)}) {
    const auto read = read_new_company(body);
    ASSERT_FALSE(read) << body.substr(0, 50);
    EXPECT_EQ(read.error().code, errc::invalid_json) << body.substr(0, 50);
  }
}

TEST(company_patch_test, tells_absent_from_null) {
  const auto patch =
      read_company_patch(R"({"cidade":null,"periodicidade":null,"data_renovacao":null,
                             "tecnico_responsavel":null,"unidade_responsavel":null,"cnpj":null})");
  ASSERT_TRUE(patch);
  EXPECT_EQ(patch->cidade, change<std::string>(std::in_place));
  EXPECT_EQ(patch->periodicidade, change<std::int64_t>(std::in_place));
  EXPECT_EQ(patch->data_renovacao, change<date>(std::in_place));
  EXPECT_EQ(patch->tecnico_responsavel, change<user_id>(std::in_place));
  EXPECT_EQ(patch->unidade_responsavel, change<unit_id>(std::in_place));
  EXPECT_EQ(patch->cnpj, change<std::string>(std::in_place));
  EXPECT_EQ(patch->telefone, std::nullopt);
  EXPECT_EQ(patch->caepf, std::nullopt);
  EXPECT_EQ(patch->razao_social, std::nullopt);
  EXPECT_EQ(patch->active, std::nullopt);
}

TEST(company_patch_test, sets_what_is_given) {
  const auto patch = read_company_patch(
      R"({"razao_social":"A","periodicidade":0,"unidade_responsavel":2,"status":"ativo"})");
  ASSERT_TRUE(patch);
  EXPECT_EQ(patch->razao_social, "A");
  EXPECT_EQ(patch->periodicidade, change<std::int64_t>(0));
  EXPECT_EQ(patch->unidade_responsavel, change<unit_id>(unit_id{2}));
  EXPECT_EQ(patch->active, true);
}

TEST(company_patch_test, an_empty_object_changes_nothing) {
  EXPECT_TRUE(read_company_patch("{}"));
}

TEST(company_patch_test, required_names_cannot_be_cleared) {
  EXPECT_EQ(read_company_patch(R"({"razao_social":null})").error(),
            (error{errc::invalid_field, "razao_social"}));
  EXPECT_EQ(read_company_patch(R"({"nome_fantasia":""})").error(),
            (error{errc::missing_field, "nome_fantasia"}));
}

TEST(task_patch_test, takes_the_four_statuses_and_no_other) {
  for (const auto* status : {"Automático", "pendente", "progress", "concluída"}) {
    EXPECT_EQ(read_task_patch(json{{"status", status}}.dump())->status, status);
  }
  for (const json& status : {json("done"), json(""), json(1), json(json::array())}) {
    EXPECT_EQ(read_task_patch(json{{"status", status}}.dump()).error(),
              (error{errc::invalid_field, "status"}));
  }
}

TEST(task_patch_test, null_and_absent_leave_as_it_is) {
  for (const auto* body : {"{}", R"({"status":null,"usuarioId":null,"setorId":null})"}) {
    const auto patch = read_task_patch(body);
    ASSERT_TRUE(patch);
    EXPECT_EQ(patch->status, std::nullopt);
    EXPECT_EQ(patch->technician, std::nullopt);
    EXPECT_EQ(patch->sector, std::nullopt);
  }
}

TEST(task_patch_test, reads_ids_as_numbers_only) {
  const auto patch = read_task_patch(R"({"usuarioId":11,"setorId":3})");
  ASSERT_TRUE(patch);
  EXPECT_EQ(patch->technician, user_id{11});
  EXPECT_EQ(patch->sector, 3);
  EXPECT_EQ(read_task_patch(R"({"usuarioId":"11"})").error().detail, "usuarioId");
  EXPECT_EQ(read_task_patch(R"({"setorId":0})").error().detail, "setorId");
  EXPECT_EQ(read_task_patch("[").error().code, errc::invalid_json);
}

TEST(priority_test, is_a_whole_number_from_minus_10_to_10) {
  for (const int priority : {-10, -1, 0, 7, 10}) {
    EXPECT_EQ(read_priority(json{{"priority", priority}, {"other", 1}}.dump()), priority);
  }
  const json wrong[] = {-11,       11,        1.5,     5.0,  "5",           "",
                        false,     true,      nullptr, 1e30, json::array(), json::object(),
                        INT64_MIN, UINT64_MAX};
  for (const auto& priority : wrong) {
    const auto read = read_priority(json{{"priority", priority}}.dump());
    ASSERT_FALSE(read) << priority;
    EXPECT_EQ(read.error(), (error{errc::invalid_priority, "-10..10"})) << priority;
  }
}

TEST(priority_test, must_be_there_in_an_object) {
  EXPECT_EQ(read_priority("{}").error(), (error{errc::missing_field, "priority"}));
  EXPECT_EQ(read_priority(R"({"Priority":1})").error(), (error{errc::missing_field, "priority"}));
  for (const auto* body : {"", "5", "[5]", "null", "{\"priority\":1", "priority=1"}) {
    EXPECT_EQ(read_priority(body).error().code, errc::invalid_json) << body;
  }
}

}  // namespace
}  // namespace mutirao::http
