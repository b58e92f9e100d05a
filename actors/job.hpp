// The job actor: one domain::job_run, with messages for ears and hands.
#pragma once

#include "actors/interfaces.hpp"
#include "domain/ports/clock.hpp"
#include "domain/ports/telemetry.hpp"

namespace mutirao::actors {

struct job_surroundings {
  supervisor_actor supervisor;
  pool_actor pool;
  store_actor store;
  const clock* time = nullptr;
  randomness* chance = nullptr;
  telemetry* log = nullptr;
  run_limits limits;
};

/// Begins with start_atom. `type`: nothing only where the job is being cancelled.
job_actor::behavior_type run_job(job_actor::pointer self, job_surroundings around,
                                 const job_type* type, claimed_job job);

}  // namespace mutirao::actors
