// Removes what is older than it need be kept, in steps that are bounded in rows and in time.
// Nothing that is kept in memory elsewhere depends on the rows that go.
#pragma once

#include <algorithm>
#include <chrono>

#include "domain/ports/store.hpp"
#include "storage/sql/statement.hpp"

namespace mutirao::storage::sql {

class pruning {
 public:
  /// A step ends soon after `longest_step`, with at least one row removed where there is one: rows
  /// that must be read from the disk take hundreds of times longer than others.
  explicit pruning(connection& on,
                   std::chrono::microseconds longest_step = std::chrono::milliseconds(10));

  /// One step, inside the transaction that is open: see `prune`.
  expected<prune::answer> step(const prune& asked);

 private:
  struct pruned_job {
    std::int64_t no = 0;
    user_id user;
  };

  /// What a step may still remove.
  struct allowance {
    std::int64_t rows = 0;
    std::chrono::steady_clock::time_point until;
    bool any_spent = false;

    bool used_up() const {
      return rows <= 0 || (any_spent && std::chrono::steady_clock::now() >= until);
    }
    /// Rows of one statement, which nothing interrupts.
    std::int64_t bite() const { return std::min<std::int64_t>(rows, 100); }
    void spend(std::int64_t removed) {
      rows -= removed;
      any_spent = any_spent || removed > 0;
    }
  };

  // Each takes what it removes off `left`, and stops where that is used up.
  expected<void> finish_jobs(allowance& left);
  expected<void> remove_keys(instant before, allowance& left);
  expected<void> remove_notifications(instant before, allowance& left);
  expected<void> remove_schedules(const prune& asked, allowance& left);
  expected<void> remove_jobs(const prune& asked, allowance& left, prune::answer& answer);
  /// What is left of a job that is gone; forgets it where that was all.
  expected<void> remove_rest(const pruned_job& job, allowance& left);
  expected<void> remove_events(user_id user, allowance& left);
  /// All that `remove` finds for `key`, bite by bite.
  template <class Key>
  expected<void> remove_all(statement& remove, const Key& key, allowance& left);
  expected<void> remove_one(statement& remove, std::int64_t no, allowance& left);
  /// Chunk by chunk: each fills pages of its own.
  expected<void> remove_payload(std::int64_t no, allowance& left);
  expected<bool> is_named(std::int64_t no, instant since);
  expected<bool> has_unsettled(std::int64_t no);

  std::chrono::microseconds longest_step_;
  statement old_keys_, remove_key_, remove_notifications_, jobs_, named_, remove_job_, put_pruned_,
      pruned_, remove_items_, remove_scope_, remove_keys_of_, old_events_, remove_events_, forget_,
      unsettled_, remove_deliveries_, remove_callbacks_, remove_chunk_, remove_schedules_;
};

}  // namespace mutirao::storage::sql
