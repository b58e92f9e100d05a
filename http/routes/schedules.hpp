// Schedules: made, listed, shown, deleted. By their owner and admins; for anybody else they do not
// exist.
#pragma once

#include "http/exchange.hpp"
#include "http/schedule_body.hpp"

namespace mutirao::http::routes {

/// POST /api/schedules
void add_schedule(const exchange_ptr& at);
/// GET /api/schedules
void schedules_of_caller(const exchange_ptr& at);
/// GET /api/schedules/:id
void schedule_by_id(const exchange_ptr& at);
/// DELETE /api/schedules/:id
void remove_schedule(const exchange_ptr& at);

/// What a POST with `runAt` answers: 202 once it is stored that the job is to be started then.
void start_later(const exchange_ptr& at, schedule_order order);

}  // namespace mutirao::http::routes
