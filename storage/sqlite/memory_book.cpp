#include "storage/sqlite/memory_book.hpp"

#include <algorithm>

#include "storage/sql/attempt.hpp"

namespace mutirao::storage::sqlite {
namespace {

constexpr std::size_t most_users_known = 100'000;

}  // namespace

memory_book::memory_book(sql::connection& on, published_revision& published)
    : published_(published),
      out_(on,
           "SELECT no, state = 1 AND owner IS NOT NULL AND done = done_at_claim, crash_count"
           " FROM jobs WHERE state <= 3 AND state IN (1, 3)"
           " ORDER BY priority DESC, turn, no"),
      unfinished_(on,
                  "SELECT user_id, count(*), max(turn) FROM jobs WHERE state <= 3"
                  " GROUP BY user_id"),
      turn_served_(on,
                   "SELECT coalesce((SELECT min(turn) FROM jobs WHERE state <= 3 AND state = 0),"
                   " (SELECT max(turn) FROM jobs WHERE state <= 3), 0)"),
      last_job_query_(on,
                      "SELECT max(coalesce((SELECT max(no) FROM jobs), 0),"
                      " coalesce((SELECT max(job_no) FROM notificacoes), 0))"),
      last_task_query_(on, "SELECT coalesce(max(id), 0) FROM tarefas"),
      last_notification_query_(on, "SELECT coalesce(max(id), 1000000) FROM notificacoes"),
      last_event_query_(on, "SELECT coalesce(max(seq), 0) FROM job_events WHERE user_id = ?1"),
      say_alive_(on,
                 "INSERT INTO nodes (owner, lease_until) VALUES (?1, ?2)"
                 " ON CONFLICT (owner) DO UPDATE SET lease_until = excluded.lease_until") {}

expected<std::vector<memory_book::interrupted_job>> memory_book::all_out() {
  return sql::all_of(out_.run(), [](const sql::rows& row) {
    return interrupted_job{row.integer(0), row.integer(1) != 0, row.integer(2)};
  });
}

// Of the suspects, those that fewer deaths speak against run first.
expected<void> memory_book::load() {
  MUTIRAO_TRY(last_job_, sql::number(last_job_query_.run()));
  MUTIRAO_TRY(last_task_, sql::number(last_task_query_.run()));
  MUTIRAO_TRY(last_notification_, sql::number(last_notification_query_.run()));
  MUTIRAO_TRY(auto out, all_out());
  std::stable_sort(out.begin(), out.end(),
                   [](const auto& a, const auto& b) { return a.crash_count < b.crash_count; });
  std::vector<std::int64_t> healthy, suspects;
  for (const auto& job : out) (job.suspect ? suspects : healthy).push_back(job.no);
  interrupted_.load(std::move(healthy));
  suspects_.load(std::move(suspects));
  return load_admission();
}

expected<void> memory_book::load_admission() {
  MUTIRAO_TRY(const auto all, sql::all_of(unfinished_.run(), [](const sql::rows& row) {
                return unfinished_of_user{row.id<user_id>(0), row.integer(1), row.integer(2)};
              }));
  MUTIRAO_TRY(const auto serving, sql::number(turn_served_.run()));
  admission_.load(all, serving);
  return {};
}

expected<void> memory_book::begin(std::span<const command>) {
  if (!uncertain_) return {};
  last_event_.clear();
  MUTIRAO_CHECK(load_admission());
  uncertain_ = false;
  return {};
}

void memory_book::committed() {
  published_.set(now_);
  interrupted_.committed();
  suspects_.committed();
  changes_.committed();
}

void memory_book::rolled_back() {
  uncertain_ = true;
  interrupted_.rolled_back();
  suspects_.rolled_back();
  changes_.rolled_back();
}

expected<task_id> memory_book::new_tasks(std::size_t count) {
  const task_id first{last_task_ + 1};
  last_task_ += static_cast<std::int64_t>(count);
  return first;
}

expected<std::int64_t> memory_book::next_event(user_id user) {
  const auto known = last_event_.find(user);
  if (known != last_event_.end()) return known->second + 1;
  if (last_event_.size() >= most_users_known) last_event_.clear();
  MUTIRAO_TRY(const auto last, sql::number(last_event_query_.run(user)));
  last_event_.emplace(user, last);
  return last + 1;
}

expected<std::vector<std::int64_t>> memory_book::number_events(const std::vector<events_of_user>&) {
  return fail(errc::internal, "an event without a number");
}

void memory_book::taken(std::int64_t no) {
  interrupted_.taken(no);
  suspects_.taken(no);
}

expected<instant> memory_book::say_alive(const std::string& owner, std::chrono::milliseconds lease,
                                         instant now) {
  const instant until = now + lease;
  MUTIRAO_CHECK(say_alive_.execute(owner, until));
  return until;
}

expected<std::vector<std::int64_t>> memory_book::out() {
  MUTIRAO_TRY(const auto all, all_out());
  std::vector<std::int64_t> of_this_process;
  for (const auto& job : all) {
    if (!interrupted_.left(job.no) && !suspects_.left(job.no)) of_this_process.push_back(job.no);
  }
  return of_this_process;
}

}  // namespace mutirao::storage::sqlite
