// Keeps the connections of a port within bounds. CAF never closes a connection that says nothing
// before its handshake, and knows no limit: here such connections are shut down from outside, and
// CAF closes them as if their peers had.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>

namespace mutirao::gateway {

struct guard_limits {
  // Nothing received for so long. Peers send heartbeats more often.
  std::chrono::milliseconds silence{12'000};
  std::size_t connections = 2'000;  // beyond, those that have said least go first
};

struct guard_sight {
  std::size_t open = 0;
  std::size_t cut = 0;
};

/// Looks at this process's connections to `port`, once.
guard_sight guard_connections(std::uint16_t port, const guard_limits& limits);

}  // namespace mutirao::gateway
