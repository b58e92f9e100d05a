// What became of a job's webhooks.
#pragma once

#include "http/exchange.hpp"

namespace mutirao::http::routes {

/// GET /api/empresas/jobs/:jobId/entregas, for owner (of the job's own URLs) and admins (of all).
void deliveries_of_job(const exchange_ptr& at);

}  // namespace mutirao::http::routes
