// The accounts of a database, for who administers them beside whoever serves it.
#pragma once

#include <memory>
#include <string>

#include "domain/ports/accounts.hpp"
#include "storage/sql/account_reads.hpp"
#include "storage/sql/connection.hpp"
#include "storage/sql/statement.hpp"

namespace mutirao::storage::sql {

class account_writes final : public accounts {
 public:
  /// `on` must have the present schema.
  explicit account_writes(std::unique_ptr<connection> on);

  expected<added> add(const account& what) override;
  expected<std::vector<account>> list() override;
  expected<account> find(const account_name& which) override { return named(which); }
  expected<bool> disable(const account_name& which, instant now) override;
  expected<bool> enable(const account_name& which) override;
  expected<void> set_password(const account_name& which, const std::string& password,
                              instant now) override;

 private:
  /// Runs `change` in one transaction, which is rolled back where it fails.
  template <class Change>
  auto write(Change change) -> decltype(change());
  expected<account> named(const account_name& which);
  expected<user_id> id_for(const account& what);
  expected<void> add_rights(user_id to, const user_rights& rights);

  std::unique_ptr<connection> owned_;
  connection& on_;
  account_reads reads_;
  statement without_password_, put_, add_unit_, add_sector_, has_unit_, clear_units_,
      clear_sectors_, set_disabled_, set_password_;
};

}  // namespace mutirao::storage::sql
