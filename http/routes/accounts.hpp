// Signing in and out. A page keeps its token in memory; a cookie that scripts cannot read lets it
// find its session again (decision 16). No answer may be kept by a cache.
#pragma once

#include "http/exchange.hpp"

namespace mutirao::http::routes {

inline constexpr std::size_t bytes_of_sign_in = 8u << 10;

/// POST /api/auth/login. The same 401 for an unknown e-mail, a wrong password and a disabled user;
/// 429 where there were too many wrong tries, 503 where too many sign in at a time.
void sign_in(const exchange_ptr& at);

/// POST /api/auth/renew, by the header or the cookie: a fresh token, with the rights that are
/// stored now. 401 also where the user is not stored here, is disabled, or has another password
/// since.
void renew_session(const exchange_ptr& at);

/// POST /api/auth/session, by the cookie: never an error. What renew answers, where there is such a
/// session, and with --dev whom to sign in as.
void find_session(const exchange_ptr& at);

/// POST /api/auth/dev: as one of the made-up users. 404 without --dev, and under a name of this
/// machine that others could own.
void sign_in_made_up(const exchange_ptr& at);

/// POST /api/auth/logout: the cookie goes.
void sign_out(const exchange_ptr& at);

}  // namespace mutirao::http::routes
