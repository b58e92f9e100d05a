// Which tasks a company gets by itself from its renewal date and its period, and the agenda event
// of each. The rules are those of the system replaced, recorded in tests/data/golden.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "domain/date.hpp"

namespace mutirao {

/// Why a task is done. The numbers are stored (`finalidade_id`).
enum class purpose : std::uint8_t { initial_inspection = 1, renewal = 2, routine = 4 };

/// The Portuguese name as it stands in texts: "Inspeção Inicial", "Renovação", "Rotina".
std::string_view purpose_text(purpose kind);

struct generated_task {
  purpose kind;
  date due;

  friend bool operator==(const generated_task&, const generated_task&) = default;
};

/// One run: the years year(today) ... year(today) + future_years, at most up to `last_year`.
/// A negative future_years means no year at all.
struct generation {
  date today;
  int future_years;
};

/// What the company says about its inspections. No renewal: no tasks. No period, zero or a
/// negative one: no routines.
struct renewal_cycle {
  std::optional<date> renewal;
  std::optional<std::int64_t> period_days;
};

/// A routine keeps more than this many days, either way, from whatever else is due.
inline constexpr int routine_distance_days = 13;

/// The tasks to create, in order of creation: years ascending, of each year the main task and
/// then its routines by date.
/// - The main date has month and day of the renewal date (29 February: 1 March in common years).
///   Years before the renewal's are skipped whole. Its task is created unless one is due that day.
/// - Routines lie a multiple of the period from the main date of their year, not before the
///   renewal date, and keep their distance from every existing task, the main dates of their and
///   of earlier years of the run, and each other; not from the main date of a later year.
/// `existing`: the due dates of all tasks that the company has, of any
/// kind and status, in any order, repeated or not. Planning again with the result added to
/// `existing` gives nothing. Allocates only what it returns, and nothing for an empty plan.
std::vector<generated_task> plan_auto_tasks(const generation& run, const renewal_cycle& cycle,
                                            std::span<const date> existing);

/// What every generated task is stored with, besides what its company and its purpose decide.
/// A task keeps this status until somebody takes it up.
inline constexpr std::string_view automatic_status = "Automático";
inline constexpr std::string_view automatic_priority = "Normal";
inline constexpr std::int64_t automatic_sector = 2;  // setor_id
inline constexpr std::int64_t automatic_author = 1;  // created_by

/// The agenda event of a task. Times are local, `YYYY-MM-DD HH:mm:ss`; `color` is static text.
struct event_texts {
  std::string title;
  std::string description;
  std::string_view color;
  std::string start;
  std::string end;
};

/// An empty `razao_social` is written as "Empresa".
event_texts render_event(const generated_task& task, std::string_view razao_social);

}  // namespace mutirao
