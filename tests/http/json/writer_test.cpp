#include "http/json/writer.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace mutirao::http::json {
namespace {

std::string as_string(std::string_view text) {
  std::string out;
  append_string(out, text);
  return out;
}

TEST(writer_test, puts_commas_between_and_nowhere_else) {
  writer out;
  out.begin_object().field("a", 1).key("b").begin_array();
  out.value("x").value(2).begin_object().end_object().begin_array().end_array();
  out.end_array().field("c", true).key("d").null().end_object();
  EXPECT_EQ(out.take(), R"({"a":1,"b":["x",2,{},[]],"c":true,"d":null})");
}

TEST(writer_test, leaves_out_what_is_absent_unless_told) {
  writer out;
  const std::optional<std::int64_t> none;
  out.begin_object().field("a", none).field_or_null("b", none).end_object();
  EXPECT_EQ(out.take(), R"({"b":null})");
}

TEST(writer_test, writes_numbers_to_their_limits) {
  writer out;
  out.begin_array().value(INT64_MIN).value(INT64_MAX).tenths(49.96).tenths(0.04).end_array();
  EXPECT_EQ(out.take(), "[-9223372036854775808,9223372036854775807,50.0,0.0]");
}

TEST(writer_test, escapes_what_json_must_escape) {
  EXPECT_EQ(as_string("a\"b\\c\n\r\t\x01\x7f"), R"("a\"b\\c\n\r\t\u0001\u007f")");
  EXPECT_EQ(as_string(std::string(1, '\0')), R"("\u0000")");
  EXPECT_EQ(as_string("São Paulo 😀"), "\"São Paulo 😀\"");
}

TEST(writer_test, replaces_bytes_that_are_no_utf8) {
  constexpr const char* mark = "\xEF\xBF\xBD";
  EXPECT_EQ(as_string("a\xff"
                      "b"),
            std::string("\"a") + mark + "b\"");
  // Overlong, surrogate, beyond U+10FFFF, cut short: no byte of them comes through.
  for (const auto* text : {"\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                           "\xF0\x80\x80\x80", "\xC3", "\xE2\x82", "\xF0\x9F\x98", "\x80"}) {
    const auto out = as_string(text);
    EXPECT_TRUE(nlohmann::json::accept(out)) << out;
    EXPECT_NE(out.find(mark), std::string::npos) << out;
  }
}

TEST(writer_test, every_pair_of_bytes_becomes_valid_json) {
  for (int first = 0; first < 256; ++first) {
    for (int second = 0; second < 256; ++second) {
      const std::string text{static_cast<char>(first), static_cast<char>(second)};
      ASSERT_TRUE(nlohmann::json::accept(as_string(text))) << first << " " << second;
    }
  }
}

TEST(writer_test, what_is_valid_comes_back_as_it_went) {
  for (const std::string text : {"", "aé€😀\U0010FFFF", "\xED\x9F\xBF", "\xEE\x80\x80", "/\b\f"}) {
    EXPECT_EQ(nlohmann::json::parse(as_string(text)).get<std::string>(), text);
  }
}

TEST(writer_test, dates_and_instants_have_one_form) {
  writer out;
  out.begin_array().value(*parse_date("2026-02-03"));
  out.value(instant(std::chrono::milliseconds(1'795'435'200'007))).end_array();
  EXPECT_EQ(out.take(), R"(["2026-02-03","2026-11-23T12:00:00.007Z"])");
}

}  // namespace
}  // namespace mutirao::http::json
