// The actors that carry questions from the edge's threads to other actors and bring answers back.
//
// A few that live as long as the server, and requests without a timer: CAF's timer of a request
// keeps its asker alive until the timeout even where the answer has come, and wakes the clock's
// thread each time. The edge answers 504 at its own deadline; what comes later is not sent.
#pragma once

#include <atomic>
#include <caf/actor.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/fwd.hpp>
#include <cstddef>
#include <functional>
#include <vector>

namespace mutirao::http {

class askers {
 public:
  /// At least one. `system` outlives this.
  askers(caf::actor_system& system, std::size_t count);
  /// Stops.
  ~askers();
  askers(const askers&) = delete;
  askers& operator=(const askers&) = delete;

  /// Runs `put` in one of them, soon. It must not wait. After stop() it is dropped unrun.
  void run(std::function<void(caf::event_based_actor*)> put) const;

  /// Runs `work`, which takes its time, on a thread apart, one after the other: no answer to
  /// anybody else waits for it. What it throws is its own to catch. After stop() it is dropped
  /// unrun.
  void run_aside(std::function<void()> work) const;

  /// Drops what was asked and not answered; returns when nothing runs any more. Again: nothing.
  void stop();

 private:
  caf::actor_system& system_;
  std::vector<caf::actor> actors_;
  caf::actor aside_;
  mutable std::atomic<std::size_t> next_{0};
};

}  // namespace mutirao::http
