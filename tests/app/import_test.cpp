#include <gtest/gtest.h>

#include "app/import/reading.hpp"
#include "app/job_types.hpp"
#include "http/import_texts.hpp"
#include "storage/open.hpp"
#include "tests/app/program_call.hpp"
#include "tests/support/temporary_folder.hpp"

namespace mutirao::app {
namespace {

import_reading read(std::string_view text, const stored_keys& stored = {{{1, "Matriz"}}, {}, {}},
                    const import_terms& terms = operator_terms()) {
  auto reading = read_import(text, stored, terms);
  EXPECT_TRUE(reading) << reading.error().detail;
  return reading.value_or(import_reading{});
}

std::string import_refusal(std::string_view text) {
  const auto reading = read_import(text, {}, operator_terms());
  return reading ? "" : explain_refusal(reading.error());
}

using problems = std::vector<std::string>;

problems problems_of(const import_reading& reading) {
  problems all;
  for (const auto& row : reading.bad) {
    all.push_back((row.part.empty() ? "line" : row.part) + " " + std::to_string(row.number) + ": " +
                  http::row_message(row, http::language::english));
  }
  return all;
}

TEST(Import, ACompanyHasEveryField) {
  const import_reading reading = read(
      "id;cnpj;caepf;razao_social;nome_fantasia;cidade;telefone;periodicidade;data_renovacao;"
      "tecnico_responsavel;unidade_responsavel;status\r\n"
      "5;11.222.333/0001-81;;\"Aço; Cia\";Aço;São Paulo;(11) 3;90;2025-03-01;7;1;inativo\r\n");
  EXPECT_EQ(problems_of(reading), problems{});
  ASSERT_EQ(reading.rows.companies.size(), 1U);
  company wanted;
  wanted.id = company_id{5};
  wanted.cnpj = "11222333000181";
  wanted.razao_social = "Aço; Cia";
  wanted.nome_fantasia = "Aço";
  wanted.cidade = "São Paulo";
  wanted.telefone = "(11) 3";
  wanted.periodicidade = 90;
  wanted.data_renovacao = parse_date("2025-03-01");
  wanted.tecnico_responsavel = user_id{7};
  wanted.unidade_responsavel = unit_id{1};
  wanted.active = false;
  EXPECT_EQ(reading.rows.companies[0], wanted);
}

TEST(Import, EachBadLineIsNamedWithWhatWasWrong) {
  const import_reading reading = read(
      "id,cnpj,caepf,razao_social,nome_fantasia,periodicidade,data_renovacao,status\n"
      "1,11222333000181,,A,A,90,2025-03-01,ativo\n"
      "2,11222333000182,,A,A,,,\n"
      "3,,,A,A,,,\n"
      "4,11222333000181,52998224725,A,A,,,\n"
      "5,12ABC34501DE35,,,A,,,\n"
      "6,12ABC34501DE35,,A,A,1.5,,\n"
      "7,12ABC34501DE35,,A,A,,2025-02-29,\n"
      "8,12ABC34501DE35,,A,A,,,talvez\n"
      "x,12ABC34501DE35,,A,A,,,\n"
      "1,12ABC34501DE35,,A,A,,,\n"
      "9,11222333000181,,A,A,,,\n"
      "10,,52998224726,A,A,,,\n"
      "11,12ABC34501DE35,,A,A,,,\n");
  EXPECT_EQ(problems_of(reading),
            (problems{
                "line 3: cnpj is not valid (14 characters with right check digits)",
                "line 4: cnpj or caepf is needed, exactly one of them",
                "line 5: cnpj or caepf is needed, exactly one of them",
                "line 6: razao_social is missing",
                "line 7: periodicidade is not valid: use days, 0 to 36500",
                "line 8: data_renovacao is not valid: use YYYY-MM-DD, of a day that there is",
                "line 9: status is not valid: use ativo or inativo",
                "line 10: id is not valid",
                "line 11: id 1 is taken",
                "line 12: 11222333000181 stands further up in this file",
                "line 13: caepf is not valid (14 digits, or the 11 of a CPF, with right check "
                "digits)",
            }));
  ASSERT_EQ(reading.rows.companies.size(), 2U);
  EXPECT_EQ(reading.rows.companies[1].id, company_id{11});
}

TEST(Import, WhatIsStoredAlreadyIsAClash) {
  const stored_keys stored{{{1, "Matriz"}}, {5}, {"11222333000181"}};
  const import_reading reading =
      read("id,cnpj,razao_social,nome_fantasia\n5,12ABC34501DE35,A,A\n,11.222.333/0001-81,A,A\n",
           stored);
  EXPECT_EQ(problems_of(reading),
            (problems{"line 2: id 5 is taken", "line 3: 11222333000181 is registered already"}));
}

TEST(Import, AUnitMustBeStoredOrNamed) {
  const import_reading reading = read(
      "cnpj,razao_social,nome_fantasia,unidade_responsavel,unidade_nome\n"
      "11222333000181,A,A,1,\n"
      "12ABC34501DE35,A,A,2,\n"
      "12ABC34501DE35,A,A,3,Sul\n");
  ASSERT_EQ(reading.bad.size(), 1U);
  EXPECT_EQ(problems_of(reading)[0].substr(0, 31), "line 3: unit 2 is not stored; i");
  EXPECT_EQ(reading.rows.units, (std::vector<named_unit>{{unit_id{3}, "Sul"}}));
  EXPECT_EQ(reading.rows.companies.size(), 2U);
}

TEST(Import, NamedIdsComeBeforeNewOnes) {
  const import_reading reading =
      read("id,cnpj,razao_social,nome_fantasia\n,11222333000181,A,A\n1,12ABC34501DE35,B,B\n");
  ASSERT_EQ(reading.rows.companies.size(), 2U);
  EXPECT_EQ(reading.rows.companies[0].id, company_id{1});
  EXPECT_EQ(reading.rows.companies[1].id, company_id{0});
}

TEST(Import, UnitsAndUsersHaveFilesOfTheirOwn) {
  const import_reading units = read("id,nome\n2,Sul\n1,Matriz\n1,Outra\n0,X\n3,\n2,Sul\n");
  EXPECT_EQ(units.rows.units, (std::vector<named_unit>{{unit_id{2}, "Sul"}}));
  EXPECT_EQ(problems_of(units), (problems{"line 4: the unit exists already, as \"Matriz\"",
                                          "line 5: id is not valid", "line 6: nome is missing"}));
  const import_reading users = read("id,nome,sobrenome,email\n7,Ana,Souza,a@b\n7,B,C,d\n");
  ASSERT_EQ(users.rows.users.size(), 1U);
  EXPECT_EQ(users.rows.users[0].surname, "Souza");
  EXPECT_EQ(problems_of(users), problems{"line 3: 7 stands further up in this file"});
}

TEST(Import, JsonHoldsEveryKindOfRow) {
  const import_reading reading = read(R"({"unidades": [{"id": 2, "nome": "Sul"}],
    "usuarios": [{"id": 7, "nome": "Ana", "sobrenome": "Souza", "email": "a@b"}],
    "empresas": [{"id": 9, "cnpj": "11222333000181", "razao_social": "A", "nome_fantasia": "A",
                  "periodicidade": 30, "unidade_responsavel": 2, "other": true},
                 {"razao_social": "B"}, 5]})");
  EXPECT_EQ(reading.rows.units.size(), 1U);
  EXPECT_EQ(reading.rows.users.size(), 1U);
  ASSERT_EQ(reading.rows.companies.size(), 1U);
  EXPECT_EQ(reading.rows.companies[0].periodicidade, 30);
  EXPECT_EQ(problems_of(reading),
            (problems{"empresas 2: nome_fantasia is missing", "empresas 3: not an object"}));
}

TEST(Import, JsonThatIsNestedWithoutEndIsRefused) {
  const auto nested = [](std::size_t depth) {
    return R"({"empresas": [{"cnpj": "12ABC34501DE35", "razao_social": "A", "nome_fantasia": "B",)"
           R"("x": )" +
           std::string(depth, '[') + std::string(depth, ']') + "}]}";
  };
  EXPECT_EQ(read(nested(10)).rows.companies.size(), 1U) << "a field that is not ours";
  EXPECT_EQ(import_refusal(nested(20)), "JSON is nested too deep");
  EXPECT_EQ(import_refusal(nested(1'000'000)), "JSON is nested too deep");
}

TEST(Import, AByteOrderMarkIsWholeOrNone) {
  EXPECT_EQ(read("\xEF\xBB\xBF {\"unidades\": [{\"id\": 2, \"nome\": \"B\"}]}").rows.units.size(),
            1U);
  EXPECT_EQ(import_refusal("\xEF{\"unidades\": []}").substr(0, 21), "line 1: not UTF-8; sa");
}

TEST(Import, AFileThatIsNeitherIsRefused) {
  EXPECT_EQ(import_refusal(""), "the file is empty");
  EXPECT_EQ(import_refusal("{\"unidades\": [}"), "neither JSON nor CSV");
  EXPECT_EQ(import_refusal("{\"companies\": []}"), "no unidades, usuarios or empresas in it");
  EXPECT_EQ(import_refusal("{\"empresas\": {}}"), "empresas is no array");
  EXPECT_EQ(import_refusal("razao_social,cidde\n").substr(0, 32),
            "line 1: unknown column \"cidde\"; ");
  EXPECT_EQ(import_refusal("foo\n").substr(0, 30), "line 1: unknown column \"foo\"; ");
}

TEST(Import, ARowSaysWhichFieldAndWhatStoodThere) {
  const auto reading = read(
      "cnpj,razao_social,nome_fantasia,data_renovacao\n"
      "11.222.333/0001-82,A,A,\n12ABC34501DE35,A,A,2026-02-31\n12ABC34501DE35,,A,\n");
  ASSERT_EQ(reading.bad.size(), 3U);
  EXPECT_EQ(reading.bad[0].field, "cnpj");
  EXPECT_EQ(reading.bad[0].value, "11.222.333/0001-82");
  EXPECT_EQ(reading.bad[1].field, "data_renovacao");
  EXPECT_EQ(reading.bad[1].value, "2026-02-31");
  EXPECT_EQ(http::row_message(reading.bad[1], http::language::portuguese),
            "Data de renovação: use AAAA-MM-DD, de um dia que existe");
  EXPECT_EQ(reading.bad[2].field, "razao_social");
  EXPECT_EQ(reading.total, 3U);
}

import_terms terms_of(std::vector<unit_id> units, std::optional<unit_id> usual = {}) {
  import_terms terms;
  terms.by = {{7}, false, std::move(units)};
  terms.unit = usual;
  return terms;
}

TEST(Import, SomebodyWhoIsNoAdminBringsCompaniesOfTheirUnitsAlone) {
  const stored_keys stored{{{1, "Matriz"}, {2, "Sul"}}, {}, {}};
  const char* const rows =
      "cnpj,razao_social,nome_fantasia,unidade_responsavel,unidade_nome\n"
      "11222333000181,A,A,1,\n"
      "12ABC34501DE35,A,A,2,\n"
      "12ABC34501DE35,A,A,,\n"
      "12ABC34501DE35,A,A,3,Nova\n";
  const auto reading = read(rows, stored, terms_of({{1}, {3}}));
  EXPECT_EQ(reading.rows.companies.size(), 1U);
  EXPECT_TRUE(reading.rows.units.empty());
  std::vector<row_fault> faults;
  for (const auto& row : reading.bad) faults.push_back(row.why);
  EXPECT_EQ(faults, (std::vector<row_fault>{row_fault::foreign_unit, row_fault::no_unit,
                                            row_fault::unknown_unit}));
  const auto placed = read("cnpj,razao_social,nome_fantasia\n11222333000181,A,A\n", stored,
                           terms_of({{1}}, unit_id{1}));
  ASSERT_EQ(placed.rows.companies.size(), 1U);
  EXPECT_EQ(placed.rows.companies[0].unidade_responsavel, unit_id{1});
  EXPECT_EQ(read("id,nome\n5,Nova\n", stored, terms_of({{1}})).bad.at(0).why,
            row_fault::admins_only);
  EXPECT_EQ(read("id,nome,sobrenome\n5,B,C\n", stored, terms_of({{1}})).bad.at(0).why,
            row_fault::admins_only);
}

TEST(Import, AsAJobOnlyCompaniesOfACsvAreRead) {
  auto terms = operator_terms();
  terms.as_job = true;
  const auto refused = [&](std::string_view text) {
    const auto reading = read_import(text, {}, terms);
    return reading ? errc::internal : reading.error().code;
  };
  EXPECT_EQ(refused("id,cnpj,razao_social,nome_fantasia\n"), errc::unknown_column);
  EXPECT_EQ(refused("cnpj,razao_social,nome_fantasia,unidade_nome\n"), errc::unknown_column);
  EXPECT_EQ(refused("cnpj,razao_social\n"), errc::missing_field);
  EXPECT_EQ(refused("id,nome\n1,Nova\n"), errc::unknown_column);
  EXPECT_EQ(refused(R"({"empresas":[]})"), errc::invalid_csv);
  const auto reading = read("cnpj,razao_social,nome_fantasia\n11222333000181,A,A\n", {}, terms);
  EXPECT_EQ(reading.rows.companies.size(), 1U);
}

TEST(Import, MoreRowsThanMayBeAreRefused) {
  auto terms = operator_terms();
  terms.most_rows = 2;
  EXPECT_TRUE(read_import("id,nome\n1,A\n2,B\n", {}, terms));
  EXPECT_EQ(read_import("id,nome\n1,A\n2,B\n3,C\n", {}, terms).error().code, errc::too_many_rows);
  EXPECT_EQ(read_import(R"({"unidades":[1,2],"empresas":[3]})", {}, terms).error().code,
            errc::too_many_rows);
}

TEST(Import, JsonOfMillionsOfValuesIsRefused) {
  std::string text = R"({"empresas":[)";
  for (int i = 0; i < 4'000'000; ++i) text += "0,";
  EXPECT_EQ(import_refusal(text + "0]}"), "JSON holds too many values");
}

class ImportCommand : public ::testing::Test {
 protected:
  std::string url() const { return "sqlite:" + (folder_ / "a.db").string(); }

