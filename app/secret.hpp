// The secret that signs tokens.
#pragma once

#include <string>

#include "app/option_reader.hpp"
#include "domain/error.hpp"

namespace mutirao::app {

inline constexpr std::size_t least_secret_bytes = 32;

/// --jwt-secret-file, of `serve` and `token`. The secret itself is no option: it would be read by
/// everybody who lists processes.
option_spec secret_file_option();

/// From --jwt-secret-file where that flag is given, else MUTIRAO_JWT_SECRET, else the file that
/// environment or configuration name; empty where none of them is. One line end at the end of the
/// file is no part of it. errc::invalid_field, with the mend, where the file cannot be read or the
/// secret is shorter than 32 bytes.
expected<std::string> find_secret(const option_reader& given);

/// 64 random letters and digits. errc::internal where the system gives no randomness.
expected<std::string> make_secret();

}  // namespace mutirao::app
