// The cookie by which a page finds its session again when it is opened anew: a token that scripts
// cannot read. It signs nobody in anywhere but below /api/auth; every other route wants the header.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "http/edge/request.hpp"

namespace mutirao::http {

/// Browsers keep no cookie larger than 4 KiB, name and attributes included.
inline constexpr std::size_t most_cookie_token_bytes = 3800;

/// The tokens of the session cookies that `what` brings, first things first; several where others
/// have set some of the same name. None of a request from a page of another origin
/// (Sec-Fetch-Site): a sibling host or another port is the same *site*, and gets the cookie sent
/// along.
std::vector<std::string_view> session_tokens(const request& what);

/// Whether the page that sent it is of another origin.
bool is_from_elsewhere(const request& what);

/// Whether it was sent to a name of this machine itself (localhost, 127.0.0.0/8, ::1), so that no
/// name that somebody else owns can be made to point here. False where it names no host.
bool is_for_this_machine(const request& what);

/// Values of Set-Cookie. Secure where the proxy in front says that it was asked by https.
std::string session_cookie(const request& what, std::string_view token,
                           std::chrono::seconds lifetime);
std::string cleared_session_cookie(const request& what);

}  // namespace mutirao::http
