// Slows down who guesses passwords: after a few wrong tries for one address, each further one
// waits, longer and longer. Addresses that nobody has are treated alike.
#pragma once

#include <chrono>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>

#include "domain/ports/clock.hpp"
#include "http/lru_map.hpp"

namespace mutirao::http {

struct throttle_limits {
  int free_tries = 5;
  std::chrono::seconds first_pause{5};  // after the last free one; doubles with each further one
  std::chrono::seconds longest_pause{300};
  std::chrono::seconds forgets_after{3600};  // without a try
  std::size_t addresses = 20'000;            // the least recently tried one goes
};

/// In memory: a restart forgets. Safe from any thread.
class sign_in_throttle {
 public:
  explicit sign_in_throttle(throttle_limits limits = {})
      : limits_(limits), tried_(limits.addresses) {}

  /// Nothing: go on; it counts as wrong until right() or not_tried() says otherwise, so that tries
  /// at the same time count too. Else in how many seconds to try again; that is no further try.
  std::optional<std::chrono::seconds> begin(const std::string& email, instant now);

  /// The password was right: all is forgotten.
  void right(const std::string& email);
  /// It could not be checked after all.
  void not_tried(const std::string& email);

 private:
  struct tries {
    int count = 0;
    instant last;
    instant wait_until;
  };
  std::chrono::seconds pause_after(int count) const;

  throttle_limits limits_;
  std::mutex mutex_;
  lru_map<std::string, tries> tried_;
};

}  // namespace mutirao::http
