#include "actors/checkpointer.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <chrono>
#include <memory>

namespace mutirao::actors {
namespace {

// Under load every 20 ms: a longer pause lets the log grow, a shorter one competes with the
// commits. A short log waits a second: one that was emptied has to be begun anew, which costs the
// next commit a second fsync.
constexpr std::chrono::milliseconds pause{20};
constexpr std::int64_t pages_worth_it = 1'000;
constexpr int most_pauses = 50;

struct log_watch {
  int pauses = 0;
  bool ticking = false;
};

}  // namespace

checkpointer_actor::behavior_type run_checkpointer(checkpointer_actor::pointer self,
                                                   job_store* store) {
  const auto watch = std::make_shared<log_watch>();
  return {[=](commit_seen_atom) {
            if (!watch->ticking) self->delayed_send(self, pause, tick_atom::value);
            watch->ticking = true;
          },
          [=](tick_atom) {
            if (store->log_left() < pages_worth_it && ++watch->pauses < most_pauses) {
              self->delayed_send(self, pause, tick_atom::value);
              return;
            }
            *watch = {};
            store->checkpoint();
          }};
}

}  // namespace mutirao::actors
