// The notifier actor: tells listeners and the log what was committed.
#pragma once

#include "actors/interfaces.hpp"
#include "domain/ports/telemetry.hpp"

namespace mutirao::actors {

notifier_actor::behavior_type run_notifier(notifier_actor::pointer self, telemetry* log);

}  // namespace mutirao::actors
