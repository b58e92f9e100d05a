// The table schedules: one row in, one row out.
#pragma once

#include <optional>
#include <string>

#include "domain/ports/schedules.hpp"
#include "storage/sql/statement.hpp"

namespace mutirao::storage::sql {

/// The columns of a schedule, in the order that read_schedule takes.
#define MUTIRAO_SCHEDULE_COLUMNS                                                                 \
  "id, owner, owner_admin, owner_units, kind, arguments, each_unit, cron, zone, callback_url, "  \
  "created_at, next_due, unit, last_due, jobs, job_ids, refusal, refusal_detail, refusal_unit, " \
  "refused_at"

schedule read_schedule(const rows& row);

/// What is asked for, without when and by whom it was: equal requests have equal texts, and none
/// has that of a job's request.
std::string request_text(const schedule& what);

class schedule_table {
 public:
  explicit schedule_table(connection& on);

  expected<std::optional<schedule>> find(schedule_id id);
  /// How many of a user's have not ended.
  expected<std::int64_t> unfinished(user_id owner);
  expected<schedule_id> insert(const schedule& what);
  /// Where it stands and what became of it. `now` is when it ends, where it has no next due time.
  expected<void> save(const schedule& what, instant now);
  expected<void> remove(schedule_id id);

 private:
  statement find_, unfinished_, insert_, save_, remove_;
};

}  // namespace mutirao::storage::sql
