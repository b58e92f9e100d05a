// The store actor: many senders, one connection that writes, one transaction for all that wait
// together.
#pragma once

#include <cstddef>

#include "actors/interfaces.hpp"
#include "domain/ports/telemetry.hpp"

namespace mutirao::actors {

struct store_limits {
  std::size_t waiting = 50'000;      // commands; more are refused with errc::overloaded
  std::size_t group_commands = 512;  // of one transaction
  std::size_t group_rows = 8'000;    // of one transaction, some 20 ms; a larger batch goes alone
  std::size_t job_rows = 4'000;      // of one job in a transaction
  // A short transaction takes fewer batches along: see take_group.
  std::size_t batches_beside = 2;
  std::size_t rows_beside = 1'000;
  std::size_t small_rows = 400;   // a batch that writes so few goes before larger ones
  std::size_t prune_waits = 100;  // groups that may go before a prune while others keep coming
};

/// Whom the store tells of each commit.
struct store_listeners {
  notifier_actor notifier;
  checkpointer_actor checkpointer;
  courier_actor courier = {};      // nobody: nothing is delivered
  scheduler_actor scheduler = {};  // nobody: nothing is fired
};

/// `store` and `log` outlive the actor. Blocks its thread while committing: detached, but in tests.
store_actor::behavior_type run_store(store_actor::pointer self, job_store* store, telemetry* log,
                                     store_listeners listeners, store_limits limits);

}  // namespace mutirao::actors
