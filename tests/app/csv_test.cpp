#include "app/import/csv.hpp"

#include <gtest/gtest.h>

#include "app/import/utf8.hpp"

namespace mutirao::app {
namespace {

using cells = std::map<std::string, std::string, std::less<>>;

csv_table read(std::string_view text) {
  auto table = read_csv(text);
  EXPECT_TRUE(table) << table.error().detail;
  return table.value_or(csv_table{});
}

std::string refusal(std::string_view text) {
  const auto table = read_csv(text);
  return table ? "" : table.error().detail;
}

TEST(Csv, CellsAreNamedByTheHeader) {
  const csv_table table = read("id,nome\n1,Matriz\n2,Filial\n");
  EXPECT_EQ(table.columns, (std::vector<std::string>{"id", "nome"}));
  ASSERT_EQ(table.rows.size(), 2U);
  EXPECT_EQ(table.rows[0].cells, (cells{{"id", "1"}, {"nome", "Matriz"}}));
  EXPECT_EQ(table.rows[0].line, 2U);
  EXPECT_EQ(table.rows[1].line, 3U);
}

TEST(Csv, ByteOrderMarkLineEndsAndSemicolonsAreTaken) {
  const csv_table plain = read("id,nome\n1,A\n");
  for (const char* text : {"\xEF\xBB\xBFid,nome\n1,A\n", "id,nome\r\n1,A\r\n", "id;nome\r\n1;A",
                           "id , nome\n 1 , A \n", "\nid,nome\n\n\n1,A\n\n"}) {
    const csv_table table = read(text);
    EXPECT_EQ(table.columns, plain.columns) << text;
    ASSERT_EQ(table.rows.size(), 1U) << text;
    EXPECT_EQ(table.rows[0].cells, plain.rows[0].cells) << text;
  }
}

TEST(Csv, QuotedCellsHoldSeparatorsQuotesAndLineEnds) {
  const csv_table table = read("id,nome\n1,\"A, \"\"B\"\" Ltda\"\n2,\"two\n\nlines\"\n3,C\n");
  ASSERT_EQ(table.rows.size(), 3U);
  EXPECT_EQ(table.rows[0].cells.at("nome"), "A, \"B\" Ltda");
  EXPECT_EQ(table.rows[1].cells.at("nome"), "two\n\nlines");
  EXPECT_EQ(table.rows[1].line, 3U);
  EXPECT_EQ(table.rows[2].line, 6U);
}

TEST(Csv, ALoneCarriageReturnIsNoLineEnd) {
  const csv_table table = read("id,nome\n1,Mi\rzart\r\n2,\"B\"\r\n");
  ASSERT_EQ(table.rows.size(), 2U);
  EXPECT_EQ(table.rows[0].cells.at("nome"), "Mi\rzart") << "what reads it refuses the character";
  EXPECT_EQ(table.rows[1].cells.at("nome"), "B");
  EXPECT_EQ(table.rows[1].line, 3U);
}

TEST(Csv, EmptyAndMissingCellsAreAbsent) {
  const csv_table table = read("a,b,c\n1,,3\n1\n");
  EXPECT_EQ(table.rows[0].cells, (cells{{"a", "1"}, {"c", "3"}}));
  EXPECT_EQ(table.rows[1].cells, (cells{{"a", "1"}}));
}

TEST(Csv, ARowWithWrongQuotesCostsOnlyItself) {
  const csv_table table = read("id,nome\n1,A\n2,B\"x\"\n3,C\n");
  ASSERT_EQ(table.rows.size(), 3U);
  EXPECT_EQ(table.rows[1].line, 3U);
  EXPECT_NE(table.rows[1].problem, "");
  EXPECT_TRUE(table.rows[1].cells.empty());
  EXPECT_EQ(table.rows[2].cells, (cells{{"id", "3"}, {"nome", "C"}}));
  EXPECT_EQ(table.rows[2].line, 4U);
}

TEST(Csv, AQuoteThatDoesNotEndIsAProblemOfItsRow) {
  const csv_table table = read("id,nome\n1,A\n2,\"B\n3,C\n");
  ASSERT_EQ(table.rows.size(), 2U);
  EXPECT_EQ(table.rows[1].line, 3U);
  EXPECT_EQ(table.rows[1].problem, "a quoted cell does not end");
}

TEST(Csv, MoreCellsThanColumnsIsAProblem) {
  const csv_table table = read("a,b\n1,2,3\n");
  EXPECT_EQ(table.rows[0].problem, "3 cells in a row of 2 columns");
}

TEST(Csv, WhatIsNoTableIsRefused) {
  EXPECT_EQ(refusal(""), "no header row");
  EXPECT_EQ(refusal("\n\n"), "no header row");
  EXPECT_EQ(refusal("a,a\n"), "line 1: column \"a\" stands twice");
  EXPECT_EQ(refusal("a,,b\n"), "line 1: column \"\" has no name");
  EXPECT_EQ(refusal("a,b\n1,S\xE3o\n"), "line 2: not UTF-8; save the file as \"CSV UTF-8\"");
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
