// What holds for every company, on random ones; and the rules once more, written the slow way.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <optional>
#include <ostream>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "domain/auto_tasks.hpp"

namespace mutirao {
namespace {

using std::chrono::days;

date on(const std::string& text) {
  return parse_date(text).value();
}

struct situation {
  generation run;
  renewal_cycle cycle;
  std::vector<date> existing;
};

std::vector<generated_task> plan(const situation& s) {
  return plan_auto_tasks(s.run, s.cycle, s.existing);
}

void showValue(const situation& s, std::ostream& out) {
  out << "today " << format_date(s.run.today) << " +" << s.run.future_years << ", renewal "
      << (s.cycle.renewal ? format_date(*s.cycle.renewal) : "none") << ", period "
      << (s.cycle.period_days ? std::to_string(*s.cycle.period_days) : "none") << ", existing";
  for (const date day : s.existing) out << ' ' << format_date(day);
}

// The reference: every day of every year is looked at, every taken day compared. It shares no
// arithmetic with the planner; dates are counted by hand.
namespace slow {

bool is_leap(int year) {
  return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

struct civil {
  int year;
  int month;
  int day;
};

civil read(date day) {
  const std::string text = format_date(day);
  return {std::stoi(text.substr(0, 4)), std::stoi(text.substr(5, 2)), std::stoi(text.substr(8, 2))};
}

date write(civil c) {
  const auto padded = [](int number, std::size_t width) {
    const std::string digits = std::to_string(number);
    return std::string(width - digits.size(), '0') + digits;
  };
  return on(padded(c.year, 4) + "-" + padded(c.month, 2) + "-" + padded(c.day, 2));
}

bool near_any(date day, const std::vector<date>& others) {
  return std::any_of(others.begin(), others.end(),
                     [&](date other) { return std::abs((day - other).count()) <= 13; });
}

std::vector<generated_task> plan(const situation& s) {
  std::vector<generated_task> made;
  if (!s.cycle.renewal) return made;
  const date renewal = *s.cycle.renewal;
  const civil anniversary = read(renewal);
  const int this_year = read(s.run.today).year;
  std::vector<date> taken = s.existing;
  for (int year = this_year; year <= this_year + s.run.future_years; ++year) {
    civil wanted{year, anniversary.month, anniversary.day};
    if (wanted.month == 2 && wanted.day == 29 && !is_leap(year)) wanted = {year, 3, 1};
    const date main = write(wanted);
    if (main < renewal) continue;
    if (std::find(s.existing.begin(), s.existing.end(), main) == s.existing.end()) {
      made.push_back(
          {year == anniversary.year ? purpose::initial_inspection : purpose::renewal, main});
    }
    taken.push_back(main);
    if (!s.cycle.period_days || *s.cycle.period_days <= 0) continue;
    const date end = write({year, 12, 31});
    for (date day = std::max(write({year, 1, 1}), renewal); day <= end; day += days{1}) {
      if ((day - main).count() % *s.cycle.period_days != 0 || near_any(day, taken)) continue;
      made.push_back({purpose::routine, day});
      taken.push_back(day);
    }
  }
  return made;
}

}  // namespace slow

rc::Gen<date> days_from(const std::string& first, const std::string& last) {
  const int span = static_cast<int>((on(last) - on(first)).count());
  return rc::gen::map(rc::gen::inRange(0, span + 1),
                      [first](int offset) { return on(first) + days{offset}; });
}

// Dates where something may go wrong: turns of years, leap days, and the days around today.
rc::Gen<date> renewals() {
  return rc::gen::oneOf(days_from("2018-01-01", "2032-12-31"),
                        rc::gen::element(on("2020-02-29"), on("2024-02-29"), on("2028-02-29"),
                                         on("2023-12-31"), on("2024-01-01"), on("2024-12-20"),
                                         on("2025-01-10"), on("0004-02-29"), on("9996-02-29")));
}

rc::Gen<std::optional<std::int64_t>> periods() {
  using period = std::optional<std::int64_t>;
  return rc::gen::oneOf(
      rc::gen::map(rc::gen::inRange<std::int64_t>(1, 40), [](auto p) { return period(p); }),
      rc::gen::map(rc::gen::inRange<std::int64_t>(-3, 800), [](auto p) { return period(p); }),
      rc::gen::element<period>(std::nullopt, 0, -1, 13, 14, 26, 27, 364, 365, 366, 367,
                               1'000'000'000, std::numeric_limits<std::int64_t>::max(),
                               std::numeric_limits<std::int64_t>::min()));
}

rc::Gen<situation> situations() {
  return rc::gen::mapcat(
      rc::gen::tuple(days_from("2022-01-01", "2030-12-31"), rc::gen::inRange(0, 6), renewals(),
                     periods(), rc::gen::inRange(0, 2)),
      [](const auto& parts) {
        const auto& [today, future_years, renewal, period, crowded] = parts;
        const situation base{{today, future_years}, {renewal, period}, {}};
        // Close to the run, or anywhere.
        const auto day = crowded ? days_from(format_date(today), format_date(today + days{500}))
                                 : days_from("2019-01-01", "2037-12-31");
        return rc::gen::map(rc::gen::container<std::vector<date>>(day),
                            [base](std::vector<date> existing) {
                              situation whole = base;
                              whole.existing = std::move(existing);
                              return whole;
                            });
      });
}

RC_GTEST_PROP(auto_tasks_property, agrees_with_the_slow_reference, ()) {
  const situation s = *situations();
  RC_CLASSIFY(slow::plan(s).empty(), "nothing to create");
  RC_ASSERT(plan(s) == slow::plan(s));
}

RC_GTEST_PROP(auto_tasks_property, creates_nothing_the_second_time, ()) {
  situation s = *situations();
  for (const auto& task : plan(s)) s.existing.push_back(task.due);
  RC_ASSERT(plan(s).empty());
}

// The main date of each year of the run, or nothing where the year is skipped.
std::vector<date> main_dates(const situation& s, int to_year) {
  std::vector<date> dates;
  for (int year = year_of(s.run.today); year <= to_year; ++year) {
    auto text = std::to_string(year) + format_date(*s.cycle.renewal).substr(4);
    if (!parse_date(text)) text = std::to_string(year) + "-03-01";
    if (on(text) >= *s.cycle.renewal) dates.push_back(on(text));
  }
  return dates;
}

RC_GTEST_PROP(auto_tasks_property, keeps_routines_14_days_from_whatever_was_taken_before, ()) {
  const situation s = *situations();
  const auto tasks = plan(s);
  std::vector<date> routines;
  for (const auto& task : tasks) {
    if (task.kind != purpose::routine) continue;
    auto taken = main_dates(s, year_of(task.due));
    taken.insert(taken.end(), s.existing.begin(), s.existing.end());
    taken.insert(taken.end(), routines.begin(), routines.end());
    for (const date other : taken) RC_ASSERT(std::abs((task.due - other).count()) > 13);
    routines.push_back(task.due);
  }
}

RC_GTEST_PROP(auto_tasks_property, creates_each_missing_main_task_once, ()) {
  const situation s = *situations();
  std::vector<date> missing;
  for (const date day : main_dates(s, year_of(s.run.today) + s.run.future_years)) {
    if (std::count(s.existing.begin(), s.existing.end(), day) == 0) missing.push_back(day);
  }
  std::vector<date> created;
  for (const auto& task : plan(s)) {
    if (task.kind == purpose::routine) continue;
    created.push_back(task.due);
    const bool first = year_of(task.due) == year_of(*s.cycle.renewal);
    RC_ASSERT(task.kind == (first ? purpose::initial_inspection : purpose::renewal));
  }
  RC_ASSERT(created == missing);
}

RC_GTEST_PROP(auto_tasks_property, goes_by_year_then_main_task_then_date, ()) {
  const auto tasks = plan(*situations());
  const auto rank = [](const generated_task& task) {
    return std::make_tuple(year_of(task.due), task.kind == purpose::routine, task.due);
  };
  for (std::size_t i = 1; i < tasks.size(); ++i) RC_ASSERT(rank(tasks[i - 1]) < rank(tasks[i]));
}

RC_GTEST_PROP(auto_tasks_property, stays_within_the_run_and_never_before_the_renewal, ()) {
  const situation s = *situations();
  const int this_year = year_of(s.run.today);
  for (const auto& task : plan(s)) {
    RC_ASSERT(task.due >= *s.cycle.renewal);
    RC_ASSERT(year_of(task.due) >= this_year);
    RC_ASSERT(year_of(task.due) <= this_year + s.run.future_years);
  }
}

std::vector<generated_task> without_existing(const std::string& today, int future_years,
                                             std::optional<date> renewal,
                                             std::optional<std::int64_t> period) {
  return plan_auto_tasks({on(today), future_years}, {renewal, period}, {});
}

TEST(auto_tasks, are_none_without_a_renewal_date) {
  EXPECT_TRUE(without_existing("2024-05-05", 5, std::nullopt, 30).empty());
}

TEST(auto_tasks, move_29_february_to_1_march_in_common_years) {
  const std::vector<generated_task> expected{{purpose::initial_inspection, on("2024-02-29")},
                                             {purpose::renewal, on("2025-03-01")},
                                             {purpose::renewal, on("2026-03-01")},
                                             {purpose::renewal, on("2027-03-01")},
                                             {purpose::renewal, on("2028-02-29")}};
  EXPECT_EQ(without_existing("2024-07-01", 4, on("2024-02-29"), std::nullopt), expected);
}

TEST(auto_tasks, skip_the_years_before_the_renewal_with_their_routines) {
  const auto tasks = without_existing("2024-01-01", 2, on("2026-06-01"), 90);
  ASSERT_FALSE(tasks.empty());
  EXPECT_EQ(tasks.front(), (generated_task{purpose::initial_inspection, on("2026-06-01")}));
  EXPECT_TRUE(without_existing("2024-01-01", 1, on("2026-06-01"), 90).empty());
}

TEST(auto_tasks, hold_routines_back_for_the_main_date_of_the_year_before_but_not_after) {
  // Daily routines: 1 to 13 January 2025 are too near to 31 December 2024.
  const auto tasks = without_existing("2024-01-01", 1, on("2023-12-31"), 1);
  const auto first = std::find_if(tasks.begin(), tasks.end(), [](const generated_task& task) {
    return task.kind == purpose::routine && year_of(task.due) == 2025;
  });
  ASSERT_NE(first, tasks.end());
  EXPECT_EQ(first->due, on("2025-01-14"));

  // The routine of 31 December stands five days before the main date of the next year.
  const auto late = without_existing("2024-01-01", 1, on("2024-01-05"), 361);
  const std::vector<generated_task> expected{{purpose::initial_inspection, on("2024-01-05")},
                                             {purpose::routine, on("2024-12-31")},
                                             {purpose::renewal, on("2025-01-05")}};
  EXPECT_EQ(late, expected);
}

TEST(auto_tasks, keep_13_days_from_an_existing_task_and_take_the_14th) {
  const generation run{on("2024-01-01"), 0};
  const renewal_cycle yearly{on("2024-01-01"), 100};  // routines 10 April, 19 July, 27 October
  const auto routines = [&](std::vector<date> existing) {
    std::set<std::string> found;
    for (const auto& task : plan_auto_tasks(run, yearly, existing)) {
      if (task.kind == purpose::routine) found.insert(format_date(task.due).substr(5));
    }
    return found;
  };
  using texts = std::set<std::string>;
  EXPECT_EQ(routines({}), (texts{"04-10", "07-19", "10-27"}));
  EXPECT_EQ(routines({on("2024-03-28")}), (texts{"07-19", "10-27"}));
  EXPECT_EQ(routines({on("2024-03-27")}), (texts{"04-10", "07-19", "10-27"}));
  EXPECT_EQ(routines({on("2024-04-23")}), (texts{"07-19", "10-27"}));
  EXPECT_EQ(routines({on("2024-04-24")}), (texts{"04-10", "07-19", "10-27"}));
}

TEST(auto_tasks, see_existing_tasks_of_the_neighbouring_years) {
  const renewal_cycle cycle{on("2020-06-15"), 1};
  const auto routines = [&](std::vector<date> existing) {
    std::vector<date> found;
    for (const auto& task : plan_auto_tasks({on("2024-01-01"), 0}, cycle, existing)) {
      if (task.kind == purpose::routine) found.push_back(task.due);
    }
    return found;
  };
  EXPECT_EQ(routines({}).front(), on("2024-01-01"));
  EXPECT_EQ(routines({on("2023-12-19")}).front(), on("2024-01-02"));
  EXPECT_EQ(routines({on("2023-12-18")}).front(), on("2024-01-01"));
  EXPECT_EQ(routines({}).back(), on("2024-12-28"));
  EXPECT_EQ(routines({on("2025-01-13")}).back(), on("2024-12-28"));
  EXPECT_EQ(routines({on("2025-01-10")}).back(), on("2024-12-14"));
}

TEST(auto_tasks, look_13_days_beyond_the_last_day_of_a_leap_year) {
  const renewal_cycle cycle{on("2020-01-01"), 365};  // its routine falls on 31 December 2024
  const auto count = [&](date existing) {
    return plan_auto_tasks({on("2024-01-01"), 0}, cycle, std::vector{existing}).size();
  };
  EXPECT_EQ(count(on("2025-01-13")), 1U);
  EXPECT_EQ(count(on("2025-01-14")), 2U);
}

TEST(auto_tasks, have_no_routines_for_periods_that_are_not_positive_or_longer_than_a_year) {
  using limits = std::numeric_limits<std::int64_t>;
  for (const std::int64_t period :
       {std::int64_t{0}, std::int64_t{-1}, limits::min(), std::int64_t{366},
        std::int64_t{1'000'000'000}, limits::max()}) {
    const auto tasks = without_existing("2024-01-01", 5, on("2020-01-01"), period);
    EXPECT_EQ(tasks.size(), 6U) << period;
  }
  // The longest period that fits a year: from 1 January to 31 December of a leap year.
  EXPECT_EQ(without_existing("2024-01-01", 0, on("2020-01-01"), 365).size(), 2U);
}

TEST(auto_tasks, reach_from_year_1_to_year_9999_and_no_further) {
  const auto early = without_existing("0001-06-01", 0, on("0001-01-01"), 30);
  ASSERT_FALSE(early.empty());
  EXPECT_EQ(early.front(), (generated_task{purpose::initial_inspection, on("0001-01-01")}));
  EXPECT_EQ(without_existing("2024-01-01", 1, on("0001-01-01"), 30).front(),
            (generated_task{purpose::renewal, on("2024-01-01")}));
  EXPECT_TRUE(without_existing("2024-01-01", 5, on("9999-12-31"), 1).empty());

  const auto latest = without_existing("9998-03-01", 5, on("9990-04-01"), std::nullopt);
  ASSERT_EQ(latest.size(), 2U);
  EXPECT_EQ(latest.back().due, on("9999-04-01"));
}

TEST(auto_tasks, take_any_number_of_future_years) {
  EXPECT_TRUE(without_existing("2024-01-01", -1, on("2020-01-01"), 30).empty());
  const auto all = without_existing("9000-01-01", std::numeric_limits<int>::max(), on("2020-01-01"),
                                    std::nullopt);
  EXPECT_EQ(all.size(), 1000U);
  EXPECT_TRUE(without_existing("2024-01-01", std::numeric_limits<int>::min(), on("2020-01-01"), 30)
                  .empty());
}

TEST(render_event, names_a_company_without_a_name_empresa) {
  const generated_task routine{purpose::routine, on("2024-01-02")};
  const event_texts unnamed = render_event(routine, "");
  EXPECT_EQ(unnamed.title, "Rotina (Empresa)");
  EXPECT_EQ(unnamed.description, "Rotina a ser realizada na empresa Empresa");
  EXPECT_EQ(render_event(routine, "Aço & Cia").title, "Rotina (Aço & Cia)");
}

TEST(render_event, gives_main_tasks_the_afternoon_and_routines_the_morning) {
  for (const purpose main : {purpose::initial_inspection, purpose::renewal}) {
    const event_texts event = render_event({main, on("2024-12-31")}, "X");
    EXPECT_EQ(event.title, std::string(purpose_text(main)) + " (X)");
    EXPECT_EQ(event.color, "rgb(167 150 0)");
    EXPECT_EQ(event.start, "2024-12-31 13:00:00");
    EXPECT_EQ(event.end, "2024-12-31 14:00:00");
  }
  const event_texts routine = render_event({purpose::routine, on("2024-12-31")}, "X");
  EXPECT_EQ(routine.color, "rgb(1 120 90)");
  EXPECT_EQ(routine.start, "2024-12-31 08:00:00");
  EXPECT_EQ(routine.end, "2024-12-31 08:30:00");
}

}  // namespace
}  // namespace mutirao
