#include "http/edge/head_parser.hpp"

#include <gtest/gtest.h>

#include "tests/http/edge/bad_heads.hpp"

namespace mutirao::http {
namespace {

/// Without the empty line, as parse_head wants it.
std::string_view lines(std::string_view head) {
  return head.substr(0, head.size() - 2);
}

tl::expected<request_head, errc> parse(std::string_view text) {
  return parse_head(lines(text), edge_limits{});
}

TEST(head_parser, takes_a_plain_request) {
  const auto head = parse("POST /a/b?c=d HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n");
  ASSERT_TRUE(head);
  EXPECT_EQ(head->method, method::post);
  EXPECT_EQ(head->path, "/a/b");
  EXPECT_EQ(head->query, "c=d");
  EXPECT_EQ(head->content_length, 5U);
  EXPECT_TRUE(head->keep_alive);
  EXPECT_FALSE(head->chunked);
  EXPECT_FALSE(head->http10);
}

TEST(head_parser, refuses_each_bad_head_with_its_error) {
  for (const auto& bad : bad_heads()) {
    const auto head = parse(bad.text);
    ASSERT_FALSE(head) << bad.name;
    EXPECT_EQ(head.error(), bad.code) << bad.name;
  }
}

TEST(head_parser, reads_of_a_refused_head_what_its_answer_needs) {
  const auto read = [](std::string_view text) { return parse_refused_head(text, edge_limits{}); };
  const auto english = [](const request_head& head) {
    return head.headers.get("accept-language") == "en";
  };
  const auto twice = read("HEAD /a?b HTTP/1.1\r\nHost: x\r\nHost: y\r\nAccept-Language: en\r\n");
  EXPECT_EQ(twice.path, "/a");
  EXPECT_EQ(twice.method, method::head);
  EXPECT_TRUE(english(twice));
  const auto newer = read("GET /a HTTP/3.0\r\naccept-language: en\r\n");
  EXPECT_EQ(newer.path, "/a");
  EXPECT_TRUE(english(newer));
  EXPECT_EQ(read("GET /a HTTP/1.1\r\nAccept-Lang").path, "/a");
  EXPECT_EQ(read("GET /a").path, "");
  EXPECT_EQ(read("").path, "");
  EXPECT_EQ(read("GET /\x01 HTTP/1.1\r\n").path, "");
  EXPECT_TRUE(english(read("GET\r\nAccept-Language: en\r\n")));
}

TEST(head_parser, counts_a_length_that_no_integer_holds_as_the_largest) {
  const auto head =
      parse("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999999\r\n\r\n");
  ASSERT_TRUE(head);
  EXPECT_EQ(head->content_length, UINT64_MAX);
}

TEST(head_parser, reads_the_connection_words_in_any_case_and_order) {
  const auto with = [](std::string_view version, std::string_view connection) {
    return parse("GET / " + std::string(version) + "\r\nHost: x\r\nUpgrade: websocket\r\n" +
                 std::string(connection) + "\r\n");
  };
  EXPECT_FALSE(with("HTTP/1.1", "Connection: Keep-Alive ,CLOSE\r\n")->keep_alive);
  EXPECT_FALSE(with("HTTP/1.1", "Connection: close\r\nConnection: keep-alive\r\n")->keep_alive);
  EXPECT_TRUE(with("HTTP/1.0", "connection: keep-alive\r\n")->keep_alive);
  EXPECT_FALSE(with("HTTP/1.0", "")->keep_alive);
  EXPECT_TRUE(with("HTTP/1.1", "Connection: keep-alive, Upgrade\r\n")->upgrade);
  EXPECT_FALSE(with("HTTP/1.1", "Connection: upgraded\r\n")->upgrade);
  EXPECT_FALSE(with("HTTP/1.0", "Connection: upgrade\r\n")->upgrade);
}

TEST(head_parser, expects_100_continue_of_http11_only) {
  EXPECT_TRUE(parse("PUT / HTTP/1.1\r\nHost: x\r\nExpect: 100-Continue\r\n\r\n")->expects_continue);
  EXPECT_FALSE(parse("PUT / HTTP/1.0\r\nExpect: 100-continue\r\n\r\n")->expects_continue);
  EXPECT_FALSE(parse("PUT / HTTP/1.1\r\nHost: x\r\nExpect: 200-ok\r\n\r\n")->expects_continue);
}

TEST(head_parser, keeps_utf8_in_values_and_takes_odd_headers_of_no_use) {
  const auto head = parse(
      "GET / HTTP/1.1\r\nHost: x\r\nX-Request-Id: caf\xc3\xa9\r\nCookie: =;;=\x80\r\nDate: "
      "nonsense\r\n"
      "Empty:\r\n\r\n");
  ASSERT_TRUE(head);
  EXPECT_EQ(head->headers.get("x-request-id"), "caf\xc3\xa9");
}

TEST(head_scanner, finds_the_end_wherever_the_bytes_are_cut) {
  const std::string_view text = "\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\nrest";
  head_scanner scanner;
  for (std::size_t size = 1; size < text.size() - 4; ++size) {
    ASSERT_EQ(scanner.scan(text.substr(0, size)), head_scanner::step::more) << size;
  }
  ASSERT_EQ(scanner.scan(text), head_scanner::step::found);
  EXPECT_EQ(scanner.begin(), 2U);
  EXPECT_EQ(scanner.size(), text.size() - 4);
  EXPECT_EQ(scanner.lines(), 2U);
}

TEST(head_scanner, refuses_lines_without_cr_and_a_second_empty_line) {
  for (const std::string_view text :
       {"GET / HTTP/1.1\nHost: x\n\n", "\nGET", "GET / HTTP/1.1\r\nHost: x\n\r\n", "\r\n\r\nGET"}) {
    head_scanner scanner;
    EXPECT_EQ(scanner.scan(text), head_scanner::step::bad) << text;
  }
}

TEST(header_values, joins_lists_and_refuses_to_repeat_others) {
  header_values values;
  EXPECT_EQ(values.set("Accept-Language", "pt"), header_values::kept::yes);
  EXPECT_EQ(values.set("Authorization", "Bearer 1"), header_values::kept::yes);
  EXPECT_EQ(values.set("accept-language", "en"), header_values::kept::yes);
  EXPECT_EQ(values.set("authorization", "Bearer 2"), header_values::kept::repeated);
  EXPECT_EQ(values.set("Cookie", "a=1"), header_values::kept::yes);
  EXPECT_EQ(values.set("cookie", "b=2; c=3"), header_values::kept::yes);
  EXPECT_EQ(values.set("Date", "x"), header_values::kept::no);
  EXPECT_EQ(values.get("accept-language"), "pt, en");
  EXPECT_EQ(values.get("AUTHORIZATION"), "Bearer 1");
  EXPECT_EQ(values.get("cookie"), "a=1; b=2; c=3");
  EXPECT_FALSE(values.get("origin"));
}

}  // namespace
}  // namespace mutirao::http
