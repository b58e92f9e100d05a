#include "storage/sql/account_writes.hpp"

#include <utility>

#include "storage/sql/attempt.hpp"

namespace mutirao::storage::sql {
namespace {

std::optional<std::int64_t> given(user_id id) {
  return id.value == 0 ? std::nullopt : std::optional(id.value);
}

std::string text_of(const account_name& which) {
  const auto* email = std::get_if<std::string>(&which);
  return email ? *email : std::to_string(std::get<user_id>(which).value);
}

}  // namespace

account_writes::account_writes(std::unique_ptr<connection> on)
    : owned_(std::move(on)),
      on_(*owned_),
      reads_(on_),
      without_password_(
          on_, "SELECT id FROM usuarios WHERE lower(email) = ?1 AND senha IS NULL ORDER BY id"),
      put_(on_,
           "INSERT INTO usuarios (id, nome, sobrenome, email, senha, senha_desde, admin, cargo_id,"
           " cargo) VALUES (" MUTIRAO_NEW_ID("usuarios") ", ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (id) DO UPDATE SET"
           " nome = excluded.nome, sobrenome = excluded.sobrenome, email = excluded.email,"
           " senha = excluded.senha, senha_desde = excluded.senha_desde, admin = excluded.admin,"
           " cargo_id = excluded.cargo_id, cargo = excluded.cargo, desativado_desde = NULL"
           " RETURNING id"),
      add_unit_(on_,
                "INSERT INTO usuarios_unidades (usuario_id, unidade_id) VALUES (?1, ?2)"
                " ON CONFLICT DO NOTHING"),
      add_sector_(on_,
                  "INSERT INTO usuarios_setores (usuario_id, setor_id, nome) VALUES (?1, ?2, ?3)"
                  " ON CONFLICT (usuario_id, setor_id) DO UPDATE SET nome = excluded.nome"),
      has_unit_(on_, "SELECT 1 FROM unidades WHERE id = ?1"),
      clear_units_(on_, "DELETE FROM usuarios_unidades WHERE usuario_id = ?1"),
      clear_sectors_(on_, "DELETE FROM usuarios_setores WHERE usuario_id = ?1"),
      set_disabled_(on_, "UPDATE usuarios SET desativado_desde = ?2 WHERE id = ?1"),
      set_password_(on_, "UPDATE usuarios SET senha = ?2, senha_desde = ?3 WHERE id = ?1") {}

template <class Change>
auto account_writes::write(Change change) -> decltype(change()) {
  MUTIRAO_CHECK(on_.begin_writing());
  auto done = change();
  if (done) {
    auto stored = on_.commit();
    if (stored) return done;
    done = tl::unexpected(std::move(stored).error());
  }
  if (on_.in_transaction()) (void)on_.rollback();
  return done;
}

expected<account> account_writes::named(const account_name& which) {
  const auto* email = std::get_if<std::string>(&which);
  find_account asked{which};
  if (email) asked.which = normalized_email(*email);
  MUTIRAO_TRY(auto found, reads_.find(asked));
  if (!found || found->password.empty()) {
    return fail(errc::unknown_user, "nobody signs in as " + text_of(which));
  }
  return *std::move(found);
}

expected<user_id> account_writes::id_for(const account& what) {
  const auto email = normalized_email(what.who.email);
  MUTIRAO_TRY(const auto same_email, reads_.find({email}));
  if (same_email) {
    return fail(errc::already_registered,
                email + " signs in already, as user " + std::to_string(same_email->who.id.value));
  }
  if (what.who.id.value != 0) {
    MUTIRAO_TRY(const auto same_id, reads_.find({what.who.id}));
    if (same_id && !same_id->password.empty()) {
      return fail(errc::already_registered, "user " + std::to_string(what.who.id.value) +
                                                " signs in already, as " + same_id->who.email);
    }
    return what.who.id;
  }
  MUTIRAO_TRY(const auto known, all_of(without_password_.run(email),
                                       [](const rows& row) { return row.id<user_id>(0); }));
  if (known.size() > 1) {
    std::string ids;
    for (const auto id : known) ids += (ids.empty() ? "" : ", ") + std::to_string(id.value);
    return fail(errc::already_registered,
                "users " + ids + " have the address " + email + "; choose one with --id");
  }
  return known.empty() ? user_id{} : known.front();
}

expected<void> account_writes::add_rights(user_id to, const user_rights& rights) {
  MUTIRAO_CHECK(clear_units_.execute(to));
  MUTIRAO_CHECK(clear_sectors_.execute(to));
  for (const auto& unit : rights.units) {
    bool there = false;
    {
      rows known = has_unit_.run(unit.id);
      MUTIRAO_TRY(there, known.next());
    }
    if (!there) {
      return fail(errc::unknown_unit, "there is no unit " + std::to_string(unit.id.value));
    }
    MUTIRAO_CHECK(add_unit_.execute(to, unit.id));
  }
  for (const auto& sector : rights.sectors) {
    MUTIRAO_CHECK(add_sector_.execute(to, sector.id, sector.name));
  }
  return {};
}

expected<accounts::added> account_writes::add(const account& what) {
  return write([&]() -> expected<added> {
    MUTIRAO_TRY(const auto id, id_for(what));
    MUTIRAO_TRY(const auto before, reads_.find({id}));
    MUTIRAO_TRY(const auto stored,
                id_of_new<user_id>(put_.run(given(id), what.who.name, what.who.surname,
                                            normalized_email(what.who.email), what.password,
                                            what.password_since, what.rights.admin,
                                            what.rights.cargo_id, what.rights.cargo)));
    MUTIRAO_CHECK(add_rights(stored, what.rights));
    return added{stored, before.has_value()};
  });
}

expected<std::vector<account>> account_writes::list() {
  MUTIRAO_TRY(const auto now, picture::take(on_));
  return reads_.all();
}

expected<bool> account_writes::disable(const account_name& which, instant now) {
  return write([&]() -> expected<bool> {
    MUTIRAO_TRY(const auto found, named(which));
    if (found.disabled_since) return false;
    MUTIRAO_CHECK(set_disabled_.execute(found.who.id, now));
    return true;
  });
}

expected<bool> account_writes::enable(const account_name& which) {
  return write([&]() -> expected<bool> {
    MUTIRAO_TRY(const auto found, named(which));
    if (!found.disabled_since) return false;
    MUTIRAO_CHECK(set_disabled_.execute(found.who.id, std::nullopt));
    return true;
  });
}

expected<void> account_writes::set_password(const account_name& which, const std::string& password,
                                            instant now) {
  return write([&]() -> expected<void> {
    MUTIRAO_TRY(const auto found, named(which));
    MUTIRAO_CHECK(set_password_.execute(found.who.id, password, now));
    return {};
  });
}

}  // namespace mutirao::storage::sql
