// Who there is: names for everybody who has signed in, accounts for themselves and admins.
#pragma once

#include "http/exchange.hpp"

namespace mutirao::http::routes {

/// GET /api/usuarios: without those that are disabled.
void users(const exchange_ptr& at);
/// GET /api/usuarios/unidade/:id: who belongs to the unit or is responsible for a company there.
void users_of_unit(const exchange_ptr& at);
/// GET /api/usuarios/:id, disabled ones too; e-mail, units and the like for that user and admins.
void user_by_id(const exchange_ptr& at);

}  // namespace mutirao::http::routes
