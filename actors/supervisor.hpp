// The supervisor actor: requests in, jobs claimed, one job actor each, none of them able to take it
// down.
#pragma once

#include <chrono>
#include <functional>
#include <vector>

#include "actors/interfaces.hpp"
#include "domain/ports/clock.hpp"
#include "domain/ports/telemetry.hpp"

namespace mutirao::actors {

struct supervisor_limits {
  std::size_t live_jobs = 512;   // claimed at a time; the others wait as rows
  std::size_t ended_jobs = 256;  // actors kept to answer for jobs whose run is over
  int deaths = 3;                // of one job's actor, before the job is failed
  std::int64_t crash_limit = 3;  // deaths of the process while a suspect runs, likewise
  // While there are jobs the process says so often that it lives, each time for so long.
  std::chrono::milliseconds heartbeat = std::chrono::seconds(2);
  std::chrono::milliseconds lease = std::chrono::seconds(10);
  admission_limits admission;
};

using job_factory = std::function<job_actor(const supervisor_actor& supervisor,
                                            const job_type* type, claimed_job job)>;

struct supervisor_surroundings {
  store_actor store;
  std::vector<reader_actor> readers;  // at least one
  job_factory spawn_job;
  const job_types* types = nullptr;
  const clock* time = nullptr;
  randomness* chance = nullptr;
  telemetry* log = nullptr;
  supervisor_limits limits;
  // Other processes change jobs too: how one stands is asked of the store alone, lest somebody who
  // has seen it elsewhere sees it go back here.
  bool shared = false;
};

supervisor_actor::behavior_type run_supervisor(supervisor_actor::pointer self,
                                               supervisor_surroundings around);

}  // namespace mutirao::actors
