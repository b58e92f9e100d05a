// The one place that spawns actors, decides which of them have a thread of their own, and stops
// them in order.
#pragma once

#include <caf/actor_system.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "actors/courier.hpp"
#include "actors/interfaces.hpp"
#include "actors/listening.hpp"
#include "actors/notifier.hpp"
#include "actors/pool.hpp"
#include "actors/pruner.hpp"
#include "actors/scheduler.hpp"
#include "actors/store.hpp"
#include "actors/supervisor.hpp"
#include "domain/ports/passwords.hpp"
#include "storage/open.hpp"

namespace mutirao::app {

/// Who carries webhooks, and how.
struct webhook_wiring {
  std::function<actors::sender_actor(caf::actor_system&)> spawn_sender;
  actors::courier_limits courier;
};

struct wiring_options {
  // False: nothing has a thread of its own, so that a deterministic scheduler runs everything.
  bool detached = true;
  std::size_t readers = 2;
  actors::store_limits store;
  actors::notifier_limits notifier;
  actors::pool_limits pool;
  actors::supervisor_limits supervisor;
  actors::scheduler_limits scheduler;
  actors::listening_limits listening;
  run_limits run;
  std::optional<actors::retention_limits> retention;  // nothing: nothing is pruned
  std::optional<webhook_wiring> webhooks;             // nothing: none are sent
};

/// What the actors are given from outside. All of it outlives them.
struct surroundings {
  storage::database* database = nullptr;
  const job_types* types = nullptr;
  const clock* time = nullptr;
  randomness* chance = nullptr;
  telemetry* log = nullptr;
  const calendar* zones = nullptr;    // nothing: schedules are not fired
  password_hasher* hasher = nullptr;  // nothing: nobody signs in
};

class wiring {
 public:
  /// Opens the connections and spawns everything but the HTTP side. Nothing is claimed yet.
  static expected<std::unique_ptr<wiring>> start(caf::actor_system& system, surroundings around,
                                                 const wiring_options& options = {});
  ~wiring();
  wiring(const wiring&) = delete;
  wiring& operator=(const wiring&) = delete;

  /// Takes up what an earlier process left, and begins to fire schedules, to prune and to send
  /// webhooks.
  void recover();

  /// Fires and claims nothing more, and lets batches that are out commit, for at most `patience`.
  /// How many jobs were given back; errc::deadline where batches were still out (their jobs are
  /// taken up at the next start).
  expected<std::int64_t> drain(std::chrono::milliseconds patience);

  /// Ends every actor. Again: nothing.
  void stop();

  const actors::supervisor_actor& supervisor() const { return supervisor_; }
  const actors::store_actor& store() const { return store_; }
  const actors::pool_actor& pool() const { return pool_; }
  const actors::notifier_actor& notifier() const { return notifier_; }
  /// Null where nobody signs in.
  const actors::password_checker_actor& passwords() const { return passwords_; }
  const std::vector<actors::reader_actor>& readers() const { return readers_; }

 private:
  wiring(caf::actor_system& system, surroundings around, wiring_options options);
  expected<void> open_connections();
  void spawn();
  template <class Handle>
  void end(Handle& handle);

  caf::actor_system& system_;
  surroundings around_;
  wiring_options options_;
  std::unique_ptr<job_store> writer_;
  std::unique_ptr<neighbours> others_;  // where other processes may be
  // The readers' first, then the workers', then the courier's.
  std::vector<std::unique_ptr<reads>> read_connections_;
  std::vector<unfinished_job> left_;  // by an earlier process; told to the notifier
  actors::notifier_actor notifier_;
  actors::checkpointer_actor checkpointer_;
  actors::sender_actor sender_;    // where webhooks are sent
  actors::courier_actor courier_;  // likewise
  actors::reader_actor outbox_;    // likewise; its own, so that no request waits for the courier
  actors::store_actor store_;
  actors::pool_actor pool_;
  std::vector<actors::worker_actor>
      workers_;  // filled by the pool's actor, read once that has ended
  actors::supervisor_actor supervisor_;
  actors::pruner_actor pruner_;               // where something is pruned
  actors::scheduler_actor scheduler_;         // where schedules are fired
  actors::listening_actor listening_;         // where other processes may be
  actors::hasher_actor hasher_;               // where users sign in
  actors::password_checker_actor passwords_;  // likewise
  std::vector<actors::reader_actor> readers_;
};

}  // namespace mutirao::app
