// Notifications: list, read one, read all.
#pragma once

#include "http/exchange.hpp"

namespace mutirao::http::routes {

/// GET /api/notificacoes
void notifications_of_caller(const exchange_ptr& at);
/// POST /api/notificacoes/:id/read
void read_one(const exchange_ptr& at);
/// POST /api/notificacoes/read-all
void read_all(const exchange_ptr& at);

}  // namespace mutirao::http::routes
