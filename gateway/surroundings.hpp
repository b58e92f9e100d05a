// What door and sessions are given from outside, and may spend.
#pragma once

#include <atomic>
#include <caf/actor.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "gateway/flow.hpp"
#include "rest/transfers.hpp"

namespace mutirao::gateway {

/// A line of the log: the name of what happened, and pairs. Safe from any thread.
using log_line = std::function<void(std::string_view event,
                                    const std::vector<std::pair<std::string, std::string>>&)>;

struct session_limits {
  std::size_t sessions = 1'000;
  std::size_t subscriptions = 32;                 // of a session
  std::size_t requests = 256;                     // of a session, unanswered
  std::size_t unacknowledged_bytes = 384 * 1024;  // of a session
  flow_limits flow;
  std::chrono::milliseconds request_deadline{10'000};
  // Before a stream that broke off is asked for again.
  std::chrono::milliseconds stream_pause{1'000};
};

struct surroundings {
  rest::transfers* service = nullptr;  // outlives all sessions
  std::string server;                  // a version, for the welcome
  session_limits limits;
  caf::actor anchor;  // who it takes with it when it ends: the door and all sessions
  log_line log = [](auto, const auto&) {};
  std::shared_ptr<std::atomic<std::size_t>> sessions =
      std::make_shared<std::atomic<std::size_t>>(0);  // open now
};

using surroundings_ptr = std::shared_ptr<const surroundings>;

/// A place among the open sessions, from the hello until the session is gone, however it goes.
class session_slot {
 public:
  /// Nothing where there are too many.
  static std::shared_ptr<const session_slot> take(const surroundings& from) {
    auto& open = *from.sessions;
    std::size_t before = open;
    while (before < from.limits.sessions) {
      if (open.compare_exchange_weak(before, before + 1)) {
        return std::shared_ptr<const session_slot>(new session_slot(from.sessions));
      }
    }
    return nullptr;
  }
  ~session_slot() { --*open_; }
  session_slot(const session_slot&) = delete;
  session_slot& operator=(const session_slot&) = delete;

 private:
  explicit session_slot(std::shared_ptr<std::atomic<std::size_t>> open) : open_(std::move(open)) {}
  std::shared_ptr<std::atomic<std::size_t>> open_;
};
using session_slot_ptr = std::shared_ptr<const session_slot>;

}  // namespace mutirao::gateway
