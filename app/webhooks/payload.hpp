// What a webhook says.
#pragma once

#include <string>
#include <string_view>

#include "domain/job.hpp"
#include "domain/job_type.hpp"

namespace mutirao::app {

/// `{"type":"job.completed","timestamp":"...","data":{...}}`: the job as of the event, as in a list
/// of jobs (without result.details).
std::string render_webhook(std::string_view type, instant at, const job_view& job,
                           const job_types& types);

}  // namespace mutirao::app