  program_call import(const std::string& text, std::vector<std::string> flags = {}) {
    flags.insert(flags.begin(),
                 {"import", write_file((folder_ / "in.csv").string(), text), "--database", url()});
    return call(flags);
  }

  std::vector<company_row> stored() {
    const job_types types = registered_job_types();
    const auto database = storage::open_database(url(), types);
    const auto reader = (*database)->reader();
    list_companies all;
    all.by.admin = true;
    return (*reader)->read(all)->companies.rows;
  }

  const std::string header_ =
      "id,cnpj,razao_social,nome_fantasia,unidade_responsavel,unidade_nome\n";
  const std::string good_ = header_ + "5,11222333000181,A,A,3,Sul\n,12ABC34501DE35,B,B,3,Sul\n";
  testing::temporary_folder folder_;
};

TEST_F(ImportCommand, StoresRowsWithTheirIds) {
  const program_call done = import(good_);
  EXPECT_EQ(done.code, 0) << done.err;
  EXPECT_EQ(done.out, "stored 1 units, 0 users and 2 companies; skipped 0 bad rows\n");
  const auto rows = stored();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].data.id, company_id{5});
  EXPECT_EQ(rows[0].unit_name, "Sul");
  EXPECT_EQ(rows[1].data.id, company_id{6});
}

