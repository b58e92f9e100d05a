#include "domain/web_url.hpp"

#include <gtest/gtest.h>

namespace mutirao {
namespace {

std::string origin(std::string_view text) {
  const auto url = parse_web_url(text);
  return url ? url->origin() : "none";
}

TEST(web_url, says_where_it_leads) {
  EXPECT_EQ(origin("https://example.com/hook?x=1"), "https://example.com:443");
  EXPECT_EQ(origin("http://Example.COM"), "http://example.com:80");
  EXPECT_EQ(origin("HTTP://example.com:8080?x"), "http://example.com:8080");
  EXPECT_EQ(origin("http://example.com:"), "http://example.com:80");
  EXPECT_EQ(origin("https://192.0.2.1:1/"), "https://192.0.2.1:1");
  EXPECT_EQ(origin("https://[2001:DB8::1]:8443/x"), "https://[2001:db8::1]:8443");
  EXPECT_EQ(origin("https://my_host-1.example./"), "https://my_host-1.example.:443");
  EXPECT_EQ(origin("https://example.com/@/:8080"), "https://example.com:443");
}

TEST(web_url, takes_no_text_that_is_none) {
  for (const auto* text : {"",
                           "/hook",
                           "example.com",
                           "//example.com",
                           "ftp://example.com",
                           "file:///etc/passwd",
                           "https:/example.com",
                           "https://",
                           "https:///x",
                           "https://:80",
                           "https://user@example.com",
                           "https://user:pw@example.com",
                           "https://example.com#x",
                           "https://exa mple.com",
                           "https://example.com/a b",
                           "https://example.com/\n",
                           "https://ex\xc3\xa1mple.com",
                           "https://example.com/\xc3\xa1",
                           "https://example.com:0",
                           "https://example.com:65536",
                           "https://example.com:80a",
                           "https://example.com:-1",
                           "https://[::1",
                           "https://[::1]x",
                           "https://[127.0.0.1]",
                           "https://[fe80::1%25eth0]/",
                           "https://::1/",
                           "https://a..b",
                           "https://.a",
                           "https://1.2.3.4.5",
                           "https://999.1.1.1",
                           "https://0xzz",
                           "https://example.com\\@127.0.0.1/",
                           "https://a%2eb/"}) {
    EXPECT_EQ(origin(text), "none") << text;
  }
  EXPECT_EQ(origin("https://e.com/" + std::string(longest_url - 14, 'x')), "https://e.com:443");
  EXPECT_EQ(origin("https://e.com/" + std::string(longest_url - 13, 'x')), "none");
}

TEST(web_url, knows_the_address_in_every_spelling) {
  const auto loopback = parse_ip("127.0.0.1");
  for (const auto* text :
       {"http://127.0.0.1/", "http://127.0.0.1./", "http://127.1/", "http://2130706433/",
        "http://0x7f000001/", "http://0x7f.0.0.1/", "http://0177.0.0.1/", "http://localhost/",
        "http://LOCALHOST:80/", "http://localhost./", "http://a.localhost/",
        "http://[::ffff:127.0.0.1]/"}) {
    const auto url = parse_web_url(text);
    ASSERT_TRUE(url) << text;
    EXPECT_EQ(literal_address(*url), loopback) << text;
  }
  EXPECT_EQ(literal_address(*parse_web_url("http://[fd00::1]/")), parse_ip("fd00::1"));
  EXPECT_FALSE(literal_address(*parse_web_url("http://example.com/")));
  EXPECT_FALSE(literal_address(*parse_web_url("http://localhost.example.com/")));
}

}  // namespace
}  // namespace mutirao
