#include "http/edge/request_reader.hpp"

#include <gtest/gtest.h>

#include <random>

#include "tests/http/edge/bad_heads.hpp"

namespace mutirao::http {
namespace {

using step = request_reader::step;

class reading : public ::testing::Test {
 protected:
  step feed(std::string_view bytes) {
    rest = bytes;
    return reader.feed(rest);
  }

  edge_limits limits;
  request_reader::body_limit_function body_limit;
  request_reader reader{limits, body_limit};
  std::string_view rest;
};

TEST_F(reading, gives_requests_one_by_one_and_leaves_what_follows) {
  std::string_view two =
      "GET /a HTTP/1.1\r\nHost: x\r\n\r\nPOST /b HTTP/1.1\r\nHost: x\r\nContent-Length: "
      "2\r\n\r\nhiGET";
  ASSERT_EQ(reader.feed(two), step::complete);
  EXPECT_EQ(reader.head().path, "/a");
  EXPECT_EQ(reader.body(), "");
  reader.next();
  EXPECT_EQ(reader.at(), request_reader::phase::idle);
  ASSERT_EQ(reader.feed(two), step::complete);
  EXPECT_EQ(reader.head().path, "/b");
  EXPECT_EQ(reader.body(), "hi");
  EXPECT_EQ(two, "GET");
}

TEST_F(reading, gives_the_same_wherever_the_bytes_are_cut) {
  const std::string text =
      "\r\nPUT /a?b HTTP/1.1\r\nHost: x\r\nOrigin: o\r\nTransfer-Encoding: chunked\r\n\r\n"
      "3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n";
  for (std::size_t cut = 1; cut < text.size(); ++cut) {
    ASSERT_EQ(feed(std::string_view(text).substr(0, cut)), step::more) << cut;
    ASSERT_TRUE(rest.empty());
    ASSERT_EQ(feed(std::string_view(text).substr(cut)), step::complete) << cut;
    EXPECT_EQ(reader.head().path, "/a");
    EXPECT_EQ(reader.head().headers.get("origin"), "o");
    EXPECT_EQ(reader.body(), "abcdefg");
    reader.next();
  }
}

TEST_F(reading, refuses_bad_heads_also_byte_by_byte) {
  for (const auto& bad : bad_heads()) {
    request_reader fresh(limits, body_limit);
    step outcome = step::more;
    for (std::size_t i = 0; i < bad.text.size() && outcome == step::more; ++i) {
      std::string_view one = std::string_view(bad.text).substr(i, 1);
      outcome = fresh.feed(one);
    }
    ASSERT_EQ(outcome, step::failed) << bad.name;
    EXPECT_EQ(fresh.error(), bad.code) << bad.name;
  }
}

TEST_F(reading, refuses_other_protocols_at_their_first_bytes) {
  EXPECT_EQ(feed("\x16\x03\x01"), step::failed);
  EXPECT_EQ(reader.error(), errc::malformed_request);
  for (const std::string& start :
       {std::string(" GET"), std::string("\0", 1), std::string(40, 'A')}) {
    request_reader fresh(limits, body_limit);
    std::string_view bytes = start;
    EXPECT_EQ(fresh.feed(bytes), step::failed) << start;
  }
}

TEST_F(reading, refuses_a_head_that_grows_too_large_before_it_ends) {
  ASSERT_EQ(feed("GET / HTTP/1.1\r\nHost: x\r\nCookie: "), step::more);
  const std::string cookie(4096, 'c');
  step outcome = step::more;
  std::size_t sent = 0;
  for (; outcome == step::more && sent < 64 * 1024; sent += cookie.size()) outcome = feed(cookie);
  EXPECT_EQ(outcome, step::failed);
  EXPECT_EQ(reader.error(), errc::head_too_large);
  EXPECT_LE(sent, limits.head_bytes + cookie.size());
}

TEST_F(reading, refuses_a_target_that_grows_too_long_before_it_ends) {
  EXPECT_EQ(feed("GET /" + std::string(900'000, 'a')), step::failed);
  EXPECT_EQ(reader.error(), errc::target_too_long);
}

TEST_F(reading, takes_a_head_up_to_the_limit_and_no_byte_more) {
  const std::string start = "GET / HTTP/1.1\r\nHost: x\r\nCookie: ";
  const auto head_of = [&](std::size_t size) {
    return start + std::string(size - start.size() - 4, 'c') + "\r\n\r\n";
  };
  EXPECT_EQ(feed(head_of(limits.head_bytes)), step::complete);
  reader.next();
  EXPECT_EQ(feed(head_of(limits.head_bytes + 1)), step::failed);
  EXPECT_EQ(reader.error(), errc::head_too_large);
}

TEST_F(reading, decides_the_body_limit_by_route_before_the_body) {
  body_limit = [](method how, std::string_view path,
                  const header_values& headers) -> tl::expected<std::size_t, errc> {
    if (headers.get("origin")) return tl::unexpected(errc::missing_token);
    return how == method::post && path == "/import" ? 16 : 4;
  };
  EXPECT_EQ(feed("POST /import HTTP/1.1\r\nHost: x\r\nContent-Length: 16\r\n\r\n"), step::more);
  request_reader other(limits, body_limit);
  rest = "POST /other HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n";
  EXPECT_EQ(other.feed(rest), step::failed);
  EXPECT_EQ(other.error(), errc::body_too_large);
  request_reader refused(limits, body_limit);
  rest = "POST /import HTTP/1.1\r\nHost: x\r\nOrigin: y\r\nContent-Length: 1\r\n\r\n";
  EXPECT_EQ(refused.feed(rest), step::failed);
  EXPECT_EQ(refused.error(), errc::missing_token);
}

TEST_F(reading, wants_continue_once_and_only_without_any_body_yet) {
  const std::string head =
      "PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n";
  ASSERT_EQ(feed(head), step::more);
  EXPECT_TRUE(reader.take_wants_continue());
  EXPECT_FALSE(reader.take_wants_continue());
  ASSERT_EQ(feed("hi"), step::complete);
  reader.next();
  ASSERT_EQ(feed(head + "h"), step::more);
  EXPECT_FALSE(reader.take_wants_continue());
}

TEST_F(reading, survives_noise) {
  std::mt19937 random(7);
  const std::string good =
      "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n";
  int complete = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string text = good;
    const auto changes = random() % 4;
    for (unsigned i = 0; i < changes; ++i)
      text[random() % text.size()] = static_cast<char>(random());
    request_reader fresh(limits, body_limit);
    std::string_view bytes = text;
    step outcome = step::more;
    while (!bytes.empty() && outcome != step::failed) {
      auto piece = bytes.substr(0, 1 + random() % 40);
      const auto before = piece.size();
      outcome = fresh.feed(piece);
      ASSERT_LE(piece.size(), before);
      bytes.remove_prefix(before - piece.size());
      if (outcome != step::complete) continue;
      ++complete;
      ASSERT_LE(fresh.body().size(), text.size());
      fresh.next();
    }
  }
  EXPECT_GT(complete, 5000);
}

}  // namespace
}  // namespace mutirao::http
