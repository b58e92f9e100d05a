// What the edge answers to its own errors where the service gives no better text.
#pragma once

#include "domain/error.hpp"
#include "http/edge/response.hpp"

namespace mutirao::http {

/// A problem+json with the status of `code` and the status's own phrase as title.
response bare_problem(errc code);

}  // namespace mutirao::http
