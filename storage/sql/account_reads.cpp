#include "storage/sql/account_reads.hpp"

#include <utility>

#include "storage/sql/attempt.hpp"

namespace mutirao::storage::sql {
namespace {

#define MUTIRAO_ACCOUNT_ROWS                                                                \
  "SELECT id, nome, sobrenome, email, coalesce(senha, ''), senha_desde, desativado_desde, " \
  "admin, cargo_id, cargo FROM usuarios"

account read_account(const rows& row) {
  account found;
  found.who = {row.id<user_id>(0), row.string(1), row.string(2), row.string(3)};
  found.password = row.text(4);
  found.password_since = row.optional(5, &rows::at);
  found.disabled_since = row.optional(6, &rows::at);
  found.rights.admin = row.integer(7) != 0;
  found.rights.cargo_id = row.optional(8, &rows::integer);
  found.rights.cargo = row.optional(9, &rows::string);
  return found;
}

named_user read_name(const rows& row) {
  return {row.id<user_id>(0), row.string(1), row.string(2), {}};
}

}  // namespace

account_reads::account_reads(connection& on)
    : on_(on),
      by_email_(on, MUTIRAO_ACCOUNT_ROWS " WHERE lower(email) = ?1 AND senha IS NOT NULL"),
      by_id_(on, MUTIRAO_ACCOUNT_ROWS " WHERE id = ?1"),
      all_(on, MUTIRAO_ACCOUNT_ROWS " WHERE senha IS NOT NULL ORDER BY id"),
      units_(on,
             "SELECT u.id, u.nome FROM usuarios_unidades m JOIN unidades u ON u.id = m.unidade_id"
             " WHERE m.usuario_id = ?1 ORDER BY u.id"),
      sectors_(on,
               "SELECT setor_id, nome FROM usuarios_setores WHERE usuario_id = ?1"
               " ORDER BY setor_id"),
      names_(on,
             "SELECT id, nome, sobrenome FROM usuarios WHERE desativado_desde IS NULL ORDER BY id"),
      names_of_unit_(
          on,
          "SELECT id, nome, sobrenome FROM usuarios WHERE desativado_desde IS NULL AND id IN"
          " (SELECT usuario_id FROM usuarios_unidades WHERE unidade_id = ?1 UNION"
          " SELECT tecnico_responsavel FROM empresas WHERE unidade_responsavel = ?1) ORDER BY id"),
      has_unit_(on, "SELECT 1 FROM unidades WHERE id = ?1") {}

expected<account> account_reads::with_rights(account row) {
  MUTIRAO_TRY(row.rights.units, all_of(units_.run(row.who.id), [](const rows& unit) {
                return named_unit{unit.id<unit_id>(0), unit.string(1)};
              }));
  MUTIRAO_TRY(row.rights.sectors, all_of(sectors_.run(row.who.id), [](const rows& sector) {
                return named_sector{sector.integer(0), sector.string(1)};
              }));
  return row;
}

expected<std::optional<account>> account_reads::find(const find_account& asked) {
  const auto* email = std::get_if<std::string>(&asked.which);
  MUTIRAO_TRY(auto row,
              first_of(email ? by_email_.run(*email) : by_id_.run(std::get<user_id>(asked.which)),
                       read_account));
  if (!row) return std::nullopt;
  MUTIRAO_TRY(auto whole, with_rights(*std::move(row)));
  return whole;
}

expected<find_account::answer> account_reads::read(const find_account& asked) {
  MUTIRAO_TRY(const auto now, picture::take(on_));
  return find(asked);
}

expected<std::vector<account>> account_reads::all() {
  MUTIRAO_TRY(auto found, all_of(all_.run(), read_account));
  for (auto& row : found) {
    MUTIRAO_TRY(row, with_rights(std::move(row)));
  }
  return found;
}

expected<list_users::answer> account_reads::read(const list_users& asked) {
  MUTIRAO_TRY(const auto now, picture::take(on_));
  if (!asked.unit) return all_of(names_.run(), read_name);
  if (!asked.by.may_see(asked.unit)) return list_users::answer{};
  rows known = has_unit_.run(*asked.unit);
  MUTIRAO_TRY(const bool there, known.next());
  if (!there && asked.by.admin) return fail(errc::unknown_unit);
  return all_of(names_of_unit_.run(*asked.unit), read_name);
}

}  // namespace mutirao::storage::sql
