// Questions about jobs and notifications.
#pragma once

#include "domain/ports/reads.hpp"
#include "storage/sql/job_table.hpp"
#include "storage/sql/revisions.hpp"
#include "storage/sql/statement.hpp"

namespace mutirao::storage::sql {

class job_reads {
 public:
  job_reads(connection& on, const revisions& of);

  expected<find_job::answer> read(const find_job&);
  expected<find_result::answer> read(const find_result&);
  expected<list_jobs::answer> read(const list_jobs&);
  expected<list_items::answer> read(const list_items&);
  expected<list_notifications::answer> read(const list_notifications&);
  expected<list_events::answer> read(const list_events&);
  expected<count_jobs::answer> read(const count_jobs&);
  expected<list_unfinished::answer> read(const list_unfinished&);

 private:
  expected<event_row> read_event(const rows& row, user_id user, revision as_of);

  connection& on_;
  const revisions& revisions_;
  job_table jobs_;
  statement result_, jobs_of_user_, all_jobs_, ledger_, notifications_, unread_, missed_, events_,
      last_event_, ending_, count_, unfinished_, lease_;
};

}  // namespace mutirao::storage::sql
