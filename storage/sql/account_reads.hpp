// Questions about users: their accounts and their names.
#pragma once

#include "domain/ports/reads.hpp"
#include "storage/sql/statement.hpp"

namespace mutirao::storage::sql {

class account_reads {
 public:
  explicit account_reads(connection& on);

  expected<find_account::answer> read(const find_account&);
  expected<list_users::answer> read(const list_users&);

  /// Those that have a password, ascending ids. Inside a transaction of the caller's.
  expected<std::vector<account>> all();
  /// Likewise.
  expected<std::optional<account>> find(const find_account&);

 private:
  expected<account> with_rights(account row);

  connection& on_;
  statement by_email_, by_id_, all_, units_, sectors_, names_, names_of_unit_, has_unit_;
};

}  // namespace mutirao::storage::sql
