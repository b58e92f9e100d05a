#include "http/query.hpp"

#include <gtest/gtest.h>

#include "http/cursor.hpp"
#include "http/language.hpp"
#include "http/percent.hpp"

namespace mutirao::http {
namespace {

TEST(query_test, decodes_names_and_values) {
  const query asked("a=1&nome=S%C3%A3o+Paulo&%61b=x%3Dy");
  EXPECT_EQ(asked.get("a"), "1");
  EXPECT_EQ(asked.get("nome"), "São Paulo");
  EXPECT_EQ(asked.get("ab"), "x=y");
  EXPECT_EQ(asked.get("b"), std::nullopt);
}

TEST(query_test, tells_empty_from_absent) {
  const query asked("a=&b&&=x");
  EXPECT_EQ(asked.get("a"), "");
  EXPECT_EQ(asked.get("b"), "");
  EXPECT_EQ(asked.get("c"), std::nullopt);
  EXPECT_EQ(query("").get("a"), std::nullopt);
}

TEST(query_test, keeps_repeated_names_in_order) {
  const query asked("state=running&x=1&state=failed");
  EXPECT_EQ(asked.all("state"), (std::vector<std::string_view>{"running", "failed"}));
  EXPECT_EQ(asked.get("state"), "running");
}

TEST(query_test, a_value_keeps_its_further_equals_signs) {
  EXPECT_EQ(query("cursor=ab==").get("cursor"), "ab==");
}

TEST(query_test, what_is_no_percent_encoding_stays) {
  EXPECT_EQ(query("a=100%").get("a"), "100%");
  EXPECT_EQ(query("a=%zz").get("a"), "%zz");
}

TEST(percent_test, decodes_either_case_and_refuses_the_rest) {
  EXPECT_EQ(percent_decoded("%2f%2F+a"), "//+a");
  EXPECT_EQ(percent_decoded("%00"), std::string(1, '\0'));
  EXPECT_EQ(percent_decoded("%"), std::nullopt);
  EXPECT_EQ(percent_decoded("%a"), std::nullopt);
  EXPECT_EQ(percent_decoded("%g0"), std::nullopt);
}

TEST(cursor_test, comes_back_as_it_went) {
  for (const std::int64_t position : {std::int64_t{0}, std::int64_t{1}, std::int64_t{63},
                                      std::int64_t{1'000'000'007}, INT64_MAX}) {
    EXPECT_EQ(decode_cursor(encode_cursor(position)), position);
  }
}

TEST(cursor_test, refuses_what_it_never_gave) {
  for (const std::string text : {"", "5", "AAAAAAAAAA", "AAAAAAAAAAAA", "AAAAAAAAAA=",
                                 "AAAAAAAAAAB", "//////////8", "gAAAAAAAAAA", "AAAA AAAAAA"}) {
    const auto position = decode_cursor(text);
    ASSERT_FALSE(position) << text;
    EXPECT_EQ(position.error().code, errc::invalid_cursor) << text;
  }
}

TEST(language_test, follows_the_weights) {
  EXPECT_EQ(preferred_language(""), language::portuguese);
  EXPECT_EQ(preferred_language("en-US,en;q=0.9"), language::english);
  EXPECT_EQ(preferred_language("pt-BR,pt;q=0.9,en;q=0.8"), language::portuguese);
  EXPECT_EQ(preferred_language("pt;q=0.5, en;q=0.7"), language::english);
  EXPECT_EQ(preferred_language("en;q=0"), language::portuguese);
  EXPECT_EQ(preferred_language("EN"), language::english);
  EXPECT_EQ(preferred_language("fr, *"), language::portuguese);
  EXPECT_EQ(preferred_language("end"), language::portuguese);
  EXPECT_EQ(preferred_language("en;q=abc, ,;;q=,"), language::portuguese);
}

}  // namespace
}  // namespace mutirao::http
