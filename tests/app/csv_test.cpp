#include "app/import/csv.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <map>

#include "app/import/utf8.hpp"
#include "app/job_types.hpp"
#include "domain/jobs/import_companies.hpp"

namespace mutirao::app {
namespace {

using named_cells = std::map<std::string, std::string, std::less<>>;

struct named_row {
  std::size_t line = 0;
  named_cells cells;  // by column; empty ones are not in it
  row_problem problem = row_problem::none;
};
struct named_table {
  std::vector<std::string> columns;
  std::vector<named_row> rows;
};

named_table read(std::string_view text) {
  const auto split = split_csv(text);
  EXPECT_TRUE(split) << split.error().detail;
  named_table table;
  if (!split) return table;
  table.columns = split->columns;
  for (const auto& row : split->rows) {
    auto& named = table.rows.emplace_back(named_row{row.line, {}, row.problem});
    for (std::size_t i = 0; i < row.cells.size(); ++i) {
      if (!row.cells[i].empty()) named.cells.emplace(table.columns.at(i), row.cells[i]);
    }
  }
  return table;
}

std::string csv_refusal(std::string_view text) {
  const auto table = split_csv(text);
  return table ? "" : table.error().detail;
}

TEST(Csv, CellsAreNamedByTheHeader) {
  const named_table table = read("id,nome\n1,Matriz\n2,Filial\n");
  EXPECT_EQ(table.columns, (std::vector<std::string>{"id", "nome"}));
  ASSERT_EQ(table.rows.size(), 2U);
  EXPECT_EQ(table.rows[0].cells, (named_cells{{"id", "1"}, {"nome", "Matriz"}}));
  EXPECT_EQ(table.rows[0].line, 2U);
  EXPECT_EQ(table.rows[1].line, 3U);
}

TEST(Csv, ByteOrderMarkLineEndsAndSemicolonsAreTaken) {
  const named_table plain = read("id,nome\n1,A\n");
  for (const char* text : {"\xEF\xBB\xBFid,nome\n1,A\n", "id,nome\r\n1,A\r\n", "id;nome\r\n1;A",
                           "id , nome\n 1 , A \n", "\nid,nome\n\n\n1,A\n\n"}) {
    const named_table table = read(text);
    EXPECT_EQ(table.columns, plain.columns) << text;
    ASSERT_EQ(table.rows.size(), 1U) << text;
    EXPECT_EQ(table.rows[0].cells, plain.rows[0].cells) << text;
  }
}

TEST(Csv, QuotedCellsHoldSeparatorsQuotesAndLineEnds) {
  const named_table table = read("id,nome\n1,\"A, \"\"B\"\" Ltda\"\n2,\"two\n\nlines\"\n3,C\n");
  ASSERT_EQ(table.rows.size(), 3U);
  EXPECT_EQ(table.rows[0].cells.at("nome"), "A, \"B\" Ltda");
  EXPECT_EQ(table.rows[1].cells.at("nome"), "two\n\nlines");
  EXPECT_EQ(table.rows[1].line, 3U);
  EXPECT_EQ(table.rows[2].line, 6U);
}

TEST(Csv, ALoneCarriageReturnIsNoLineEnd) {
  const named_table table = read("id,nome\n1,Mi\rzart\r\n2,\"B\"\r\n");
  ASSERT_EQ(table.rows.size(), 2U);
  EXPECT_EQ(table.rows[0].cells.at("nome"), "Mi\rzart") << "what reads it refuses the character";
  EXPECT_EQ(table.rows[1].cells.at("nome"), "B");
  EXPECT_EQ(table.rows[1].line, 3U);
}

TEST(Csv, EmptyAndMissingCellsAreAbsent) {
  const named_table table = read("a,b,c\n1,,3\n1\n");
  EXPECT_EQ(table.rows[0].cells, (named_cells{{"a", "1"}, {"c", "3"}}));
  EXPECT_EQ(table.rows[1].cells, (named_cells{{"a", "1"}}));
}

TEST(Csv, ARowWithWrongQuotesCostsOnlyItself) {
  const named_table table = read("id,nome\n1,A\n2,B\"x\"\n3,C\n");
  ASSERT_EQ(table.rows.size(), 3U);
  EXPECT_EQ(table.rows[1].line, 3U);
  EXPECT_EQ(table.rows[1].problem, row_problem::stray_quote);
  EXPECT_TRUE(table.rows[1].cells.empty());
  EXPECT_EQ(table.rows[2].cells, (named_cells{{"id", "3"}, {"nome", "C"}}));
  EXPECT_EQ(table.rows[2].line, 4U);
}

TEST(Csv, AQuoteThatDoesNotEndIsAProblemOfItsRow) {
  const named_table table = read("id,nome\n1,A\n2,\"B\n3,C\n");
  ASSERT_EQ(table.rows.size(), 2U);
  EXPECT_EQ(table.rows[1].line, 3U);
  EXPECT_EQ(table.rows[1].problem, row_problem::open_quote);
}

TEST(Csv, MoreCellsThanColumnsIsAProblem) {
  const auto table = read("a,b\n1,2,3\n1,2\n");
  ASSERT_EQ(table.rows.size(), 2U);
  EXPECT_EQ(table.rows[0].problem, row_problem::too_wide);
  EXPECT_TRUE(table.rows[0].cells.empty());
  EXPECT_EQ(table.rows[1].problem, row_problem::none) << "it costs only itself";
}

TEST(Csv, ColumnsAreNamedAsPeopleNameThem) {
  const auto columns = read(
                           "CNPJ;Razão Social; NOME FANTASIA ;data-de-renovação;Te\xCC\x81"
                           "cnico_"
                           "Responsável;Períodicidade\n")
                           .columns;
  EXPECT_EQ(columns,
            (std::vector<std::string>{"cnpj", "razao_social", "nome_fantasia", "data_renovacao",
                                      "tecnico_responsavel", "periodicidade"}));
  EXPECT_EQ(read("preço ×,日本\n").columns, (std::vector<std::string>{"preco_×", "日本"}));
  EXPECT_NE(csv_refusal("cnpj,CNPJ\n").find("stands twice"), std::string::npos);
}

TEST(Csv, CellsOutOfASpreadsheetHaveTabsBetweenThem) {
  const named_table table = read("cnpj\tnome\tcidade\r\n1\tA; B, C\t\r\n\tD\tE\r\n");
  ASSERT_EQ(table.rows.size(), 2U);
  EXPECT_EQ(table.rows[0].cells, (named_cells{{"cnpj", "1"}, {"nome", "A; B, C"}}));
  EXPECT_EQ(table.rows[1].cells, (named_cells{{"nome", "D"}, {"cidade", "E"}}));
}

TEST(Csv, OneRowMoreThanMayBeSaysThatThereWereMore) {
  const auto rows = [](std::size_t most) {
    return split_csv("a\n1\n2\n3\n4\n", {.rows = most})->rows.size();
  };
  EXPECT_EQ(rows(4), 4U);
  EXPECT_EQ(rows(3), 4U);
  EXPECT_EQ(rows(2), 3U);
  EXPECT_EQ(rows(0), 1U);
}

#if defined(__SANITIZE_ADDRESS__)
constexpr bool keeps_what_was_freed = true;
#else
constexpr bool keeps_what_was_freed = false;
#endif

/// The most that this process has had, in MiB.
long peak() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  return used.ru_maxrss / 1024;
}

/// 15 MiB each: cells that were kept would take hundreds.
std::vector<std::string> endless_texts() {
  constexpr std::size_t size = 15'000'000;
  std::string short_rows = "razao_social,nome_fantasia\n";
  while (short_rows.size() < size) short_rows += "a\n";
  return {std::string(size, ','), "razao_social,nome_fantasia\n" + std::string(size, ',') + "\n",
          "razao_social,nome_fantasia\n" + std::string(size, ';'), std::move(short_rows)};
}

TEST(Csv, WhatIsTooWideOrTooLongIsNotKept) {
  const auto texts = endless_texts();
  const auto types = registered_job_types();
  const auto& type = *types.find(import_companies::name);
  const caller by{{1}, true, {}};
  const auto before = peak();
  EXPECT_EQ(csv_refusal(texts[0]), "line 1: more than 256 columns");
  EXPECT_EQ(read(texts[1]).rows.at(0).problem, row_problem::too_wide);
  for (const auto& text : texts) {
    const auto made = type.validate({{"csv", text}}, by, date{});
    EXPECT_TRUE(made || made.error().code != errc::internal);
  }
  EXPECT_EQ(type.validate({{"csv", texts[3]}}, by, date{}).error().code, errc::too_many_rows);
  EXPECT_TRUE(keeps_what_was_freed || peak() - before < 150) << peak() - before << " MB";
}

TEST(Csv, ColumnNamesStayWhenTheyAreReadAgain) {
  const std::vector<std::string> name{"data_renovacao"};
  EXPECT_EQ(read("Data de Renovação -\n1\n").columns, name);
  EXPECT_EQ(read("Data de de Renovação\n1\n").columns, name);
  EXPECT_EQ(read("data_renovacao\n1\n").columns, name);
}

TEST(Csv, WhatIsNoTableIsRefused) {
  EXPECT_EQ(csv_refusal(""), "no header row");
  EXPECT_EQ(csv_refusal("\n\n"), "no header row");
  EXPECT_EQ(csv_refusal("a,a\n"), "line 1: column \"a\" stands twice");
  EXPECT_EQ(csv_refusal("a,,b\n"), "line 1: column \"\" has no name");
  EXPECT_EQ(csv_refusal("a,b\n1,S\xE3o\n"), "line 2: not UTF-8; save the file as \"CSV UTF-8\"");
}

TEST(Utf8, OnlyUtf8IsTaken) {
  for (const std::string_view text : {"", "a", "ã", "€", "😀", "\xF4\x8F\xBF\xBF", "\xEE\x80\x80"}) {
    EXPECT_EQ(first_line_not_utf8(text), std::nullopt) << text;
  }
  for (const std::string_view text :
       {"\x80", "\xC0\xAF", "\xC3", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xFF",
        "\xE2\x82", "\xE2\x28\xA1", "\xF0\x9F\x98"}) {
    EXPECT_EQ(first_line_not_utf8(text), 1U);
  }
  EXPECT_EQ(first_line_not_utf8("a\nb\n\xFF"), 3U);
}

}  // namespace
}  // namespace mutirao::app
