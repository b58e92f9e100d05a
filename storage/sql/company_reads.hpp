// Questions about companies and units.
#pragma once

#include "domain/ports/reads.hpp"
#include "storage/sql/statement.hpp"

namespace mutirao::storage::sql {

class company_reads {
 public:
  explicit company_reads(connection& on);

  expected<list_companies::answer> read(const list_companies&);
  expected<find_company::answer> read(const find_company&);
  expected<list_units::answer> read(const list_units&);
  expected<list_names::answer> read(const list_names&);
  expected<list_stored_keys::answer> read(const list_stored_keys&);

 private:
  /// The units to list; nothing where the caller may see all.
  expected<std::optional<std::vector<unit_id>>> places(const list_companies&);
  /// One more than the limit where there are more.
  expected<std::vector<std::int64_t>> ids(const std::optional<std::vector<unit_id>>& units,
                                          const list_companies&);
  expected<std::int64_t> count(const std::optional<std::vector<unit_id>>& units);

  connection& on_;
  statement of_unit_, all_, count_of_unit_, count_all_, by_id_, by_cnpj_, has_unit_, units_,
      names_of_units_, names_of_users_, keys_;
};

}  // namespace mutirao::storage::sql
