// The port to schedules: made, deleted, read when due. The jobs that they make are inserted as any
// job is (see insert_job::fires), in one transaction with the mark that says so.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "domain/schedule.hpp"

namespace mutirao {

/// How far ahead a single instant may lie.
inline constexpr std::chrono::days longest_wait{5 * 366};

/// Makes a schedule, or finds the one that its key stands for (errc::key_reused where it stands for
/// another request). Then is checked, in this order: the instant (errc::invalid_run_at with the
/// text received), the unit (errc::unknown_unit), the limit (errc::schedule_limit).
struct create_schedule {
  schedule what;                   // without id; next_due is set
  std::string run_at = {};         // as received, of one that runs once; empty: it has a cron
  std::optional<unit_id> unit;     // must exist
  std::optional<std::string> key;  // of Idempotency-Key
  std::int64_t most = 1000;        // unfinished ones of its owner
  instant now;

  struct answer {
    schedule what;
    bool replayed = false;
  };
};

/// errc::unknown_schedule, also where it is another's and the caller no admin. Its jobs stay.
struct delete_schedule {
  schedule_id id;
  caller by;
  using answer = schedule_id;
};

/// One due time of a schedule, or one unit of it, and where the schedule stands once that is
/// settled. In a transaction: errc::already_settled where the schedule stands elsewhere already,
/// errc::unknown_schedule where it is gone.
struct firing {
  schedule_id of;
  instant due;
  std::optional<unit_id> after;  // where it stands
  std::optional<unit_id> unit;   // settled now; nothing: the schedule is not for each unit
  bool last = true;              // of the due time
  std::optional<instant> next;   // where it is the last; nothing: the schedule ends
};

/// Settles what was refused for good, without a job.
struct refuse_firing {
  firing what;
  error why;
  instant now;
  using answer = schedule_id;
};

/// Those due, oldest first, without those named.
struct due_schedules {
  instant now;
  std::size_t most = 1;
  std::set<schedule_id> without = {};
  std::set<user_id> without_owners = {};

  struct answer {
    std::vector<schedule> rows;
    std::optional<instant> next;    // when the first is due that is not due yet
    std::optional<instant> oldest;  // due, of all
  };
};

/// errc::unknown_schedule, also where it is another's and the caller no admin.
struct find_schedule {
  schedule_id id;
  caller by;
  using answer = schedule;
};

/// Newest first. The caller's own; with `all` (admins only, the asker checks) everybody's.
struct list_schedules {
  caller by;
  bool all = false;
  std::int64_t limit = 50;
  std::optional<std::int64_t> after;

  struct answer {
    std::vector<schedule> rows;
    std::optional<std::int64_t> next;
  };
};

}  // namespace mutirao
