#include "domain/cron.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace mutirao {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

using words = std::span<const std::string_view>;

constexpr std::array<std::string_view, 12> month_names{"jan", "feb", "mar", "apr", "may", "jun",
                                                       "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> weekday_names{"sun", "mon", "tue", "wed",
                                                        "thu", "fri", "sat"};
constexpr int sunday_again = 7;

struct field {
  std::string_view name;
  int least;
  int most;
  words names = {};  // of the values from `least` on
  std::uint64_t cron_rule::*values;
};
constexpr std::array<field, 5> fields{{
    {"minute", 0, 59, {}, &cron_rule::minutes},
    {"hour", 0, 23, {}, &cron_rule::hours},
    {"day-of-month", 1, 31, {}, &cron_rule::days},
    {"month", 1, 12, month_names, &cron_rule::months},
    {"day-of-week", 0, sunday_again, weekday_names, &cron_rule::weekdays},
}};

constexpr std::array<std::pair<std::string_view, std::string_view>, 7> nicknames{
    {{"@yearly", "0 0 1 1 *"},
     {"@annually", "0 0 1 1 *"},
     {"@monthly", "0 0 1 * *"},
     {"@weekly", "0 0 * * 0"},
     {"@daily", "0 0 * * *"},
     {"@midnight", "0 0 * * *"},
     {"@hourly", "0 * * * *"}}};

// The calendar repeats after 400 years, weekdays included.
constexpr days calendar_cycle{146'097};

bool has(std::uint64_t values, unsigned value) {
  return (values >> value & 1U) != 0;
}

std::vector<std::string_view> split(std::string_view text, std::string_view at, bool keep_empty) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = std::min(text.find_first_of(at), text.size());
    if (keep_empty || end > 0) parts.push_back(text.substr(0, end));
    if (end == text.size()) return parts;
    text.remove_prefix(end + 1);
  }
}

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || problem != std::errc{} || end != text.data() + text.size() || value < 0) {
    return std::nullopt;
  }
  return value;
}

bool equal_but_for_case(std::string_view text, std::string_view lower) {
  return std::equal(text.begin(), text.end(), lower.begin(), lower.end(), [](char a, char b) {
    return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
  });
}

/// A number or a name of this field.
std::optional<int> value_in(const field& of, std::string_view text) {
  for (std::size_t i = 0; i < of.names.size(); ++i) {
    if (equal_but_for_case(text, of.names[i])) return of.least + static_cast<int>(i);
  }
  const auto value = number(text);
  return value && *value >= of.least && *value <= of.most ? value : std::nullopt;
}

struct range {
  int first;
  int last;
};

std::optional<range> range_in(const field& of, std::string_view text) {
  if (text == "*") return range{of.least, of.most};
  const auto dash = text.find('-');
  const auto first = value_in(of, text.substr(0, dash));
  if (!first) return std::nullopt;
  if (dash == std::string_view::npos) return range{*first, *first};
  auto last = value_in(of, text.substr(dash + 1));
  if (last == 0 && of.most == sunday_again && *first > 0) last = sunday_again;
  return last && *first <= *last ? std::optional(range{*first, *last}) : std::nullopt;
}

/// One part of a list. False where it says nothing that the field can be.
bool add(const field& of, std::string_view text, std::uint64_t& values) {
  const auto slash = text.find('/');
  const auto base = text.substr(0, slash);
  const auto wanted = range_in(of, base);
  int step = 1;
  if (slash != std::string_view::npos) {
    const auto given = number(text.substr(slash + 1));
    const bool is_range = base == "*" || base.find('-') != std::string_view::npos;
    if (!given || *given == 0 || !is_range) return false;
    step = std::min(*given, of.most + 1);
  }
  if (!wanted) return false;
  for (int value = wanted->first; value <= wanted->last; value += step) {
    values |= std::uint64_t{1} << (value == of.most && of.most == sunday_again ? 0 : value);
  }
  return true;
}

expected<cron_rule> parse_fields(const std::vector<std::string_view>& texts) {
  cron_rule rule;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    for (const auto part : split(texts[i], ",", true)) {
      if (add(fields[i], part, rule.*fields[i].values)) continue;
      return fail(errc::invalid_cron,
                  std::string(fields[i].name) + " \"" + std::string(texts[i]) + "\"");
    }
  }
  rule.either_day = !texts[2].starts_with('*') && !texts[4].starts_with('*');
  return rule;
}

bool names_day(const cron_rule& rule, std::chrono::local_days day) {
  const std::chrono::year_month_day date(day);
  if (!has(rule.months, static_cast<unsigned>(date.month()))) return false;
  const bool in_month = has(rule.days, static_cast<unsigned>(date.day()));
  const bool in_week = has(rule.weekdays, std::chrono::weekday(day).c_encoding());
  return rule.either_day ? in_month || in_week : in_month && in_week;
}

/// The first minute of a day, from `from` on.
std::optional<minutes> first_minute(const cron_rule& rule, minutes from) {
  for (auto hour = std::chrono::floor<hours>(from); hour < hours(24); ++hour) {
    if (!has(rule.hours, static_cast<unsigned>(hour.count()))) continue;
    for (auto minute = std::max<minutes>(from - hour, minutes(0)); minute < hours(1); ++minute) {
      if (has(rule.minutes, static_cast<unsigned>(minute.count()))) return hour + minute;
    }
  }
  return std::nullopt;
}

}  // namespace

expected<cron_rule> parse_cron(std::string_view text) {
  auto meant = text;
  for (const auto& [name, expanded] : nicknames) {
    if (equal_but_for_case(text, name)) meant = expanded;
  }
  const auto texts = split(meant, " \t", false);
  if (texts.size() != fields.size()) {
    return fail(errc::invalid_cron, "\"" + std::string(text) + "\"");
  }
  auto rule = parse_fields(texts);
  if (rule && !next_after(*rule, local_minute{})) {
    return fail(errc::cron_never_comes, std::string(text));
  }
  return rule;
}

std::optional<local_minute> next_after(const cron_rule& rule, local_minute after) {
  const auto begin = after + minutes(1);
  const auto first_day = std::chrono::floor<days>(begin);
  for (auto day = first_day; day <= first_day + calendar_cycle; day += days(1)) {
    if (!names_day(rule, day)) continue;
    const auto from = day == first_day ? begin - day : minutes(0);
    if (const auto found = first_minute(rule, from)) return day + *found;
  }
  return std::nullopt;
}

}  // namespace mutirao
