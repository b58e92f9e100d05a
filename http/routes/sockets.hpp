// What of /socket.io/ is an ordinary request: never a socket.
#pragma once

#include "http/exchange.hpp"

namespace mutirao::http::routes {

/// 400 with engine.io's own object, which its clients understand.
void refuse_socket(const exchange_ptr& at);

}  // namespace mutirao::http::routes
