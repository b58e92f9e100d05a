// A schedule as clients see it.
#pragma once

#include <string>

#include "domain/job_type.hpp"
#include "domain/ports/schedules.hpp"
#include "http/json/writer.hpp"

namespace mutirao::http::json {

std::string render_schedule(const schedule& of, const job_types& types);

/// `{schedules:[...], nextCursor}`.
std::string render_schedules(const list_schedules::answer& page, const job_types& types);

/// The body of a 202: a job will be started later.
std::string render_start_later(const schedule& of);

}  // namespace mutirao::http::json
