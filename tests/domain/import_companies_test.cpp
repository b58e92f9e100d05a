#include "domain/jobs/import_companies.hpp"

#include <gtest/gtest.h>

#include "domain/packed_text.hpp"
#include "tests/domain/today.hpp"
#include "tests/support/empty_directory.hpp"

namespace mutirao {
namespace {

const caller member{{7}, false, {{1}, {2}}};

/// Lines from 2 on, cells divided by commas; a line "?" is broken.
expected<text_table> read_plainly(std::string_view text) {
  text_table table;
  std::size_t line = 0;
  while (!text.empty()) {
    auto rest = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), rest.size() + 1));
    text_row row{++line, {}, rest == "?" ? row_problem::stray_quote : row_problem::none};
    for (;;) {
      const auto cell = rest.substr(0, rest.find(','));
      row.cells.emplace_back(cell);
      if (cell.size() == rest.size()) break;
      rest.remove_prefix(cell.size() + 1);
    }
    if (line == 1) {
      table.columns = row.cells;
    } else {
      table.rows.push_back(row);
    }
  }
  return table;
}

class stored_payload final : public testing::empty_directory {
 public:
  explicit stored_payload(const job_payload& all) : all_(all) {}
  expected<std::vector<payload_chunk>> payload(item_id, item_id) override { return all_.chunks; }

 private:
  const job_payload& all_;
};

const import_companies type{read_plainly};

expected<job_request> asked(argument_reader given, const caller& by = member) {
  return type.validate(given, by, today);
}

std::vector<item_plan> planned(const argument_reader& given, const caller& by = member) {
  const auto request = asked(given, by).value();
  stored_payload directory(*request.payload);
  return type.plan(directory, request.arguments, request.payload->items).value();
}

const std::string header = "cnpj,razao_social,nome_fantasia,data_renovacao,unidade_responsavel\n";

TEST(ImportCompanies, EachLineIsAnItemAndACompany) {
  const auto plans = planned({{"csv", header + "11.222.333/0001-81,Padaria Sol,Sol,2020-05-10,2\n"
                                               "11444777000161,Padaria Lua,Lua,,\n"},
                              {"unit", "1"}});
  ASSERT_EQ(plans.size(), 2U);
  EXPECT_EQ(plans[0].item, item_id{2});
  EXPECT_EQ(plans[0].state, item_state::done) << plans[0].error;
  ASSERT_TRUE(plans[0].new_company);
  EXPECT_EQ(plans[0].new_company->cnpj, "11222333000181");
  EXPECT_EQ(plans[0].new_company->razao_social, "Padaria Sol");
  EXPECT_EQ(plans[0].new_company->unidade_responsavel, unit_id{2});
  EXPECT_EQ(plans[0].new_company->data_renovacao, parse_date("2020-05-10"));
  EXPECT_TRUE(plans[0].tasks.empty());
  EXPECT_EQ(plans[0].counted(), 1U);
  EXPECT_EQ(plans[1].item, item_id{3});
  EXPECT_EQ(plans[1].new_company->unidade_responsavel, unit_id{1});
  EXPECT_FALSE(plans[1].new_company->data_renovacao);
}

TEST(ImportCompanies, WithGenerateTheTasksComeAlong) {
  const auto plans = planned({{"csv", header + "11222333000181,Sol,Sol,2020-05-10,1\n"},
                              {"generate", "true"},
                              {"futureYears", "1"}});
  ASSERT_EQ(plans[0].tasks.size(), 2U);
  EXPECT_EQ(plans[0].tasks[0].company, company_id{0}) << "known at the commit only";
  EXPECT_EQ(plans[0].tasks[0].unit, unit_id{1});
  EXPECT_EQ(format_date(plans[0].tasks[1].due), "2027-05-10");
  EXPECT_EQ(plans[0].counted(), 1U) << "companies count, not their tasks";
}

TEST(ImportCompanies, ABadLineSaysWhyAndCostsNoOther) {
  const auto plans = planned({{"csv", header + "11222333000182,Sol,Sol,,1\n"
                                               ",Sol,Sol,,1\n"
                                               "11222333000181,,Sol,,1\n"
                                               "11222333000181,Sol,Sol,10/05/2020,1\n"
                                               "?\n"
                                               "11222333000181,Sol,Sol,,9\n"
                                               "11222333000181,Sol,Sol,,x\n"
                                               "11222333000181,Sol,Sol,,1\n"}});
  const std::vector<std::string> reasons{
      "CNPJ inválido: 11222333000182",
      "Informe CNPJ ou CAEPF, exatamente um dos dois.",
      "Razão social: campo obrigatório.",
      "Data de renovação: use AAAA-MM-DD, de um dia que existe (10/05/2020)",
      "Linha ilegível: confira as aspas e o número de colunas.",
      "Sem acesso à unidade 9.",
      "Unidade responsável: use o número da unidade (x)",
      ""};
  ASSERT_EQ(plans.size(), reasons.size());
  for (std::size_t i = 0; i < reasons.size(); ++i) {
    EXPECT_EQ(plans[i].error, reasons[i]);
    EXPECT_EQ(plans[i].state, reasons[i].empty() ? item_state::done : item_state::failed);
    EXPECT_EQ(plans[i].new_company != nullptr, reasons[i].empty());
  }
}

