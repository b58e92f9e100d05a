// Events of jobs, as a store would tell them.
#pragma once

#include <cstdint>

#include "domain/job.hpp"

namespace mutirao::testing {

inline job_event event_of(const job_view& job, std::int64_t number, job_event::kind what) {
  job_event event;
  event.user = job.user;
  event.sequence = number;
  event.job = job.id;
  event.what = what;
  return event;
}

}  // namespace mutirao::testing
