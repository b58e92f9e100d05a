// Passwords by Argon2id, as libsodium has it. The only file that knows libsodium is its .cpp.
#pragma once

#include <memory>

#include "domain/ports/passwords.hpp"

namespace mutirao::app {

/// Two passes over 64 MiB (libsodium's limits for signing in). Safe from any thread.
/// errc::internal where the system gives no randomness.
expected<std::unique_ptr<password_hasher>> argon2id_hasher();

}  // namespace mutirao::app
