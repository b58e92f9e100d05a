#include "storage/sql/company_reads.hpp"

#include <algorithm>

#include "storage/sql/attempt.hpp"
#include "storage/sql/company_table.hpp"

namespace mutirao::storage::sql {
namespace {

#define MUTIRAO_COMPANY_ROWS                              \
  "SELECT " MUTIRAO_COMPANY_COLUMNS                       \
  ", u.nome, p.nome FROM empresas e"                      \
  " LEFT JOIN unidades u ON u.id = e.unidade_responsavel" \
  " LEFT JOIN usuarios p ON p.id = e.tecnico_responsavel"

company_row read_row(const rows& row) {
  return {read_company(row), row.optional(company_columns, &rows::string),
          row.optional(company_columns + 1, &rows::string)};
}

std::int64_t company_id_in(const rows& row) {
  return row.integer(0);
}

expected<void> append(std::vector<std::int64_t>& to, rows found) {
  MUTIRAO_TRY(const auto more, all_of(std::move(found), company_id_in));
  to.insert(to.end(), more.begin(), more.end());
  return {};
}

}  // namespace

company_reads::company_reads(connection& on)
    : on_(on),
      of_unit_(on,
               "SELECT id FROM empresas WHERE unidade_responsavel = ?1 AND id > ?2"
               " ORDER BY id LIMIT ?3"),
      all_(on, "SELECT id FROM empresas NOT INDEXED WHERE id > ?1 ORDER BY id LIMIT ?2"),
      count_of_unit_(on, "SELECT count(*) FROM empresas WHERE unidade_responsavel = ?1"),
      count_all_(on, "SELECT count(*) FROM empresas"),
      by_id_(on, MUTIRAO_COMPANY_ROWS " WHERE e.id = ?1"),
      by_cnpj_(on, MUTIRAO_COMPANY_ROWS " WHERE e.cnpj = ?1"),
      has_unit_(on, "SELECT 1 FROM unidades WHERE id = ?1"),
      units_(on, "SELECT id, nome FROM unidades ORDER BY id"),
      names_of_units_(on, "SELECT id, nome FROM unidades ORDER BY id LIMIT ?1"),
      names_of_users_(on, "SELECT id, nome, sobrenome FROM usuarios ORDER BY id LIMIT ?1"),
      keys_(on, "SELECT id, coalesce(cnpj, caepf) FROM empresas") {}

expected<std::optional<std::vector<unit_id>>> company_reads::places(const list_companies& asked) {
  if (asked.unit) {
    // A list shows what the caller may see, and never refuses.
    if (!asked.by.may_see(asked.unit)) return std::vector<unit_id>{};
    rows known = has_unit_.run(*asked.unit);
    MUTIRAO_TRY(const bool there, known.next());
    // A unit of the caller's that has no row yet is merely empty.
    if (!there && asked.by.admin) return fail(errc::unknown_unit);
    return std::vector{*asked.unit};
  }
  if (asked.by.admin) return std::nullopt;
  auto units = asked.by.units;
  std::sort(units.begin(), units.end());
  units.erase(std::unique(units.begin(), units.end()), units.end());
  return units;
}

expected<std::vector<std::int64_t>> company_reads::ids(
    const std::optional<std::vector<unit_id>>& units, const list_companies& asked) {
  const auto after = asked.after.value_or(0);
  const auto most = asked.limit + 1;
  if (!units) return all_of(all_.run(after, most), company_id_in);
  std::vector<std::int64_t> found;
  // Each unit's first ones come in order from its index; together they hold the first of all.
  for (const auto unit : *units) MUTIRAO_CHECK(append(found, of_unit_.run(unit, after, most)));
  std::sort(found.begin(), found.end());
  if (std::ssize(found) > most) found.resize(static_cast<std::size_t>(most));
  return found;
}

expected<std::int64_t> company_reads::count(const std::optional<std::vector<unit_id>>& units) {
  if (!units) return number(count_all_.run());
  std::int64_t sum = 0;
  for (const auto unit : *units) {
    MUTIRAO_TRY(const auto some, number(count_of_unit_.run(unit)));
    sum += some;
  }
  return sum;
}

expected<list_companies::answer> company_reads::read(const list_companies& asked) {
  MUTIRAO_TRY(const auto now, picture::take(on_));
  MUTIRAO_TRY(const auto units, places(asked));
  MUTIRAO_TRY(auto found, ids(units, asked));
  list_companies::answer answer;
  if (!asked.after) {
    MUTIRAO_TRY(answer.total, count(units));
  }
  if (std::ssize(found) > asked.limit) {
    found.pop_back();
    answer.companies.next = found.empty() ? asked.after.value_or(0) : found.back();
  }
  answer.companies.rows.reserve(found.size());
  for (const auto id : found) {
    MUTIRAO_TRY(auto row, first_of(by_id_.run(id), read_row));
    if (row) answer.companies.rows.push_back(*std::move(row));
  }
  return answer;
}

expected<find_company::answer> company_reads::read(const find_company& asked) {
  MUTIRAO_TRY(auto row,
              first_of(asked.id ? by_id_.run(*asked.id) : by_cnpj_.run(asked.cnpj), read_row));
  if (!row) return fail(errc::unknown_company);
  if (!asked.by.may_see(row->data.unidade_responsavel)) return fail(errc::forbidden_unit);
  return *std::move(row);
}

expected<list_units::answer> company_reads::read(const list_units& asked) {
  list_units::answer all;
  rows found = units_.run();
  for (;;) {
    MUTIRAO_TRY(const bool more, found.next());
    if (!more) return all;
    const auto unit = found.id<unit_id>(0);
    if (asked.by.may_see(unit)) all.push_back({unit, found.string(1)});
  }
}

expected<list_names::answer> company_reads::read(const list_names& asked) {
  MUTIRAO_TRY(const auto now, picture::take(on_));
  list_names::answer names;
  MUTIRAO_TRY(names.units, all_of(names_of_units_.run(asked.most), [](const rows& row) {
                return named_unit{row.id<unit_id>(0), row.string(1)};
              }));
  MUTIRAO_TRY(names.users, all_of(names_of_users_.run(asked.most), [](const rows& row) {
                return named_user{row.id<user_id>(0), row.string(1), row.string(2), {}};
              }));
  return names;
}

expected<list_stored_keys::answer> company_reads::read(const list_stored_keys&) {
  MUTIRAO_TRY(const auto now, picture::take(on_));
  stored_keys keys;
  rows units = units_.run();
  for (;;) {
    MUTIRAO_TRY(const bool more, units.next());
    if (!more) break;
    keys.units.emplace(units.integer(0), units.string(1));
  }
  rows companies = keys_.run();
  for (;;) {
    MUTIRAO_TRY(const bool more, companies.next());
    if (!more) return keys;
    keys.companies.insert(companies.integer(0));
    keys.registrations.insert(companies.string(1));
  }
}

}  // namespace mutirao::storage::sql
