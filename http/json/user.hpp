// Users and sessions as JSON.
#pragma once

#include <string>
#include <vector>

#include "domain/user.hpp"
#include "http/json/writer.hpp"

namespace mutirao::http::json {

/// {id, nome, sobrenome, email, cargoId, cargo, unidades, setores, permissions}
void write_account(writer& out, const account& of);
std::string render_account(const account& of);

/// {id, nome, sobrenome}
std::string render_name(const named_user& of);
/// {"users": [{id, nome, sobrenome}]}
std::string render_names(const std::vector<named_user>& of);

/// {token, user}
void write_session(writer& out, const std::string& token, const account& of);

/// [{id, nome, sobrenome, email, admin}]
void write_made_up_users(writer& out, const std::vector<account>& of);

}  // namespace mutirao::http::json
