// The types of job that this service runs.
#pragma once

#include "domain/job_type.hpp"

namespace mutirao::app {

job_types registered_job_types(bool dev = false);

}  // namespace mutirao::app
