// What commands must know that stands in no row that they read anyway, asked of the database:
// several processes write it. Locks are taken in one order, so that two transactions never wait for
// each other: users whose jobs are made (advisory), companies, jobs, numbers of events; each
// ascending.
#pragma once

#include <chrono>
#include <deque>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "domain/job_type.hpp"
#include "storage/postgres/connection.hpp"
#include "storage/postgres/snapshots.hpp"
#include "storage/sql/bookkeeping.hpp"
#include "storage/sql/statement.hpp"

namespace mutirao::storage::postgres {

class shared_book final : public sql::bookkeeping {
 public:
  /// `owner` names this process in its jobs, and no other, ever. `types`: those that it knows.
  shared_book(connection& on, const job_types& types, std::string owner,
              std::chrono::milliseconds lease, const snapshots& taken);

  /// At the end: this process has nothing any more.
  void leave();

  expected<void> begin(std::span<const command> group) override;
  void begin_command() override;
  expected<void> finish(const mutirao::committed& what) override;
  void committed() override { forget(); }
  void rolled_back() override { forget(); }

  expected<std::int64_t> new_job() override;
  expected<task_id> new_tasks(std::size_t count) override;
  expected<notification_id> new_notification() override;
  expected<std::int64_t> next_event(user_id) override { return 0; }
  void took_event(user_id) override {}
  expected<std::vector<std::int64_t>> number_events(const std::vector<events_of_user>& of) override;

  expected<std::int64_t> unfinished() override;
  expected<std::int64_t> unfinished(user_id user) override;
  void add_unfinished(user_id user, std::int64_t difference) override;
  expected<std::int64_t> next_turn(user_id user) override;
  void take_turn(user_id user, std::int64_t turn) override;
  void serve(std::int64_t turn) override { all_.serving = turn; }

  std::string_view takes_up_only() const override { return kinds_; }
  expected<std::optional<std::int64_t>> next_interrupted(bool suspect) override;
  void taken(std::int64_t no) override;
  void given_back(std::int64_t) override {}
  expected<std::vector<std::int64_t>> out() override;
  expected<instant> say_alive(const std::string& owner, std::chrono::milliseconds lease,
                              instant now) override;

  void changed(company_id company) override { changed_now_.insert(company.value); }
  bool changed_after(company_id company, revision picture) const override;
  revision version_of(const sql::job_record& job) const override { return job.changes; }

 private:
  struct wanted_locks;
  static wanted_locks locks_of(std::span<const command> group);
  expected<void> lock_users(std::vector<std::int64_t> users, const std::vector<job_id>& of_jobs);
  expected<void> lock_jobs(const std::vector<job_id>& jobs);
  expected<void> lock_companies(std::vector<std::int64_t> companies,
                                std::vector<std::int64_t> tasks);
  expected<void> take_job_numbers(std::int64_t count);
  expected<void> take_blocks(std::size_t tasks);
  expected<void> keep_lease();
  expected<void> mark_changed();
  expected<void> count_all();
  expected<void> count_of(std::vector<std::int64_t> users);
  void forget();

  struct of_user {
    std::int64_t unfinished = 0;
    std::int64_t last_turn = 0;
  };
  expected<of_user*> user(user_id who);

  /// Unfinished jobs of all, counted again where that was long ago for what it costs.
  struct totals {
    std::int64_t unfinished = 0;
    std::int64_t serving = 0;
    std::chrono::steady_clock::time_point counted{};
    std::chrono::steady_clock::duration cost{};
  };

  connection& on_;
  const snapshots& snapshots_;
  std::string owner_;
  std::chrono::milliseconds lease_;
  std::string kinds_;  // joined by commas
  std::chrono::steady_clock::time_point lease_renewed_{};

  sql::statement new_job_, new_block_, new_notification_, count_, of_user_, interrupted_query_,
      out_, say_alive_, leave_;

  totals all_;
  std::deque<std::int64_t> job_numbers_;
  std::int64_t next_task_ = 0;  // of the block that was taken
  std::int64_t tasks_left_ = 0;
  std::deque<std::int64_t> blocks_;  // the first numbers of those that come next

  // Of the open transaction.
  std::unordered_map<user_id, of_user> users_;
  std::unordered_map<std::int64_t, std::uint64_t> changed_in_;  // of the locked companies
  std::unordered_set<std::int64_t> changed_now_;
  // Of the command that is run.
  mutable std::optional<std::pair<revision, std::optional<snapshot>>> picture_;  // the last found
  bool interrupted_known_ = false;
  std::deque<std::int64_t> interrupted_, suspects_;
};

}  // namespace mutirao::storage::postgres
