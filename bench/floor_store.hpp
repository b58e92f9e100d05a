// The floor of a job: the rows that it leaves behind, written by SQLite and nothing else.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "bench/data.hpp"
#include "bench/floor_job.hpp"
#include "bench/sql.hpp"

namespace mutirao::bench {

class floor_store {
 public:
  explicit floor_store(const std::string& file);

  /// Writes one finished job for each unit, all in one transaction. Returns the seconds that took;
  /// the texts of the rows were made before the clock starts.
  double write(std::span<const std::vector<company>* const> units);

  std::int64_t tasks() { return database_.integer("SELECT count(*) FROM tarefas"); }

 private:
  void put(const floor_job& what, std::int64_t no);

  sql_database database_;
  sql_statement put_task_, put_event_, put_item_, put_job_, put_scope_, put_job_event_, put_notice_;
  std::int64_t last_task_ = 0;
  std::int64_t last_job_ = 0;
  std::int64_t last_job_event_ = 0;
};

}  // namespace mutirao::bench
