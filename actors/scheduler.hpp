// The scheduler actor: has the jobs of schedules submitted when they are due, one for each due time
// and unit.
#pragma once

#include <chrono>
#include <cstddef>

#include "actors/interfaces.hpp"
#include "domain/ports/calendar.hpp"
#include "domain/ports/clock.hpp"
#include "domain/ports/telemetry.hpp"

namespace mutirao::actors {

struct scheduler_limits {
  std::size_t at_once = 16;  // schedules that are fired at a time, each unit after unit
  // Before what was refused for a passing reason is asked for again; doubled each time.
  std::chrono::milliseconds first_pause{1'000};
  std::chrono::milliseconds longest_pause{60'000};
  std::chrono::milliseconds longest_sleep{60'000};  // the wall clock may be set meanwhile
  // Of errors that may be the job's own fault: then it is refused for good.
  int attempts = 8;
  // A type of job that is not known here is left to others on the database, and not refused.
  bool leaves_unknown_types = false;
};

struct scheduler_surroundings {
  const job_types* types = nullptr;
  const clock* time = nullptr;
  const calendar* zones = nullptr;
  randomness* chance = nullptr;
  telemetry* log = nullptr;
  scheduler_limits limits;
};

scheduler_actor::behavior_type run_scheduler(scheduler_actor::pointer self,
                                             scheduler_surroundings around);

}  // namespace mutirao::actors
