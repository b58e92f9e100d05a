// Jobs: start, status, list, items, and what their owners may do with them.
#pragma once

#include "http/exchange.hpp"

namespace mutirao::http::routes {

/// POST /api/empresas/unidade/:unidade_id/auto-tarefas
void generate_for_unit(const exchange_ptr& at);
/// POST /api/jobs: a job of any type. Of a CSV in it, 16 MiB are taken.
void start_job(const exchange_ptr& at);
inline constexpr std::size_t bytes_of_new_job = 20U << 20U;
/// GET /api/job-types
void types_of_jobs(const exchange_ptr& at);
/// GET /api/empresas/jobs
void jobs_of_caller(const exchange_ptr& at);
/// GET /api/empresas/jobs/:jobId
void job_status(const exchange_ptr& at);
/// GET /api/empresas/jobs/:jobId/items, with `groups=320` as a map of all of them
void job_items(const exchange_ptr& at);

// Answered with the job: 202, or 200 where it was so already. By owner and admins only.

/// POST /api/empresas/jobs/:jobId/cancel
void cancel_job(const exchange_ptr& at);
/// POST /api/empresas/jobs/:jobId/retry
void retry_job(const exchange_ptr& at);
/// POST /api/empresas/jobs/:jobId/pause
void pause_job(const exchange_ptr& at);
/// POST /api/empresas/jobs/:jobId/resume
void resume_job(const exchange_ptr& at);
/// PUT /api/empresas/jobs/:jobId/priority: always 200; it counts where the job waits, and from its
/// next batch on
void prioritize_job(const exchange_ptr& at);

}  // namespace mutirao::http::routes
