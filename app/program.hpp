// The program as a function, so that tests can call it.
#pragma once

#include <string>
#include <vector>

#include "app/console.hpp"
#include "app/option_values.hpp"

namespace mutirao::app {

/// Runs the subcommand that `arguments` (without the program's name) name. Returns the exit code.
/// Throws nothing.
int run_program(const std::vector<std::string>& arguments, const environment& variables,
                const console& terminal) noexcept;

}  // namespace mutirao::app