TEST(ImportCompanies, RightsAreThoseOfTheRequest) {
  const argument_reader given{{"csv", header + "11222333000181,Sol,Sol,,9\n"}};
  EXPECT_EQ(planned(given)[0].state, item_state::failed);
  EXPECT_EQ(planned(given, {{1}, true, {}})[0].state, item_state::done);
  EXPECT_EQ(planned(given, {{8}, false, {{3}, {9}}})[0].state, item_state::done);
  EXPECT_EQ(planned(given, {{8}, false, {}})[0].state, item_state::failed);
}

TEST(ImportCompanies, WithoutUnitItIsForAdmins) {
  const argument_reader given{{"csv", header + "11222333000181,Sol,Sol,,\n"}};
  EXPECT_EQ(planned(given)[0].error,
            "Unidade responsável: campo obrigatório; só administradores têm empresas sem unidade.");
  EXPECT_EQ(planned(given, {{1}, true, {}})[0].state, item_state::done);
}

TEST(ImportCompanies, ColumnsAreCheckedAtTheRequest) {
  EXPECT_EQ(asked({{"csv", "cnpj,razao_social,nome_fantasia,cor\n"}}).error(),
            (error{errc::unknown_column, "cor"}));
  EXPECT_EQ(asked({{"csv", "id,cnpj,razao_social,nome_fantasia\n"}}).error(),
            (error{errc::unknown_column, "id"}));
  EXPECT_EQ(asked({{"csv", "cnpj,nome_fantasia\n"}}).error(),
            (error{errc::missing_field, "razao_social"}));
  EXPECT_EQ(asked({}).error(), (error{errc::missing_field, "csv"}));
  EXPECT_EQ(asked({{"csv", header}, {"unit", "x"}}).error(), (error{errc::invalid_id, "x"}));
  EXPECT_EQ(asked({{"csv", header}, {"generate", "yes"}}).error(),
            (error{errc::invalid_field, "generate"}));
  EXPECT_EQ(asked({{"csv", header}, {"futureYears", "6"}}).error(),
            (error{errc::invalid_future_years, "6"}));
}

TEST(ImportCompanies, AHundredThousandLinesAreTakenAndNotOneMore) {
  std::string csv = header;
  for (std::size_t i = 0; i < import_companies::most_rows; ++i) csv += "a,b,c\n";
  const auto request = asked({{"csv", csv}});
  ASSERT_TRUE(request);
  EXPECT_EQ(request->payload->items.size(), import_companies::most_rows);
  EXPECT_EQ(request->payload->items.back(), item_id{100'001});
  EXPECT_EQ(request->payload->chunks.size(), 400U);
  EXPECT_EQ(asked({{"csv", csv + "a,b,c\n"}}).error(), (error{errc::too_many_rows, "100000"}));
}

TEST(ImportCompanies, EqualRequestsAreEqualWhateverTheDayAndOthersAreNot) {
  const argument_reader given{{"csv", header + "1,2,3\n"}};
  const auto one = asked(given)->arguments;
  const auto next_day = type.validate(given, member, today + std::chrono::days(1))->arguments;
  EXPECT_EQ(one.request, next_day.request);
  EXPECT_NE(one.text, next_day.text);
  EXPECT_NE(one.request, asked({{"csv", header + "1,2,4\n"}})->arguments.request);
}

TEST(ImportCompanies, ABatchFindsItsLinesInTheirChunksAndMissesNone) {
  std::string csv = header;
  for (int i = 0; i < 600; ++i) csv += "bad,n" + std::to_string(i) + ",n,,1\n";
  const auto request = asked({{"csv", csv}}).value();
  stored_payload directory(*request.payload);
  const std::vector<item_id> some{{2}, {251}, {252}, {601}, {900}};
  const auto plans = type.plan(directory, request.arguments, some).value();
  ASSERT_EQ(plans.size(), some.size());
  for (std::size_t i = 0; i < some.size(); ++i) EXPECT_EQ(plans[i].item, some[i]);
  EXPECT_EQ(plans[3].error, "CNPJ inválido: bad");
  EXPECT_EQ(plans[4].error, "Linha não encontrada.");
}

TEST(ImportCompanies, TellsItsOwnerHowManyAndHowManyNot) {
  const auto arguments = asked({{"csv", header}, {"unit", "1"}})->arguments;
  const auto good = type.conclude(arguments, {10, 10, 7, 3, 0}, notice::success);
  EXPECT_EQ(good.type, "companies-imported");
  EXPECT_EQ(good.body, "7 empresas foram importadas de 10 linhas; 3 linhas com erro.");
  EXPECT_EQ(good.entity_id, 1);
  EXPECT_EQ(type.conclude(arguments, {2, 2, 1, 1, 0}, notice::success).body,
            "1 empresa foi importada de 2 linhas; 1 linha com erro.");
  EXPECT_EQ(type.conclude(arguments, {}, notice::failure).type, "companies-import-error");
}

TEST(PackedText, ComesOutAsItWentInAndRubbishGivesNothing) {
  std::string packed;
  pack(packed, std::string_view("a:b\n"));
  pack(packed, std::string_view());
  pack(packed, std::int64_t{-12});
  unpacker from(packed);
  EXPECT_EQ(from.text(), "a:b\n");
  EXPECT_EQ(from.text(), "");
  EXPECT_FALSE(from.at_end());
  EXPECT_EQ(from.number(), -12);
  EXPECT_TRUE(from.at_end());
  EXPECT_FALSE(from.text());
  for (const auto* rubbish : {"5:abc", "x", "3", "-1:a", "99999999999999999999:a", ":a"}) {
    EXPECT_FALSE(unpacker(rubbish).text()) << rubbish;
  }
  EXPECT_FALSE(unpacker("1:x").number());
}

}  // namespace
}  // namespace mutirao
