// A job object of the HTTP API, parsed.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "app/client/job_progress.hpp"

namespace mutirao::app {

/// errc::invalid_json where it is no job.
expected<job_summary> summarize_job(const nlohmann::json& object);

}  // namespace mutirao::app
