#include "http/json/user.hpp"

namespace mutirao::http::json {
namespace {

writer& name_fields(writer& out, const named_user& of) {
  return out.field("id", of.id.value).field("nome", of.name).field("sobrenome", of.surname);
}

void write_named(writer& out, std::int64_t id, const std::string& name) {
  out.begin_object().field("id", id).field("nome", name).end_object();
}

}  // namespace

void write_account(writer& out, const account& of) {
  name_fields(out.begin_object(), of.who)
      .field("email", of.who.email)
      .field("cargoId", of.rights.cargo_id)
      .field("cargo", of.rights.cargo);
  out.key("unidades").begin_array();
  for (const auto& unit : of.rights.units) write_named(out, unit.id.value, unit.name);
  out.end_array().key("setores").begin_array();
  for (const auto& sector : of.rights.sectors) write_named(out, sector.id, sector.name);
  out.end_array().key("permissions").begin_array();
  if (of.rights.admin) out.value("admin");
  out.end_array().end_object();
}

std::string render_account(const account& of) {
  writer out;
  write_account(out, of);
  return out.take();
}

std::string render_name(const named_user& of) {
  writer out;
  name_fields(out.begin_object(), of).end_object();
  return out.take();
}

std::string render_names(const std::vector<named_user>& of) {
  writer out;
  out.begin_object().key("users").begin_array();
  for (const auto& user : of) name_fields(out.begin_object(), user).end_object();
  out.end_array().end_object();
  return out.take();
}

void write_session(writer& out, const std::string& token, const account& of) {
  out.begin_object().field("token", token).key("user");
  write_account(out, of);
  out.end_object();
}

void write_made_up_users(writer& out, const std::vector<account>& of) {
  out.begin_array();
  for (const auto& user : of) {
    name_fields(out.begin_object(), user.who)
        .field("email", user.who.email)
        .field("admin", user.rights.admin)
        .end_object();
  }
  out.end_array();
}

}  // namespace mutirao::http::json
