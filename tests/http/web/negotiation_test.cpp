#include "http/web/negotiation.hpp"

#include <gtest/gtest.h>

namespace mutirao::http::web {
namespace {

TEST(negotiation_test, gzip_is_taken_where_it_is_named_or_anything_is) {
  for (const auto* header : {"gzip", "GZip", "deflate, gzip;q=0.5", "x-gzip", "*", "br;q=1,*;q=0.1",
                             "gzip ; foo=bar ; q=1.000"}) {
    EXPECT_TRUE(takes_gzip(header)) << header;
  }
}

TEST(negotiation_test, gzip_is_not_taken_where_it_is_refused_or_not_named) {
  for (const auto* header :
       {"", "br", "identity", "gzip;q=0", "gzip; q=0.000, *", "*;q=0", "gzipped", ",,", ";q=1"}) {
    EXPECT_FALSE(takes_gzip(header)) << header;
  }
}

TEST(negotiation_test, a_tag_is_compared_weakly_within_a_list) {
  EXPECT_TRUE(has_already("\"a\"", "\"a\""));
  EXPECT_TRUE(has_already("\"x\", W/\"a\" ,\"y\"", "\"a\""));
  EXPECT_TRUE(has_already(" * ", "\"a\""));
  EXPECT_FALSE(has_already("", "\"a\""));
  EXPECT_FALSE(has_already("a", "\"a\""));
  EXPECT_FALSE(has_already("\"a-gz\"", "\"a\""));
}

}  // namespace
}  // namespace mutirao::http::web
