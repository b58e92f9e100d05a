// Jobs: start, status, list, items.
#pragma once

#include "http/exchange.hpp"

namespace mutirao::http::routes {

/// POST /api/empresas/unidade/:unidade_id/auto-tarefas
void generate_for_unit(const exchange_ptr& at);
/// GET /api/empresas/jobs
void jobs_of_caller(const exchange_ptr& at);
/// GET /api/empresas/jobs/:jobId
void job_status(const exchange_ptr& at);
/// GET /api/empresas/jobs/:jobId/items
void job_items(const exchange_ptr& at);

}  // namespace mutirao::http::routes
