// Streams of server-sent events, and the tickets that open them. See docs/push.md.
#pragma once

#include "http/exchange.hpp"

namespace mutirao::http::routes {

/// GET /api/empresas/jobs/:jobId/events
void job_events(const exchange_ptr& at);
/// GET /api/notificacoes/stream
void events_of_caller(const exchange_ptr& at);
/// POST /api/stream-tickets
void issue_ticket(const exchange_ptr& at);

}  // namespace mutirao::http::routes
