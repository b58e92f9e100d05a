// The pruner actor: keeps the store from growing for ever, without being noticed.
#pragma once

#include <chrono>

#include "actors/interfaces.hpp"
#include "domain/ports/clock.hpp"
#include "domain/ports/telemetry.hpp"

namespace mutirao::actors {

struct retention_limits {
  std::chrono::milliseconds keep{std::chrono::hours{24}};    // after the end, or the reading
  std::chrono::milliseconds every{std::chrono::minutes{1}};  // between two sweeps
  std::chrono::milliseconds pause{20};                       // between two steps of a sweep
  std::chrono::microseconds step{
      10'000};  // of the writer's time; a longer one is followed by a smaller
};

struct pruner_surroundings {
  store_actor store;
  supervisor_actor supervisor;
  const clock* time = nullptr;
  telemetry* log = nullptr;
  retention_limits limits;
};

/// Its first tick begins the first sweep.
pruner_actor::behavior_type run_pruner(pruner_actor::pointer self, pruner_surroundings around);

}  // namespace mutirao::actors
