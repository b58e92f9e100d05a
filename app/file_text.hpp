// A file that an option names, as text.
#pragma once

#include <string>
#include <string_view>

#include "domain/error.hpp"

namespace mutirao::app {

/// errc::invalid_field where it cannot be read, or is a folder and not `wanted`; the detail names
/// the path.
expected<std::string> read_file(const std::string& path, std::string_view wanted = "a file");

}  // namespace mutirao::app
