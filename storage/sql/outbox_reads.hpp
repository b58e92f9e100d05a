// Questions about deliveries.
#pragma once

#include "domain/ports/outbox.hpp"
#include "storage/sql/statement.hpp"

namespace mutirao::storage::sql {

class outbox_reads {
 public:
  explicit outbox_reads(connection& on);

  expected<due_deliveries::answer> read(const due_deliveries&);
  expected<count_deliveries::answer> read(const count_deliveries&);
  expected<list_deliveries::answer> read(const list_deliveries&);

 private:
  expected<void> take(const due_deliveries&, const std::string& receiver,
                      due_deliveries::answer& into);

  connection& on_;
  statement first_due_, due_, count_, job_, of_job_;
};

}  // namespace mutirao::storage::sql
