#include "storage/sql/pruning.hpp"

#include <algorithm>
#include <utility>

#include "storage/sql/attempt.hpp"

namespace mutirao::storage::sql {
namespace {

// Jobs that a step looks at, most of which may have to stay. Where all of them are too young, so
// are those behind them: numbers ascend with the time of the request.
constexpr std::int64_t jobs_looked_at = 500;

struct seen_job {
  std::int64_t no = 0;
  job_id id;
  user_id user;
  bool old = false;   // asked for long ago
  bool ends = false;  // and ended long ago
};

seen_job read_seen(const rows& row) {
  seen_job job{row.integer(0), {}, row.id<user_id>(2), row.integer(3) != 0, row.integer(4) != 0};
  const auto id = row.blob(1);
  std::copy_n(id.begin(), std::min(id.size(), job.id.bytes.size()), job.id.bytes.begin());
  return job;
}

}  // namespace

pruning::pruning(connection& on, std::chrono::microseconds longest_step)
    : longest_step_(longest_step),
      old_keys_(on, "SELECT no, created_at < ?1 FROM idempotency_keys ORDER BY no LIMIT ?2"),
      remove_key_(on, "DELETE FROM idempotency_keys WHERE no = ?1"),
      remove_notifications_(on,
                            "DELETE FROM notificacoes WHERE id IN (SELECT id FROM notificacoes"
                            " WHERE read_at < ?1 AND id < (SELECT max(id) FROM notificacoes)"
                            " ORDER BY read_at LIMIT ?2)"),
      jobs_(on,
            "SELECT no, id, user_id, created_at < ?2, state >= 4 AND completed_at < ?2 FROM jobs"
            " WHERE no > ?1 AND no < (SELECT max(no) FROM jobs) ORDER BY no LIMIT ?3"),
      named_(on, "SELECT 1 FROM idempotency_keys WHERE job_no = ?1 AND created_at >= ?2 LIMIT 1"),
      // Another process may retry it at this moment.
      remove_job_(on, "DELETE FROM jobs WHERE no = ?1 AND state >= 4 AND completed_at < ?2"),
      put_pruned_(on, "INSERT INTO pruned_jobs (no, user_id) VALUES (?1, ?2)"),
      pruned_(on, "SELECT no, user_id FROM pruned_jobs ORDER BY no LIMIT 1"),
      remove_items_(
          on,
          "DELETE FROM job_items WHERE job_no = ?1 AND item <= (SELECT max(item) FROM"
          " (SELECT item FROM job_items WHERE job_no = ?1 ORDER BY item LIMIT ?2) AS first)"),
      remove_scope_(on, "DELETE FROM job_scopes WHERE job_no = ?1"),
      remove_keys_of_(on,
                      "DELETE FROM idempotency_keys WHERE no IN"
                      " (SELECT no FROM idempotency_keys WHERE job_no = ?1 LIMIT ?2)"),
      old_events_(on,
                  "SELECT seq, EXISTS (SELECT 1 FROM jobs WHERE no = e.job_no) FROM job_events e"
                  " WHERE user_id = ?1"
                  " AND seq < (SELECT max(seq) FROM job_events WHERE user_id = ?1)"
                  " ORDER BY seq LIMIT ?2"),
      remove_events_(on, "DELETE FROM job_events WHERE user_id = ?1 AND seq <= ?2"),
      forget_(on, "DELETE FROM pruned_jobs WHERE no = ?1"),
      unsettled_(on, "SELECT 1 FROM webhook_deliveries WHERE job_no = ?1 AND state <= 1 LIMIT 1"),
      remove_deliveries_(on,
                         "DELETE FROM webhook_deliveries WHERE id IN"
                         " (SELECT id FROM webhook_deliveries WHERE job_no = ?1 LIMIT ?2)"),
      remove_callbacks_(on, "DELETE FROM job_callbacks WHERE job_no = ?1"),
      remove_chunk_(on,
                    "DELETE FROM job_payloads WHERE job_no = ?1 AND first_item ="
                    " (SELECT min(first_item) FROM job_payloads WHERE job_no = ?1)"),
      remove_schedules_(on,
                        "DELETE FROM schedules WHERE id IN (SELECT id FROM schedules s"
                        " WHERE ended_at < ?1 AND NOT EXISTS (SELECT 1 FROM idempotency_keys"
                        " WHERE job_no = -s.id AND created_at >= ?2) ORDER BY ended_at LIMIT ?3)") {
}

expected<prune::answer> pruning::step(const prune& asked) {
  prune::answer answer;
  allowance left{asked.rows, std::chrono::steady_clock::now() + longest_step_};
  MUTIRAO_CHECK(finish_jobs(left));
  MUTIRAO_CHECK(remove_keys(asked.keys_before, left));
  MUTIRAO_CHECK(remove_notifications(asked.ended_before, left));
  MUTIRAO_CHECK(remove_schedules(asked, left));
  MUTIRAO_CHECK(remove_jobs(asked, left, answer));
  answer.rows = asked.rows - left.rows;
  return answer;
}

expected<void> pruning::finish_jobs(allowance& left) {
  while (!left.used_up()) {
    MUTIRAO_TRY(const auto job, first_of(pruned_.run(), [](const rows& row) {
                  return pruned_job{row.integer(0), row.id<user_id>(1)};
                }));
    if (!job) return {};
    MUTIRAO_CHECK(remove_rest(*job, left));
  }
  return {};
}

// A clock that was put back leaves a few young keys before old ones: they are passed over.
expected<void> pruning::remove_keys(instant before, allowance& left) {
  if (left.used_up()) return {};
  MUTIRAO_TRY(const auto oldest, all_of(old_keys_.run(before, left.rows), [](const rows& row) {
                return std::pair(row.integer(0), row.integer(1) != 0);
              }));
  for (const auto& [no, is_old] : oldest) {
    if (left.used_up()) return {};
    if (is_old) MUTIRAO_CHECK(remove_one(remove_key_, no, left));
  }
  return {};
}

expected<void> pruning::remove_notifications(instant before, allowance& left) {
  return remove_all(remove_notifications_, before, left);
}

expected<void> pruning::remove_schedules(const prune& asked, allowance& left) {
  while (!left.used_up()) {
    const auto bite = left.bite();
    MUTIRAO_TRY(const auto removed,
                remove_schedules_.execute(asked.ended_before, asked.keys_before, bite));
    left.spend(removed);
    if (removed < bite) return {};
  }
  return {};
}

expected<void> pruning::remove_jobs(const prune& asked, allowance& left, prune::answer& answer) {
  answer.next = asked.after;
  if (left.used_up()) return {};
  MUTIRAO_TRY(const auto seen,
              all_of(jobs_.run(asked.after, asked.ended_before, jobs_looked_at), read_seen));
  bool any_old = false;
  for (const auto& job : seen) {
    if (left.used_up()) return {};
    any_old = any_old || job.old;
    answer.next = job.no;
    if (!job.ends) continue;
    MUTIRAO_TRY(const bool named, is_named(job.no, asked.keys_before));
    if (named) continue;
    MUTIRAO_TRY(const bool untold, has_unsettled(job.no));
    if (untold) continue;
    MUTIRAO_TRY(const auto removed, remove_job_.execute(job.no, asked.ended_before));
    if (removed == 0) continue;
    left.spend(removed);
    MUTIRAO_CHECK(put_pruned_.execute(job.no, job.user));
    answer.jobs.push_back(job.id);
    MUTIRAO_CHECK(remove_rest({job.no, job.user}, left));
  }
  if (!left.used_up() && (std::ssize(seen) < jobs_looked_at || !any_old)) answer.next.reset();
  return {};
}

expected<void> pruning::remove_rest(const pruned_job& job, allowance& left) {
  MUTIRAO_CHECK(remove_all(remove_items_, job.no, left));
  if (left.used_up()) return {};
  MUTIRAO_CHECK(remove_all(remove_keys_of_, job.no, left));
  if (left.used_up()) return {};
  MUTIRAO_CHECK(remove_one(remove_scope_, job.no, left));
  if (left.used_up()) return {};
  MUTIRAO_CHECK(remove_all(remove_deliveries_, job.no, left));
  if (left.used_up()) return {};
  MUTIRAO_CHECK(remove_one(remove_callbacks_, job.no, left));
  if (left.used_up()) return {};
  MUTIRAO_CHECK(remove_payload(job.no, left));
  if (left.used_up()) return {};
  MUTIRAO_CHECK(remove_events(job.user, left));
  if (left.used_up()) return {};
  MUTIRAO_CHECK(forget_.execute(job.no));
  return {};
}

expected<void> pruning::remove_events(user_id user, allowance& left) {
  while (!left.used_up()) {
    std::int64_t last = 0;
    std::int64_t found = 0;
    const auto bite = left.bite();
    {
      rows oldest = old_events_.run(user, bite);
      for (;; ++found) {
        MUTIRAO_TRY(const bool more, oldest.next());
        if (!more || oldest.integer(1) != 0) break;
        last = oldest.integer(0);
      }
    }
    if (found == 0) return {};
    MUTIRAO_TRY(const auto removed, remove_events_.execute(user, last));
    left.spend(removed);
    if (found < bite) return {};
  }
  return {};
}

template <class Key>
expected<void> pruning::remove_all(statement& remove, const Key& key, allowance& left) {
  while (!left.used_up()) {
    const auto bite = left.bite();
    MUTIRAO_TRY(const auto removed, remove.execute(key, bite));
    left.spend(removed);
    if (removed < bite) return {};
  }
  return {};
}

expected<void> pruning::remove_one(statement& remove, std::int64_t no, allowance& left) {
  MUTIRAO_TRY(const auto removed, remove.execute(no));
  left.spend(removed);
  return {};
}

expected<void> pruning::remove_payload(std::int64_t no, allowance& left) {
  while (!left.used_up()) {
    MUTIRAO_TRY(const auto removed, remove_chunk_.execute(no));
    if (removed == 0) return {};
    left.spend(removed);
  }
  return {};
}

expected<bool> pruning::is_named(std::int64_t no, instant since) {
  rows found = named_.run(no, since);
  return found.next();
}

expected<bool> pruning::has_unsettled(std::int64_t no) {
  return unsettled_.run(no).next();
}

}  // namespace mutirao::storage::sql
