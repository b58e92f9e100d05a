// The pool actor: the cap on batches in flight, and the turn of each job.
#pragma once

#include <functional>

#include "actors/interfaces.hpp"
#include "domain/ports/telemetry.hpp"

namespace mutirao::actors {

struct pool_limits {
  std::size_t workers = 2;
  // What one worker has at a time: two large batches, one planned while the other is committed, or
  // more small ones, so that a commit has enough to carry.
  std::size_t items_each = 1'000;
  std::size_t batches_each = 8;
};

/// `spawn_worker` makes the worker of a slot (0 .. workers - 1), again where the slot's worker
/// died.
using worker_factory = std::function<worker_actor(std::size_t slot, const pool_actor& pool)>;

/// Begins with start_atom.
pool_actor::behavior_type run_pool(pool_actor::pointer self, worker_factory spawn_worker,
                                   telemetry* log, pool_limits limits);

}  // namespace mutirao::actors
