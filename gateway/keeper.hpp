// Publishes the door, and publishes another where it dies: a peer may kill what is published, and
// CAF would leave the port open with nobody behind it.
#pragma once

#include <caf/actor.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/io/middleman_actor.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <set>
#include <string>

#include "gateway/surroundings.hpp"

namespace mutirao::gateway {

struct publication {
  std::function<caf::strong_actor_ptr(caf::actor_system&)> spawn_door;
  std::set<std::string> interface;
  caf::io::middleman_actor net;  // with TLS or without
  std::string host;
  std::uint16_t port = 0;  // 0: any free one, then the same for ever
  log_line log;
  std::chrono::milliseconds pause{200};  // before it is tried again
};

using open_atom = caf::atom_constant<caf::atom("open")>;
using again_atom = caf::atom_constant<caf::atom("again")>;

/// Answers `open_atom` with the port once the door is published, or with why it cannot be. Passes a
/// continuation on to the door.
caf::behavior run_keeper(caf::event_based_actor* self, publication what);

}  // namespace mutirao::gateway
