#include "domain/auto_tasks.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <utility>

namespace mutirao {
namespace {

using std::chrono::days;

date first_day(int year) {
  return date{std::chrono::year{year} / std::chrono::January / std::chrono::day{1}};
}

/// Days in one bit each: a civil year and as many days around it as a routine looks over.
/// Positions count from the first of these days.
class taken_days {
 public:
  explicit taken_days(int year) : origin_(first_day(year) - days{routine_distance_days}) {}

  int position(date day) const { return static_cast<int>((day - origin_).count()); }
  date day_at(int position) const { return origin_ + days{position}; }

  /// A day that no routine of the year can see is left out.
  void insert(date day) {
    const auto offset = static_cast<std::uint64_t>((day - origin_).count());
    if (offset < seen_days) words_[offset / 64] |= std::uint64_t{1} << (offset % 64);
  }

  /// Of a day of the year itself.
  bool contains(int position) const { return window(position, 1) != 0; }

  /// The latest taken day within the routine distance of a day of the year; -1 where all are free.
  int latest_near(int position) const {
    const int start = position - routine_distance_days;
    const std::uint64_t near = window(start, 2 * routine_distance_days + 1);
    return near == 0 ? -1 : start + static_cast<int>(std::bit_width(near)) - 1;
  }

 private:
  static constexpr std::uint64_t seen_days = 366 + 2 * routine_distance_days;
  static_assert(2 * routine_distance_days + 1 < 64, "a window must fit one word");

  std::uint64_t window(int start, int width) const {
    const auto word = static_cast<std::size_t>(start) / 64;
    const int shift = start % 64;
    std::uint64_t bits = words_[word] >> shift;
    if (shift != 0) bits |= words_[word + 1] << (64 - shift);
    return bits & ((std::uint64_t{1} << width) - 1);
  }

  date origin_;
  std::array<std::uint64_t, seen_days / 64 + 2> words_{};
};

/// One run over one company, from the renewal's year at the earliest, years ascending.
class planner {
 public:
  planner(date renewal, std::optional<std::int64_t> period_days, std::span<const date> existing)
      : renewal_(renewal), anniversary_(renewal), existing_(existing) {
    // Two dates of a year are at most 365 days apart: a longer period meets only the main date.
    if (period_days && *period_days > 0 && *period_days <= 365) {
      period_ = static_cast<int>(*period_days);
    }
  }

  std::vector<generated_task> plan(int from_year, int to_year) {
    const int steps_a_year = period_ == 0 ? 0 : 366 / std::max(period_, routine_distance_days + 1);
    bound_ = static_cast<std::size_t>(to_year - from_year + 1) *
             static_cast<std::size_t>(steps_a_year + 2);
    for (int year = from_year; year <= to_year; ++year) plan_year(year);
    return std::move(tasks_);
  }

 private:
  void plan_year(int year) {
    const date main = main_date(year);
    taken_days taken(year);
    for (const date day : existing_) taken.insert(day);

    if (!taken.contains(taken.position(main))) {
      const bool first = anniversary_.year() == std::chrono::year{year};
      create(first ? purpose::initial_inspection : purpose::renewal, main);
    }
    taken.insert(main);
    // Of what earlier years took, only these can lie near 1 January: routines keep their distance.
    if (previous_main_) taken.insert(*previous_main_);
    if (last_routine_) taken.insert(*last_routine_);
    previous_main_ = main;
    if (period_ != 0) plan_routines(year, main, taken);
  }

  void plan_routines(int year, date main, taken_days& taken) {
    const int start = taken.position(std::max(first_day(year), renewal_));
    const int end = taken.position(first_day(year + 1));
    const int anchor = taken.position(main);
    int at = anchor - (anchor - start) / period_ * period_;
    while (at < end) {
      int blocker = taken.latest_near(at);
      if (blocker < 0) {
        last_routine_ = taken.day_at(at);
        create(purpose::routine, *last_routine_);
        taken.insert(*last_routine_);
        blocker = at;
      }
      const int too_near = blocker + routine_distance_days - at;  // days behind `at`
      at += (too_near / period_ + 1) * period_;
    }
  }

  date main_date(int year) const {
    // Converting 29 February of a common year gives 1 March.
    return date{std::chrono::year{year} / anniversary_.month() / anniversary_.day()};
  }

  void create(purpose kind, date due) {
    if (tasks_.empty()) tasks_.reserve(bound_);
    tasks_.push_back({kind, due});
  }

  date renewal_;
  std::chrono::year_month_day anniversary_;
  std::span<const date> existing_;
  int period_ = 0;  // days; 0: no routines
  std::size_t bound_ = 0;
  std::optional<date> previous_main_;
  std::optional<date> last_routine_;
  std::vector<generated_task> tasks_;
};

struct event_style {
  std::string_view color;
  std::string_view start;
  std::string_view end;
};

event_style style_of(purpose kind) {
  if (kind == purpose::routine) return {"rgb(1 120 90)", " 08:00:00", " 08:30:00"};
  return {"rgb(167 150 0)", " 13:00:00", " 14:00:00"};
}

std::string join(std::string_view a, std::string_view b, std::string_view c,
                 std::string_view d = {}) {
  std::string text;
  text.reserve(a.size() + b.size() + c.size() + d.size());
  text.append(a).append(b).append(c).append(d);
  return text;
}

std::string at_time(date day, std::string_view time) {
  std::string text;
  text.reserve(10 + time.size());
  append_date(text, day);
  return text.append(time);
}

}  // namespace

std::string_view purpose_text(purpose kind) {
  switch (kind) {
    case purpose::initial_inspection:
      return "Inspeção Inicial";
    case purpose::renewal:
      return "Renovação";
    case purpose::routine:
      return "Rotina";
  }
  return "";
}

std::vector<generated_task> plan_auto_tasks(const generation& run, const renewal_cycle& cycle,
                                            std::span<const date> existing) {
  if (!cycle.renewal || run.future_years < 0) return {};
  const int this_year = year_of(run.today);
  if (this_year > last_year) return {};
  // Exactly the years before the renewal's have a main date before it: they are skipped whole.
  const int from_year = std::max(this_year, year_of(*cycle.renewal));
  const int to_year = this_year + std::min(run.future_years, last_year - this_year);
  if (to_year < from_year) return {};
  return planner(*cycle.renewal, cycle.period_days, existing).plan(from_year, to_year);
}

event_texts render_event(const generated_task& task, std::string_view razao_social) {
  const std::string_view kind = purpose_text(task.kind);
  const std::string_view name = razao_social.empty() ? "Empresa" : razao_social;
  const event_style style = style_of(task.kind);
  return {join(kind, " (", name, ")"), join(kind, " a ser realizada na empresa ", name),
          style.color, at_time(task.due, style.start), at_time(task.due, style.end)};
}

}  // namespace mutirao
