// The accounts of a database file, for who administers them beside whoever serves it.
#pragma once

#include <memory>
#include <string>

#include "domain/ports/accounts.hpp"
#include "storage/sqlite/account_reads.hpp"
#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/statement.hpp"

namespace mutirao::storage::sqlite {

class account_file final : public accounts {
 public:
  /// `file` must be absolute and have the present schema.
  static expected<std::unique_ptr<account_file>> open(const std::string& file);

  expected<added> add(const account& what) override;
  expected<std::vector<account>> list() override;
  expected<account> find(const account_name& which) override { return named(which); }
  expected<bool> disable(const account_name& which, instant now) override;
  expected<bool> enable(const account_name& which) override;
  expected<void> set_password(const account_name& which, const std::string& password,
                              instant now) override;

 private:
  explicit account_file(connection on);
  /// Runs `change` in one transaction, which is rolled back where it fails.
  template <class Change>
  auto write(Change change) -> decltype(change());
  expected<account> named(const account_name& which);
  expected<user_id> id_for(const account& what);
  expected<void> add_rights(user_id to, const user_rights& rights);

  connection on_;
  account_reads reads_;
  statement without_password_, put_, add_unit_, add_sector_, has_unit_, clear_units_,
      clear_sectors_, set_disabled_, set_password_;
};

}  // namespace mutirao::storage::sqlite
