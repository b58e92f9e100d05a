// Tokens as text: claims signed with HS256, by libjwt.
#pragma once

#include <optional>
#include <string>

#include "domain/error.hpp"

namespace mutirao::http {

/// `claims`: a JSON object. errc::internal.
expected<std::string> encode_jwt(const std::string& claims, const std::string& key);

/// The claims, JSON, of a token that was signed with this key and no other algorithm; nothing for
/// any other.
std::optional<std::string> decode_jwt(const std::string& token, const std::string& key);

}  // namespace mutirao::http
