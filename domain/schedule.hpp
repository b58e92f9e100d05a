// A request for jobs in times to come: once, or again and again.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "domain/caller.hpp"
#include "domain/date.hpp"
#include "domain/ids.hpp"
#include "domain/ports/calendar.hpp"

namespace mutirao {

using schedule_id = id<struct schedule_tag>;

/// What a schedule's last due time, or a unit of it, was refused for.
struct schedule_refusal {
  errc code = errc::internal;
  std::string detail;
  std::optional<unit_id> unit;  // of a schedule for each unit
  instant at;
};

/// Bytes of the arguments of one schedule, names and values.
inline constexpr std::size_t most_argument_bytes = std::size_t{64} << 10U;

/// Ids of jobs that are remembered of a due time; further ones are counted only.
inline constexpr std::size_t most_remembered_jobs = 100;

struct schedule {
  schedule_id id;
  caller owner;  // with the rights that its maker had
  std::string kind;
  std::map<std::string, std::string, std::less<>> arguments;  // as given; read anew when due
  bool each_unit = false;    // a job for each unit that exists then, and that is the owner's
  std::string cron;          // empty: once
  std::string zone;          // of `cron`, and of the day that jobs are made for
  std::string callback_url;  // of each job; empty: none
  instant created_at;

  std::optional<instant> next_due;  // nothing: it has ended
  std::optional<unit_id> unit;      // for each unit: the last that is settled of `next_due`

  std::optional<instant> last_due;  // begun at least
  std::int64_t jobs = 0;            // of last_due: made or joined
  std::vector<job_id> job_ids;      // the first of them
  std::optional<schedule_refusal> refusal;
};

/// The first time after `after` that the rule names in `zone`. A time that is skipped, because the
/// clock is put forward, comes at the first instant after; one that comes twice counts once, the
/// first time. errc::invalid_time_zone, errc::cron_never_comes.
expected<instant> next_due(const cron_rule& rule, const std::string& zone, instant after,
                           const calendar& zones);

/// The civil date in `zone`. errc::invalid_time_zone.
expected<date> today_in(const std::string& zone, instant now, const calendar& zones);

}  // namespace mutirao
