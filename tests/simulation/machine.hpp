// One process: the real actors over a database, on CAF's deterministic scheduler. Which of the
// actors that have a message handles its next one is the seed's to say; time passes only where the
// simulation lets it.
#pragma once

#include <caf/event_based_actor.hpp>
#include <functional>
#include <memory>
#include <optional>

#include "app/wiring.hpp"
#include "tests/actors/actor_test.hpp"
#include "tests/simulation/dice.hpp"
#include "tests/simulation/faulty_store.hpp"

namespace mutirao::simulation {

/// A client's part: puts a request and hears the answer, inside an actor.
struct errand {
  std::function<void(caf::event_based_actor*)> run;
};

/// Everything of a machine but its database; outlives it.
struct outside {
  const job_types* types = nullptr;
  testing::fixed_clock* time = nullptr;
  dice* chance = nullptr;
  telemetry* log = nullptr;
  const calendar* zones = nullptr;  // nothing: schedules are not fired
};

enum class victim : std::uint8_t { job, worker };

class machine : private testing::deterministic_system {
 public:
  machine(std::unique_ptr<storage::database> database, fate& shared, outside around,
          const app::wiring_options& options);
  /// As a crash ends it: nothing is drained, and nothing that the actors still do is stored.
  ~machine();

  app::wiring& cast() { return *wiring_; }

  /// One message of one ready actor. False where nobody has anything to do.
  bool step();
  /// The next timer goes off. False where none is set.
  bool let_time_pass();
  /// Ends an actor that is about to handle a message, if there is one of this kind.
  bool kill(victim who);
  /// For the next `moves` steps one of the ready actors is not run while others can be.
  void starve(std::size_t moves);

  /// `hear` is given the answer; never, where the process dies first.
  template <class Message, class Handle>
  void ask(const Handle& whom, Message what,
           std::function<void(expected<typename Message::answer>)> hear);

 private:
  std::size_t choose();

  fate& fate_;
  outside around_;
  std::unique_ptr<storage::database> database_;
  caf::actor client_;
  std::unique_ptr<app::wiring> wiring_;
  caf::resumable* starved_ = nullptr;
  std::size_t starved_for_ = 0;
};

void put(const caf::actor& client, errand what);

template <class Message, class Handle>
void machine::ask(const Handle& whom, Message what,
                  std::function<void(expected<typename Message::answer>)> hear) {
  put(client_, {[whom, what = std::move(what),
                 hear = std::move(hear)](caf::event_based_actor* self) mutable {
        self->request(whom, caf::infinite, std::move(what))
            .then([hear](actors::answer_to<Message>& answer) { hear(std::move(answer.value)); },
                  [](const caf::error&) {});
      }});
}

}  // namespace mutirao::simulation
