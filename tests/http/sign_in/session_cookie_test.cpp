#include "http/sign_in/session_cookie.hpp"

#include <gtest/gtest.h>

namespace mutirao::http {
namespace {

using tokens = std::vector<std::string_view>;

request request_with(std::string_view name, std::string_view value) {
  request made;
  made.headers.set(name, value);
  return made;
}

TEST(session_cookie, is_found_among_others_in_any_spelling) {
  for (const auto* text :
       {"mutirao_session=abc", "a=1; mutirao_session=abc; b=2", "a=1;mutirao_session=abc;",
        " mutirao_session = abc ", "mutirao_session=\"abc\"", ";;=;x;mutirao_session=abc"}) {
    EXPECT_EQ(session_tokens(request_with("cookie", text)), tokens{"abc"}) << text;
  }
  EXPECT_EQ(session_tokens(request_with("cookie", "mutirao_session=a=b==")), tokens{"a=b=="});
}

TEST(session_cookie, is_nothing_else) {
  for (const auto* text :
       {"", ";", "=", "mutirao_session", "mutirao_session=", "mutirao_session=\"\"",
        "xmutirao_session=a", "mutirao_sessionx=a", "MUTIRAO_SESSION=a", "a=mutirao_session=b"}) {
    EXPECT_EQ(session_tokens(request_with("cookie", text)), tokens{}) << text;
  }
  EXPECT_EQ(session_tokens(request{}), tokens{});
}

TEST(session_cookie, of_one_name_the_first_few_are_looked_at) {
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "mutirao_session=" + std::to_string(i) + "; ";
  EXPECT_EQ(session_tokens(request_with("cookie", many)), (tokens{"0", "1", "2", "3"}));
}

TEST(session_cookie, of_a_page_of_another_origin_does_not_count) {
  for (const auto* site : {"cross-site", "same-site", "nonsense", "same-origin, cross-site"}) {
    auto asked = request_with("cookie", "mutirao_session=abc");
    asked.headers.set("sec-fetch-site", site);
    EXPECT_EQ(session_tokens(asked), tokens{}) << site;
  }
  auto own = request_with("cookie", "mutirao_session=abc");
  own.headers.set("sec-fetch-site", "same-origin");
  EXPECT_EQ(session_tokens(own), tokens{"abc"});
}

TEST(session_cookie, is_for_nobody_but_the_browser) {
  const std::string base =
      "mutirao_session=t; Path=/api/auth; HttpOnly; SameSite=Strict; Max-Age=28800";
  const std::chrono::seconds eight_hours(8 * 3600);
  EXPECT_EQ(session_cookie({}, "t", eight_hours), base);
  EXPECT_EQ(session_cookie(request_with("x-forwarded-proto", "http"), "t", eight_hours), base);
  for (const auto* secure : {"https", "HTTPS", " https , http"}) {
    EXPECT_EQ(session_cookie(request_with("x-forwarded-proto", secure), "t", eight_hours),
              base + "; Secure");
  }
  EXPECT_EQ(cleared_session_cookie({}),
            "mutirao_session=; Path=/api/auth; HttpOnly; SameSite=Strict; Max-Age=0");
}

TEST(session_cookie, knows_the_names_of_this_machine) {
  for (const auto* own :
       {"localhost", "LocalHost:5000", "127.0.0.1", "127.0.0.1:80", "127.9.9.9", "[::1]:5000"}) {
    EXPECT_TRUE(is_for_this_machine(request_with("host", own))) << own;
  }
  for (const auto* other : {"", "example.com", "localhost.example.com", "127.0.0.1.example.com",
                            "[::1].example.com", "[::2]", "10.0.0.1", "x127.0.0.1"}) {
    EXPECT_FALSE(is_for_this_machine(request_with("host", other))) << other;
  }
  EXPECT_FALSE(is_for_this_machine(request{}));
}

}  // namespace
}  // namespace mutirao::http
