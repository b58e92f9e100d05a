// The history of a job: its events, and when and how its items ended.
#pragma once

#include "domain/ports/reads.hpp"
#include "storage/sql/job_table.hpp"
#include "storage/sql/statement.hpp"

namespace mutirao::storage::sql {

class history_reads {
 public:
  explicit history_reads(connection& on);

  expected<job_history::answer> read(const job_history&);
  expected<group_items::answer> read(const group_items&);

 private:
  expected<std::vector<job_event>> events(const job_history& asked, const job_record& of);

  connection& on_;
  job_table jobs_;
  statement events_, batches_, ledger_;
};

}  // namespace mutirao::storage::sql
