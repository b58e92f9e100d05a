// The reader actor: answers questions from its own connection.
#pragma once

#include "actors/interfaces.hpp"
#include "domain/ports/telemetry.hpp"

namespace mutirao::actors {

/// `source` belongs to this actor alone and outlives it, as does `log`. Blocks: detached, but in
/// tests.
reader_actor::behavior_type run_reader(reader_actor::pointer self, reads* source, telemetry* log);

}  // namespace mutirao::actors
