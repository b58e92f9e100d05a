// Reads the bodies below /api/auth.
#pragma once

#include <string>
#include <string_view>

#include "domain/error.hpp"
#include "domain/ids.hpp"

namespace mutirao::http {

struct credentials {
  std::string email;  // normalized
  std::string password;
};

/// `email`, and `senha` or `password`: texts that are not empty, of at most 254 and 1,024 bytes.
/// errc::invalid_json, missing_field, invalid_field with the name.
expected<credentials> read_credentials(std::string_view body);

/// `id`. Errors as above.
expected<user_id> read_made_up_user(std::string_view body);

}  // namespace mutirao::http
