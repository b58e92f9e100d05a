// Questions about schedules.
#pragma once

#include "domain/ports/schedules.hpp"
#include "storage/sql/statement.hpp"

namespace mutirao::storage::sql {

class schedule_reads {
 public:
  explicit schedule_reads(connection& on);

  expected<due_schedules::answer> read(const due_schedules&);
  expected<find_schedule::answer> read(const find_schedule&);
  expected<list_schedules::answer> read(const list_schedules&);

 private:
  connection& on_;
  statement due_, by_id_, of_owner_, all_;
};

}  // namespace mutirao::storage::sql
