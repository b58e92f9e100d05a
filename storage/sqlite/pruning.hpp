// Removes what is older than it need be kept, in steps of a bounded number of rows. Nothing that is
// kept in memory elsewhere depends on the rows that go.
#pragma once

#include "domain/ports/store.hpp"
#include "storage/sqlite/statement.hpp"

namespace mutirao::storage::sqlite {

class pruning {
 public:
  explicit pruning(connection& on);

  /// One step, inside the transaction that is open: see `prune`.
  expected<prune::answer> step(const prune& asked);

 private:
  struct pruned_job {
    std::int64_t no = 0;
    user_id user;
  };

  // Each takes what it removes off `left`, and stops where that is used up.
  expected<void> finish_jobs(std::int64_t& left);
  expected<void> remove_keys(instant before, std::int64_t& left);
  expected<void> remove_notifications(instant before, std::int64_t& left);
  expected<void> remove_jobs(const prune& asked, std::int64_t& left, prune::answer& answer);
  /// What is left of a job that is gone; forgets it where that was all.
  expected<void> remove_rest(const pruned_job& job, std::int64_t& left);
  expected<void> remove_events(user_id user, std::int64_t& left);
  expected<bool> is_named(std::int64_t no, instant since);
  expected<bool> has_unsettled(std::int64_t no);

  statement old_keys_, remove_key_, remove_notifications_, jobs_, named_, remove_job_, put_pruned_,
      pruned_, remove_items_, remove_scope_, remove_keys_of_, old_events_, remove_events_, forget_,
      unsettled_, remove_deliveries_, remove_callbacks_;
};

}  // namespace mutirao::storage::sqlite
