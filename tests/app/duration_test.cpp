#include "app/duration.hpp"

#include <gtest/gtest.h>

namespace mutirao::app {
namespace {

using namespace std::chrono_literals;

TEST(Duration, EachUnitIsRead) {
  EXPECT_EQ(parse_duration("500ms"), 500ms);
  EXPECT_EQ(parse_duration("30s"), 30s);
  EXPECT_EQ(parse_duration("5m"), 5min);
  EXPECT_EQ(parse_duration("1h"), 1h);
  EXPECT_EQ(parse_duration("24h"), 24h);
  EXPECT_EQ(parse_duration("7d"), 168h);
  EXPECT_EQ(parse_duration("0s"), 0ms);
}

TEST(Duration, OtherTextIsRefused) {
  for (const char* text :
       {"", "30", "s", "-1s", "+1s", "1.5h", "1h30m", " 1s", "1s ", "1 s", "1S", "1w", "0x1s",
        "99999999999999999999s", "3654d", "9223372036854775807d"}) {
    EXPECT_EQ(parse_duration(text), std::nullopt) << text;
  }
}

TEST(Duration, WhatIsWrittenIsReadAgain) {
  for (const auto length : {0ms, 1ms, 999ms, 1000ms, 90'000ms, 3'600'000ms, 86'400'000ms}) {
    EXPECT_EQ(parse_duration(format_duration(length)), length);
  }
  EXPECT_EQ(format_duration(90s), "90s");
  EXPECT_EQ(format_duration(24h), "1d");
}

}  // namespace
}  // namespace mutirao::app
