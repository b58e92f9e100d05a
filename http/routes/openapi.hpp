// GET /api/openapi.json: what this API is, for programs and for the page that shows it.
#pragma once

#include <string_view>

#include "http/exchange.hpp"

namespace mutirao::http::routes {

/// http/openapi.json as it was built in, in OpenAPI 3.1.
void openapi(const exchange_ptr& at);
std::string_view openapi_text();

}  // namespace mutirao::http::routes
