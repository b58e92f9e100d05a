// Actors that run only when the test says so, on a clock that stands still.
#pragma once

#include <gtest/gtest.h>

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scheduler/test_coordinator.hpp>
#include <caf/send.hpp>

#include "actors/messages.hpp"
#include "tests/support/fixed_world.hpp"

namespace mutirao::testing {

class deterministic_system {
 protected:
  struct deterministic_config : caf::actor_system_config {
    deterministic_config() { set("scheduler.policy", caf::atom("testing")); }
  };

  deterministic_config config_;
  caf::actor_system system_{config_};
  caf::scheduler::test_coordinator& scheduler_ =
      dynamic_cast<caf::scheduler::test_coordinator&>(system_.scheduler());
};

/// What a request for `Message` came to.
template <class Message, class Pending>
expected<typename Message::answer> answer_in(Pending& pending) {
  expected<typename Message::answer> result = fail(errc::internal, "no answer");
  pending.receive([&](actors::answer_to<Message>& answer) { result = std::move(answer.value); },
                  [&](const caf::error&) { result = fail(errc::internal, "receiver is gone"); });
  return result;
}

/// One actor among actors that the test makes up.
class actor_test : public ::testing::Test, protected deterministic_system {
 protected:
  recorded_telemetry telemetry_;

  template <class Handle, class Message>
  void send(const Handle& whom, Message what) {
    caf::anon_send(whom, std::move(what));
    scheduler_.run();
  }

  template <class... Handles>
  void end(const Handles&... handles) {
    (caf::anon_send_exit(handles, caf::exit_reason::user_shutdown), ...);
    scheduler_.run();
  }
};

}  // namespace mutirao::testing
