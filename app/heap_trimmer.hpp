// When the allocator is asked to give back what an onslaught of clients left.
#pragma once

#include <cstddef>
#include <cstdint>

namespace mutirao::app {

/// The allocator keeps what it was once asked for; to have it given back it walks its heap, for
/// milliseconds in which who allocates waits. So that is done where most of many clients that came
/// have gone and no more are going, and again until it brings nothing: what they asked for may be
/// freed later than their connections.
class heap_trimmer {
 public:
  /// To be called with each look at the connections, about once a second. `accepted` counts those
  /// that ever came, `open` those that are there.
  bool is_due(std::uint64_t accepted, std::uint64_t open);

  /// What the walk that was due gave back, in bytes.
  void gave_back(std::size_t bytes);

 private:
  std::uint64_t gone_before_ = 0;  // accepted connections that no later walk is due for
  std::uint64_t open_before_ = 0;
  int walks_due_ = 0;
};

/// Resident memory of this process, in bytes; 0 where the system does not tell.
std::size_t resident_bytes();

}  // namespace mutirao::app
