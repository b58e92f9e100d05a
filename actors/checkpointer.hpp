// The checkpointer actor: keeps the store's log short without holding up its commits.
#pragma once

#include "actors/interfaces.hpp"

namespace mutirao::actors {

/// `store` outlives the actor. Blocks: detached, but in tests.
checkpointer_actor::behavior_type run_checkpointer(checkpointer_actor::pointer self,
                                                   job_store* store);

}  // namespace mutirao::actors