TEST_F(ImportCommand, OneBadRowStoresNothing) {
  const program_call done = import(good_ + "7,123,C,C,,\n");
  EXPECT_EQ(done.code, 1);
  EXPECT_EQ(done.out, "");
  EXPECT_NE(done.err.find("in.csv: line 4: cnpj is not valid"), std::string::npos);
  EXPECT_NE(done.err.find("--skip-bad"), std::string::npos);
  EXPECT_TRUE(stored().empty());
}

TEST_F(ImportCommand, SkipBadStoresTheGoodRows) {
  const program_call done = import(good_ + "7,123,C,C,,\n", {"--skip-bad"});
  EXPECT_EQ(done.code, 0);
  EXPECT_EQ(done.out, "stored 1 units, 0 users and 2 companies; skipped 1 bad rows\n");
  EXPECT_NE(done.err.find("in.csv: line 4: cnpj is not valid"), std::string::npos);
  EXPECT_EQ(stored().size(), 2U);
}

TEST_F(ImportCommand, ASecondTimeEveryRowClashes) {
  EXPECT_EQ(import(good_).code, 0);
  const program_call again = import(good_);
  EXPECT_EQ(again.code, 1);
  EXPECT_NE(again.err.find("line 2: id 5 is taken"), std::string::npos);
  EXPECT_EQ(stored().size(), 2U);
}

TEST_F(ImportCommand, AFileThatIsNotThereIsAFailure) {
  const program_call done = call({"import", "/nowhere/in.csv", "--database", url()});
  EXPECT_EQ(done.code, 1);
  EXPECT_EQ(done.err, "mutirao import: cannot read \"/nowhere/in.csv\"\n");
}

TEST_F(ImportCommand, AFolderIsAFailure) {
  const program_call done = call({"import", "/tmp", "--database", url()});
  EXPECT_EQ(done.code, 1);
  EXPECT_EQ(done.err, "mutirao import: \"/tmp\" is a folder; name a CSV or JSON file\n");
}

TEST_F(ImportCommand, MigrateSaysWhatItDid) {
  const program_call first = call({"migrate", "--database", url()});
  EXPECT_EQ(first.code, 0) << first.err;
  EXPECT_EQ(first.out.substr(0, 8), "applied ");
  const program_call second = call({"migrate", "--database", url()});
  EXPECT_EQ(second.code, 0);
  EXPECT_EQ(second.out.substr(0, 22), "nothing to do: schema ");
}

}  // namespace
}  // namespace mutirao::app
