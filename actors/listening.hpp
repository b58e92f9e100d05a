// The listening actor: hears what other processes on the same database commit, and tells those here
// whom it concerns.
#pragma once

#include <chrono>

#include "actors/interfaces.hpp"
#include "domain/ports/neighbours.hpp"
#include "domain/ports/telemetry.hpp"

namespace mutirao::actors {

struct listening_limits {
  std::chrono::milliseconds wait{200};  // for news; a stop takes so long
  // Looks for what a dead process left, and for what no news told of.
  std::chrono::milliseconds look_again{500};
  std::chrono::milliseconds pause{250};  // before a database that does not answer is asked again
};

struct listening_surroundings {
  neighbours* others = nullptr;
  supervisor_actor supervisor;
  notifier_actor notifier;
  pruner_actor pruner;        // nobody: nothing is pruned
  courier_actor courier;      // nobody: nothing is delivered
  scheduler_actor scheduler;  // nobody: nothing is fired
  telemetry* log = nullptr;
  listening_limits limits;
};

/// Its first tick begins. What `around` points to outlives the actor. Blocks its thread while it
/// waits: detached.
listening_actor::behavior_type run_listening(listening_actor::pointer self,
                                             listening_surroundings around);

}  // namespace mutirao::actors
