#include "domain/date.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace mutirao {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::sys_days;

constexpr date leap_day = sys_days{2024y / std::chrono::February / 29d};

TEST(parse_date, reads_a_civil_date) {
  EXPECT_EQ(parse_date("2024-02-29"), leap_day);
  EXPECT_EQ(parse_date("1970-01-01"), date{});
  EXPECT_EQ(parse_date("1969-12-31"), date{} - days{1});
}

TEST(parse_date, takes_the_years_1_to_9999) {
  EXPECT_EQ(parse_date("0001-01-01"), date{sys_days{1y / std::chrono::January / 1d}});
  EXPECT_EQ(parse_date("9999-12-31"), date{sys_days{9999y / std::chrono::December / 31d}});
  EXPECT_EQ(parse_date("0000-12-31"), std::nullopt);
}

TEST(parse_date, follows_the_gregorian_leap_years) {
  EXPECT_TRUE(parse_date("2000-02-29"));
  EXPECT_FALSE(parse_date("1900-02-29"));
  EXPECT_FALSE(parse_date("2023-02-29"));
  EXPECT_FALSE(parse_date("2024-02-30"));
}

class refused_date : public ::testing::TestWithParam<std::string> {};

TEST_P(refused_date, gives_nothing) {
  EXPECT_EQ(parse_date(GetParam()), std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(texts, refused_date,
                         ::testing::Values("", "2024-1-1", "2024-01-1", "2024-01-01 ",
                                           " 2024-01-01", "2024-01-01T00:00:00", "2024/01/01",
                                           "20240101", "2024-00-10", "2024-13-01", "2024-01-00",
                                           "2024-01-32", "2024-04-31", "-024-01-01", "+024-01-01",
                                           "2024--1-01", "2024-01--1", "2o24-01-01", "2024-01-0a",
                                           std::string("2024-01-0\0", 10), "٢٠٢٤-٠١"));

TEST(format_date, writes_four_two_two_digits) {
  EXPECT_EQ(format_date(leap_day), "2024-02-29");
  EXPECT_EQ(format_date(sys_days{1y / std::chrono::January / 1d}), "0001-01-01");
  EXPECT_EQ(format_date(sys_days{9999y / std::chrono::December / 31d}), "9999-12-31");
}

TEST(format_date, is_undone_by_parse_date_on_every_day_of_four_centuries) {
  const date last{sys_days{2300y / std::chrono::January / 1d}};
  date day{sys_days{1899y / std::chrono::December / 31d}};
  for (; day < last; day += days{1}) ASSERT_EQ(parse_date(format_date(day)), day);
  EXPECT_EQ(day, last);
}

TEST(append_date, keeps_what_stands_before) {
  std::string out = "until ";
  append_date(out, leap_day);
  EXPECT_EQ(out, "until 2024-02-29");
}

TEST(year_of, changes_on_the_first_of_january) {
  const date new_year{sys_days{2026y / std::chrono::January / 1d}};
  EXPECT_EQ(year_of(new_year), 2026);
  EXPECT_EQ(year_of(new_year - days{1}), 2025);
}

TEST(format_instant, writes_utc_to_the_millisecond) {
  const instant at = sys_days{2026y / std::chrono::November / 23d} + 21h + 15min + 41s + 123ms;
  EXPECT_EQ(format_instant(at), "2026-11-23T21:15:41.123Z");
  EXPECT_EQ(format_instant(instant{}), "1970-01-01T00:00:00.000Z");
  EXPECT_EQ(format_instant(instant{7ms}), "1970-01-01T00:00:00.007Z");
}

TEST(format_instant, counts_back_before_1970) {
  EXPECT_EQ(format_instant(instant{-1ms}), "1969-12-31T23:59:59.999Z");
}

TEST(parse_instant, reads_what_format_instant_writes_and_other_zones) {
  const instant noon = sys_days{2026y / std::chrono::November / 28d} + 12h;
  EXPECT_EQ(parse_instant("2026-11-28T12:00:00.000Z"), noon);
  EXPECT_EQ(parse_instant(format_instant(noon + 123ms)), noon + 123ms);
  EXPECT_EQ(parse_instant("2026-11-28T12:00:00Z"), noon);
  EXPECT_EQ(parse_instant("2026-11-28T12:00Z"), noon);
  EXPECT_EQ(parse_instant("2026-11-28T09:00:00-03:00"), noon);
  EXPECT_EQ(parse_instant("2026-11-28T17:30+05:30"), noon);
  EXPECT_EQ(parse_instant("2026-11-28T23:00:00.5Z"), std::nullopt) << "milliseconds have three";
}

TEST(parse_instant, gives_nothing_without_a_zone_or_for_a_time_that_is_none) {
  for (const auto* text :
       {"", "2026-11-28", "2026-11-28T12:00:00", "2026-11-28 12:00:00Z", "2026-11-28T24:00:00Z",
        "2026-11-28T12:60:00Z", "2026-11-28T12:00:60Z", "2026-02-30T12:00:00Z",
        "2026-11-28T12:00:00z", "2026-11-28T12:00:00+0300", "2026-11-28T12:00:00+24:00",
        "2026-11-28T12:00:00Z ", "2026-11-28T12Z", "2026-11-28T1:00Z", "0001-01-01T00:00+01:00",
        "9999-12-31T23:59-01:00", "amanhã"}) {
    EXPECT_EQ(parse_instant(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace mutirao
