// Every route of the service.
#pragma once

#include <vector>

#include "http/router.hpp"

namespace mutirao::http::routes {

std::vector<route> table();

}  // namespace mutirao::http::routes
