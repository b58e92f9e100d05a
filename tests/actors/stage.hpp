// The whole cast on the deterministic scheduler, over a real SQLite file: nothing happens but what
// the test runs, and no time passes but what it lets pass.
#pragma once

#include <caf/scoped_actor.hpp>
#include <memory>

#include "app/job_types.hpp"
#include "app/wiring.hpp"
#include "storage/open.hpp"
#include "tests/actors/actor_test.hpp"
#include "tests/support/fixed_world.hpp"
#include "tests/support/temporary_folder.hpp"

namespace mutirao::testing {

inline const caller owner{{7}, false, {{1}}};  // of jobs of unit 1

/// A process: actors over an opened database. Gone with its scope, as after a crash: nothing is
/// drained.
class process : private deterministic_system {
 public:
  process(const std::string& url, const job_types& types, app::wiring_options options = {},
          const webhook_rules* webhooks = nullptr, const calendar* zones = nullptr);
  ~process();

  app::wiring& cast() { return *wiring_; }
  caf::actor_system& system() { return system_; }
  caf::scheduler::test_coordinator& scheduler() { return scheduler_; }

  /// Runs until nobody has anything to do; timers do not go off.
  void run() { scheduler_.run(); }

  /// Runs, letting one timer after the other go off, until nothing is left.
  void run_with_time() {
    do {
      run();
    } while (scheduler_.trigger_timeout());
  }

  /// Sends a request, runs everything, gives the answer.
  template <class Message, class Handle>
  expected<typename Message::answer> ask(const Handle& whom, Message what) {
    auto answer = ask_and_stop(whom, std::move(what));
    run();
    return answer;
  }

  /// The same, but runs nothing more once the answer is there.
  template <class Message, class Handle>
  expected<typename Message::answer> ask_and_stop(const Handle& whom, Message what) {
    auto pending = asker_->request(whom, caf::infinite, std::move(what));
    while (!asker_->has_next_message() && scheduler_.try_run_once()) {
    }
    if (!asker_->has_next_message()) return fail(errc::internal, "no answer");
    return answer_in<Message>(pending);
  }

  fixed_clock time;
  counted_randomness chance;
  recorded_telemetry log;

 private:
  std::unique_ptr<storage::database> database_;
  caf::scoped_actor asker_;
  std::unique_ptr<app::wiring> wiring_;
};

/// A database file with units 1..`units` of `companies` each (ids ascending over all), each company
/// with three tasks to come in the year of fixed_clock, and the means to start processes over it.
class stage {
 public:
  explicit stage(int units = 1, int companies = 10);

  std::string url() const;
  std::unique_ptr<process> start(app::wiring_options options = undetached());
  static app::wiring_options undetached();

  job_types types = app::registered_job_types();
  webhook_rules webhooks;           // without a way to render nobody is told anything
  const calendar* zones = nullptr;  // nothing: schedules are not fired

 private:
  temporary_folder folder_;
};

/// "generate for this unit", as HTTP would submit it.
actors::submit generation_of(const job_types& types, std::int64_t unit, std::int64_t user = 7,
                             int future_years = 0);

}  // namespace mutirao::testing
