// What all connections of one edge share.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>

#include "http/edge/hooks.hpp"
#include "http/edge/limits.hpp"
#include "http/edge/outlet_registry.hpp"

namespace mutirao::http {

/// Counts of one worker thread; other threads add to them too, but seldom.
struct alignas(64) worker_counters {
  std::atomic<std::uint64_t> accepted{0};
  std::atomic<std::uint64_t> refused{0};
  std::atomic<std::uint64_t> requests{0};
  std::atomic<std::uint64_t> malformed{0};
  std::atomic<std::uint64_t> dropped{0};
  std::atomic<std::uint64_t> late{0};
  std::atomic<std::uint64_t> threw{0};
  std::atomic<std::uint64_t> cut_slow{0};
  std::atomic<std::uint64_t> cut_deadline{0};
  std::atomic<std::uint64_t> upgraded{0};
};

inline void count(std::atomic<std::uint64_t>& counter) {
  counter.fetch_add(1, std::memory_order_relaxed);
}

struct edge_core {
  edge_limits limits;
  edge_hooks hooks;
  std::deque<worker_counters> workers;  // filled before the first connection
  outlet_registry outlets;
  std::atomic<bool> draining{false};
  std::atomic<std::size_t> served{0};    // connections now, without refused ones
  std::atomic<std::size_t> refusing{0};  // refused ones that are read on

  /// The answer to an error of the edge's own; `code`'s bare status where the hook fails.
  response render_problem(errc code, const refused_request& what) const;
};

}  // namespace mutirao::http
