// The notifier actor: after each commit tells listeners and the log what happened.
#pragma once

#include <cstddef>

#include "actors/interfaces.hpp"
#include "domain/ports/telemetry.hpp"

namespace mutirao::actors {

struct notifier_limits {
  // A user may be a back end that listens for all of its own users: the limit is there against
  // clients that open streams and forget them.
  std::size_t listeners_per_user = 3'000;
};

/// `log` outlives the actor.
notifier_actor::behavior_type run_notifier(notifier_actor::pointer self, telemetry* log,
                                           notifier_limits limits);

}  // namespace mutirao::actors
