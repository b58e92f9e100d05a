// Cron: what is taken, what is refused and why, and the next time against a walk minute by minute.
#include "domain/cron.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace mutirao {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::local_days;
using std::chrono::minutes;

local_minute at(int year, int month, int day, int hour = 0, int minute = 0) {
  return local_days(std::chrono::year(year) / month / day) + hours(hour) + minutes(minute);
}

cron_rule rule(const std::string& text) {
  const auto read = parse_cron(text);
  EXPECT_TRUE(read) << text << ": " << (read ? "" : read.error().detail);
  return read.value_or(cron_rule{});
}

local_minute next(const std::string& text, local_minute after) {
  return next_after(rule(text), after).value();
}

TEST(cron, comes_every_second_of_january) {
  const auto yearly = rule("0 6 2 1 *");
  EXPECT_EQ(next_after(yearly, at(2026, 11, 28, 12)), at(2027, 1, 2, 6));
  EXPECT_EQ(next_after(yearly, at(2027, 1, 2, 6)), at(2028, 1, 2, 6)) << "and never the same again";
  EXPECT_EQ(next_after(yearly, at(2027, 1, 2, 5, 59)), at(2027, 1, 2, 6));
}

TEST(cron, knows_ranges_lists_steps_and_names) {
  EXPECT_EQ(next("*/15 8-9 * * mon-fri", at(2026, 11, 27, 9, 45)), at(2026, 11, 30, 8));
  EXPECT_EQ(next("5,35 * * * *", at(2026, 11, 28, 12, 5)), at(2026, 11, 28, 12, 35));
  EXPECT_EQ(next("10-50/20 0 * * *", at(2026, 11, 28, 0, 10)), at(2026, 11, 28, 0, 30));
  EXPECT_EQ(next("0 0 1 FEB,Aug *", at(2026, 11, 28)), at(2027, 2, 1));
  EXPECT_EQ(next("0 0 * * 7", at(2026, 11, 28)), at(2026, 11, 29)) << "7 is Sunday";
  EXPECT_EQ(next("0 0 * * fri-sun", at(2026, 11, 28)), at(2026, 11, 29));
  EXPECT_EQ(next("0 0 * * 0", at(2026, 11, 29)), at(2026, 12, 6));
  EXPECT_EQ(next("  0\t0  * * *  ", at(2026, 11, 29)), at(2026, 11, 30));
}

TEST(cron, knows_names_of_whole_rules) {
  EXPECT_EQ(next("@yearly", at(2026, 3, 4)), at(2027, 1, 1));
  EXPECT_EQ(next("@annually", at(2026, 3, 4)), at(2027, 1, 1));
  EXPECT_EQ(next("@monthly", at(2026, 3, 4)), at(2026, 4, 1));
  EXPECT_EQ(next("@weekly", at(2026, 11, 28)), at(2026, 11, 29));
  EXPECT_EQ(next("@Daily", at(2026, 3, 4)), at(2026, 3, 5));
  EXPECT_EQ(next("@hourly", at(2026, 3, 4, 23, 10)), at(2026, 3, 5));
}

TEST(cron, takes_either_day_where_both_are_named_and_both_where_one_has_a_star) {
  // 13 November 2026 is a Friday.
  EXPECT_EQ(next("0 0 13 * fri", at(2026, 11, 1)), at(2026, 11, 6));
  EXPECT_EQ(next("0 0 13 * fri", at(2026, 11, 6)), at(2026, 11, 13));
  EXPECT_EQ(next("0 0 */2 * mon", at(2026, 11, 1)), at(2026, 11, 9)) << "an odd day and a Monday";
}

TEST(cron, finds_the_29th_of_february) {
  EXPECT_EQ(next("0 0 29 2 *", at(2026, 1, 1)), at(2028, 2, 29));
  EXPECT_EQ(next("0 0 29 2 *", at(2096, 3, 1)), at(2104, 2, 29)) << "2100 is no leap year";
}

struct refusal {
  std::string text;
  std::string detail;
};
class refused_cron : public ::testing::TestWithParam<refusal> {};

