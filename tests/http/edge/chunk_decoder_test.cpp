#include "http/edge/chunk_decoder.hpp"

#include <gtest/gtest.h>

namespace mutirao::http {
namespace {

using step = chunk_decoder::step;

struct decoded {
  step outcome = step::more;
  std::string body;
  std::string rest;
};

/// Feeds `size` bytes at a time.
decoded decode(std::string_view text, std::size_t size, std::size_t limit = 1000) {
  chunk_decoder decoder(limit);
  decoded all;
  while (!text.empty() && all.outcome == step::more) {
    auto piece = text.substr(0, size);
    text.remove_prefix(piece.size());
    all.outcome = decoder.feed(piece, all.body);
    all.rest = std::string(piece) + std::string(text);
  }
  return all;
}

TEST(chunk_decoder, gives_the_same_for_pieces_of_every_size) {
  const std::string_view text =
      "5\r\nhello\r\n001;a=\"b c\"\r\n,\r\nA\r\n0123456789\r\n0\r\nT: x\r\n\r\nGET";
  for (std::size_t size = 1; size <= text.size(); ++size) {
    const auto got = decode(text, size);
    ASSERT_EQ(got.outcome, step::done) << size;
    EXPECT_EQ(got.body, "hello,0123456789") << size;
    EXPECT_EQ(got.rest, "GET") << size;
  }
}

TEST(chunk_decoder, refuses_every_looseness_in_pieces_of_every_size) {
  const std::string long_extension = "1;" + std::string(300, 'x') + "\r\na\r\n";
  const std::string long_trailer = "0\r\nA: " + std::string(5000, 'x') + "\r\n\r\n";
  for (const std::string& text : std::initializer_list<std::string>{"\r\n",
                                                                    ";x\r\n",
                                                                    "5 \r\nhello\r\n",
                                                                    " 5\r\nhello\r\n",
                                                                    "5\nhello\r\n",
                                                                    "5\rhello",
                                                                    "g\r\n",
                                                                    "-1\r\n",
                                                                    "+1\r\n",
                                                                    "0x1\r\na\r\n",
                                                                    "1\r\nab\r\n",
                                                                    "1\r\na\n",
                                                                    "1\r\na\rb",
                                                                    "000000001\r\na\r\n",
                                                                    "1;\x01\r\na\r\n",
                                                                    "0\r\n x: y\r\n\r\n",
                                                                    "0\r\nA: b\n\r\n",
                                                                    "0\r\n\rx",
                                                                    long_extension,
                                                                    long_trailer}) {
    for (const std::size_t size : {std::size_t{1}, std::size_t{2}, text.size()}) {
      EXPECT_EQ(decode(text, size).outcome, step::bad) << text << " by " << size;
    }
  }
}

TEST(chunk_decoder, stops_at_the_size_that_passes_the_limit_before_its_data) {
  EXPECT_EQ(decode("5\r\nhello\r\n5\r\nworld\r\n0\r\n\r\n", 3, 10).outcome, step::done);
  EXPECT_EQ(decode("5\r\nhello\r\n6\r\n", 3, 10).outcome, step::too_large);
  EXPECT_EQ(decode("ffffffff\r\n", 3, 10).outcome, step::too_large);
  EXPECT_EQ(decode("1\r\n", 3, 0).outcome, step::too_large);
}

TEST(chunk_decoder, sees_each_byte_once) {
  // Eight million one-byte feeds of one chunk: quadratic work would not end.
  chunk_decoder decoder(8'000'000);
  std::string body;
  std::string_view size = "7a1200\r\n";
  ASSERT_EQ(decoder.feed(size, body), step::more);
  for (int i = 0; i < 8'000'000; ++i) {
    std::string_view one = "x";
    ASSERT_EQ(decoder.feed(one, body), step::more);
  }
  std::string_view end = "\r\n0\r\n\r\n";
  EXPECT_EQ(decoder.feed(end, body), step::done);
  EXPECT_EQ(body.size(), 8'000'000U);
}

}  // namespace
}  // namespace mutirao::http
