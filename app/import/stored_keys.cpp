#include <optional>

#include "app/import/reading.hpp"

namespace mutirao::app {

expected<stored_keys> read_stored_keys(reads& stored) {
  stored_keys keys;
  list_units units;
  units.by.admin = true;
  const auto found = stored.read(units);
  if (!found) return tl::unexpected(found.error());
  for (const named_unit& unit : *found) keys.units.emplace(unit.id.value, unit.name);
  list_companies companies;
  companies.by.admin = true;
  do {
    const auto page = stored.read(companies);
    if (!page) return tl::unexpected(page.error());
    for (const company_row& row : page->companies.rows) {
      keys.companies.insert(row.data.id.value);
      if (row.data.cnpj) keys.registrations.insert(*row.data.cnpj);
      if (row.data.caepf) keys.registrations.insert(*row.data.caepf);
    }
    companies.after = page->companies.next;
  } while (companies.after);
  return keys;
}

}  // namespace mutirao::app
