// Where the password of a command comes from: asked for without echo on a terminal, else the first
// line of the standard input. Never from the arguments, which everybody on the machine can read.
#pragma once

#include <string>

#include "app/console.hpp"
#include "domain/error.hpp"

namespace mutirao::app {

/// Asks twice on a terminal. errc::invalid_field where there is none, both differ, or it is not of
/// 8 characters to 1,024 bytes.
expected<std::string> read_new_password(const console& terminal);

}  // namespace mutirao::app