TEST_P(refused_cron, says_which_field_and_what_was_received) {
  const auto read = parse_cron(GetParam().text);
  ASSERT_FALSE(read) << GetParam().text;
  EXPECT_EQ(read.error().code, errc::invalid_cron);
  EXPECT_EQ(read.error().detail, GetParam().detail);
}
INSTANTIATE_TEST_SUITE_P(
    all, refused_cron,
    ::testing::Values(
        refusal{"", "\"\""}, refusal{"* * * *", "\"* * * *\""}, refusal{"@often", "\"@often\""},
        refusal{"0 0 1 1 * 2027", "\"0 0 1 1 * 2027\""}, refusal{"60 * * * *", "minute \"60\""},
        refusal{"* 24 * * *", "hour \"24\""}, refusal{"* * 0 * *", "day-of-month \"0\""},
        refusal{"* * 32 * *", "day-of-month \"32\""}, refusal{"* * * 13 *", "month \"13\""},
        refusal{"* * * janu *", "month \"janu\""}, refusal{"* * * * 8", "day-of-week \"8\""},
        refusal{"* * * * jan", "day-of-week \"jan\""}, refusal{"5-1 * * * *", "minute \"5-1\""},
        refusal{"*/0 * * * *", "minute \"*/0\""}, refusal{"5/10 * * * *", "minute \"5/10\""},
        refusal{"1,,2 * * * *", "minute \"1,,2\""}, refusal{"1, * * * *", "minute \"1,\""},
        refusal{"-1 * * * *", "minute \"-1\""}, refusal{"+1 * * * *", "minute \"+1\""},
        refusal{"1- * * * *", "minute \"1-\""}, refusal{"*5 * * * *", "minute \"*5\""},
        refusal{"99999999999 * * * *", "minute \"99999999999\""},
        refusal{"0x1 * * * *", "minute \"0x1\""}, refusal{"1-2-3 * * * *", "minute \"1-2-3\""}));

TEST(cron, refuses_what_never_comes) {
  for (const auto* text : {"0 0 30 2 *", "0 0 31 4,6,9,11 *", "0 0 31 2 */2"}) {
    const auto read = parse_cron(text);
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code, errc::cron_never_comes);
    EXPECT_EQ(read.error().detail, text);
  }
  EXPECT_TRUE(parse_cron("0 0 30 2 mon")) << "Mondays come";
}

// The reference: sets of numbers, and every minute is looked at.
struct made_up_rule {
  std::string text;
  std::set<int> minutes, hours, days, months, weekdays;
  bool star_day = false;
  bool star_weekday = false;
};

bool names(const made_up_rule& of, local_minute when) {
  const auto day = std::chrono::floor<days>(when);
  const std::chrono::year_month_day civil(day);
  const std::chrono::hh_mm_ss time(when - day);
  const bool in_month = of.days.contains(static_cast<int>(static_cast<unsigned>(civil.day())));
  const bool in_week =
      of.weekdays.contains(static_cast<int>(std::chrono::weekday(day).c_encoding()));
  const bool day_fits = of.star_day || of.star_weekday ? in_month && in_week : in_month || in_week;
  return day_fits && of.months.contains(static_cast<int>(static_cast<unsigned>(civil.month()))) &&
         of.hours.contains(static_cast<int>(time.hours().count())) &&
         of.minutes.contains(static_cast<int>(time.minutes().count()));
}

// One field: a star, or one to three parts with or without step.
std::string made_up_field(int least, int most, std::set<int>& values, bool& star) {
  star = *rc::gen::inRange(0, 3) == 0;
  if (star) {
    const int step = *rc::gen::inRange(1, 9);
    for (int value = least; value <= most; value += step) values.insert(value);
    return step == 1 ? "*" : "*/" + std::to_string(step);
  }
  std::string text;
  for (int left = *rc::gen::inRange(1, 4); left > 0; --left) {
    const int first = *rc::gen::inRange(least, most + 1);
    const int last = *rc::gen::inRange(first, most + 1);
    const int step = first == last ? 1 : *rc::gen::inRange(1, 6);
    for (int value = first; value <= last; value += step) values.insert(value);
    if (!text.empty()) text += ',';
    text += std::to_string(first);
    if (first != last) text += "-" + std::to_string(last);
    if (step > 1) text += "/" + std::to_string(step);
  }
  return text;
}

made_up_rule made_up() {
  made_up_rule made;
  bool ignored = false;
  made.text = made_up_field(0, 59, made.minutes, ignored);
  made.text += " " + made_up_field(0, 23, made.hours, ignored);
  made.text += " " + made_up_field(1, 31, made.days, made.star_day);
  made.text += " " + made_up_field(1, 12, made.months, ignored);
  made.text += " " + made_up_field(0, 6, made.weekdays, made.star_weekday);
  return made;
}

RC_GTEST_PROP(cron, finds_what_a_walk_minute_by_minute_finds, ()) {
  const auto of = made_up();
  const auto read = parse_cron(of.text);
  RC_PRE(read.has_value());
  const auto start = at(2026, 1, 1) + minutes(*rc::gen::inRange(0, 4 * 366 * 24 * 60));
  const auto found = next_after(*read, start);
  RC_ASSERT(found.has_value());
  RC_ASSERT(names(of, *found));
  const auto looked_at = std::min(*found, start + days(10));
  for (auto when = start + minutes(1); when < looked_at; when += minutes(1)) {
    RC_ASSERT(!names(of, when));
  }
}

RC_GTEST_PROP(cron, never_takes_what_it_cannot_hold, (const std::string& text)) {
  const auto read = parse_cron(text);
  if (read) RC_ASSERT(next_after(*read, at(2026, 1, 1)).has_value());
}

}  // namespace
}  // namespace mutirao
