// Which build this is.
#pragma once

#include <string_view>

namespace mutirao::app {

std::string_view version();       // e.g. 0.1.0
std::string_view commit();        // short hash, "unknown" outside a checkout
std::string_view version_line();  // "mutirao 0.1.0 (4d72d02)"

}  // namespace mutirao::app
