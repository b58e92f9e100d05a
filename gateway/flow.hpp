// What waits for one subscriber, and what it has not acknowledged: credit as values, no actor.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "mutirao/protocol.hpp"

namespace mutirao::gateway {

using told = std::variant<protocol::v1::job_event, protocol::v1::notification_event>;

std::size_t size_of(const told& event);
const std::string& number_of(const told& event);

struct flow_limits {
  std::uint32_t largest_window = 256;  // events
  std::size_t waiting_events = 64;
  std::size_t waiting_bytes = 8 * 1024;
};

class flow {
 public:
  flow(std::uint64_t subscription, std::uint32_t window, const flow_limits& limits = {});

  /// Where the stream begins, before its first event.
  void begin_at(std::string number) { last_ = std::move(number); }
  /// States of a job, which no number keeps, replace the one that waits; what is stored queues up.
  void put(told&& event);
  /// More waits than may: what follows is to be fetched again later, from behind `last()`.
  bool full() const;
  /// The number of the newest event that was put here; empty before the first.
  const std::string& last() const { return last_; }
  bool waits() const { return !waiting_.empty(); }

  /// The next event to send, numbered; nothing where none waits or there is no credit. `room`: how
  /// many bytes may go out unacknowledged beside what is out already; one event may always.
  std::optional<told> next(std::size_t room);
  void acknowledge(std::uint64_t serial);

  std::size_t unacknowledged_bytes() const { return out_bytes_; }
  std::size_t waiting_bytes() const { return waiting_bytes_; }

 private:
  std::uint64_t subscription_;
  std::uint32_t window_;
  flow_limits limits_;
  std::deque<std::pair<told, std::size_t>> waiting_;
  std::size_t waiting_bytes_ = 0;
  std::deque<std::pair<std::uint64_t, std::size_t>> out_;  // serial and bytes of each
  std::size_t out_bytes_ = 0;
  std::uint64_t serial_ = 0;  // of the last sent
  std::string last_;
};

}  // namespace mutirao::gateway
