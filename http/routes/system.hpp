// For operators: health, version, measures. Without token.
#pragma once

#include "http/exchange.hpp"

namespace mutirao::http::routes {

/// GET /health/live
void alive(const exchange_ptr& at);
/// GET /health/ready: 503 while the service would refuse work.
void ready(const exchange_ptr& at);
/// GET /version
void version(const exchange_ptr& at);
/// GET /metrics
void metrics(const exchange_ptr& at);

}  // namespace mutirao::http::routes
