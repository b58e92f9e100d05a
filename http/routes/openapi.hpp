// GET /api/openapi.json: what this API is, for programs and for the page that shows it.
#pragma once

#include <string_view>

#include "http/exchange.hpp"
#include "http/language.hpp"

namespace mutirao::http::routes {

/// In the language of Accept-Language.
void openapi(const exchange_ptr& at);

/// http/openapi.json as it was built in, in OpenAPI 3.1; in Portuguese with the texts of
/// http/openapi.pt.json in the place of its own.
std::string_view openapi_text(language speaks);

}  // namespace mutirao::http::routes
