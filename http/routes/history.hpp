// What happened: to a job, and in the last hour.
#pragma once

#include "http/exchange.hpp"

namespace mutirao::http::routes {

/// GET /api/empresas/jobs/:jobId/timeline
void timeline_of_job(const exchange_ptr& at);
/// GET /api/stats
void recent_stats(const exchange_ptr& at);

}  // namespace mutirao::http::routes
