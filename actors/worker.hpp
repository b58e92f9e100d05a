// The worker actor: plans a batch on its own connection, has it committed, tells job and pool.
#pragma once

#include "actors/interfaces.hpp"
#include "domain/ports/clock.hpp"
#include "domain/ports/telemetry.hpp"

namespace mutirao::actors {

/// `source` belongs to this actor alone; all pointers outlive it. Blocks while it reads: detached,
/// but in tests. It does not wait for the commit, so it can plan one batch while another is
/// written.
worker_actor::behavior_type run_worker(worker_actor::pointer self, pool_actor pool,
                                       store_actor store, reads* source, const clock* time,
                                       telemetry* log);

}  // namespace mutirao::actors
