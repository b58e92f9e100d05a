// The pool actor: the cap on batches in flight, and the turn of each job.
#pragma once

#include <chrono>
#include <functional>

#include "actors/interfaces.hpp"
#include "domain/ports/telemetry.hpp"

namespace mutirao::actors {

struct pool_limits {
  std::size_t workers = 2;
  // What one worker has at a time: some large batches, one planned while the other is committed,
  // and beside them small ones, which therefore never wait for a large one to end.
  std::size_t large_items_each = 1'000;
  std::size_t small_each = 8;
  std::size_t small_items = 50;  // a batch of so many is small
  // A batch that nothing came back of for so long is given back to its job.
  std::chrono::milliseconds stall_after = std::chrono::minutes(1);
};

/// `spawn_worker` makes the worker of a slot (0 .. workers - 1), again where the slot's worker
/// died.
using worker_factory = std::function<worker_actor(std::size_t slot, const pool_actor& pool)>;

/// Begins with start_atom.
pool_actor::behavior_type run_pool(pool_actor::pointer self, worker_factory spawn_worker,
                                   telemetry* log, pool_limits limits);

}  // namespace mutirao::actors
