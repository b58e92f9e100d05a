// The names that an answer shows, and who keeps them fresh.
#pragma once

#include <memory>

#include "http/context.hpp"

namespace mutirao::http {

/// Never waits; where the names are old they are read again for those who ask later.
std::shared_ptr<const known_names> names_for(const context& site);

}  // namespace mutirao::http
