// The server's clock, as a process sees it: steady between two looks, whatever becomes of the
// machine's own.
#pragma once

#include <atomic>
#include <chrono>

#include "domain/date.hpp"

namespace mutirao::storage::postgres {

#define MUTIRAO_DATABASE_NOW "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)"

/// Safe from any thread.
class server_time {
 public:
  using steady = std::chrono::steady_clock;

  /// The server said `now` at some moment between the two.
  void set(std::chrono::milliseconds now, steady::time_point asked, steady::time_point answered) {
    ahead_ = (now - in_ms(asked + (answered - asked) / 2)).count();
  }
  instant now() const {
    return instant(in_ms(steady::now()) + std::chrono::milliseconds(ahead_.load()));
  }

 private:
  static std::chrono::milliseconds in_ms(steady::time_point at) {
    return std::chrono::floor<std::chrono::milliseconds>(at.time_since_epoch());
  }

  std::atomic<std::int64_t> ahead_{0};  // of the steady clock, in milliseconds
};

}  // namespace mutirao::storage::postgres
