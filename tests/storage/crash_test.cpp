// Crashes between commits, a seeded history of random commands, and readers beside the writer.
#include <atomic>
#include <map>
#include <random>
#include <thread>

#include "tests/storage/world.hpp"
#include "tests/support/stored_promises.hpp"

namespace mutirao::storage {
namespace {

class histories : public world {
 protected:
  /// What must hold after every commit, whatever was committed.
  void check_invariants(const std::string& where) {
    EXPECT_EQ(testing::broken_promises(file()), std::vector<std::string>{}) << where;
  }
};

TEST_F(histories, of_a_job_survive_a_crash_after_each_commit) {
  fill(10);
  auto job = commit(submission(1)).value().job;
  std::int64_t done = 0;
  while (job.state == job_state::running) {
    crash();
    const auto taken = commit(claim_jobs{1, std::nullopt, noon}).value();
    ASSERT_EQ(taken.size(), 1U);
    ASSERT_EQ(taken[0].job.totals.done, done);
    ASSERT_EQ(std::ssize(taken[0].todo), 10 - done);
    const auto end = taken[0].todo.begin() + std::min<std::ptrdiff_t>(3, std::ssize(taken[0].todo));
    job = commit(batch(taken[0].job, {taken[0].todo.begin(), end})).value().job;
    done = job.totals.done;
    check_invariants("after " + std::to_string(done));
  }
  EXPECT_EQ(job.state, job_state::completed);
  EXPECT_EQ(job.fence, 5);
  crash();
  EXPECT_EQ(database_->interrupted(), 0);
  EXPECT_EQ(ask(list_notifications{{7}}).rows.size(), 1U);
  EXPECT_EQ(ask(find_job{job.id}).totals, job.totals);
}

TEST_F(histories, of_an_uncommitted_group_vanish) {
  fill(10);
  const auto job = commit(submission(1)).value().job;
  auto broken = batch(job, items(1, 5));
  broken.batch.items.back().tasks.at(0).company = {4711};
  ASSERT_FALSE(commit(broken));
  crash();
  EXPECT_EQ(number("SELECT count(*) FROM tarefas") + number("SELECT count(*) FROM job_items"), 0);
  check_invariants("after a refused batch");
}

// Random commands in random groups, with crashes; every few commits all counters are compared.
class random_history {
 public:
  explicit random_history(std::uint32_t seed) : random_(seed) {}
  std::size_t below(std::size_t limit) { return random_() % limit; }
  bool chance(std::size_t percent) { return below(100) < percent; }

  std::map<job_id, job_view> jobs;
  std::uint64_t number = 0;

  const job_view& any_job() {
    auto at = jobs.begin();
    std::advance(at, static_cast<std::ptrdiff_t>(below(jobs.size())));
    return at->second;
  }
  void learn(const std::vector<job_view>& views) {
    for (const auto& view : views) jobs[view.id] = view;
  }

 private:
  std::mt19937 random_;
};

class random_histories : public histories, public ::testing::WithParamInterface<std::uint32_t> {
 protected:
  command random_submission(random_history& past) {
    auto asked = submission(++past.number, static_cast<std::int64_t>(1 + past.below(3)),
                            static_cast<std::int64_t>(1 + past.below(2)), past.chance(60));
    asked.arguments = arguments(asked.arguments.unit->value, static_cast<int>(past.below(3)));
    asked.limits = {.per_user = 6, .per_process = 12};
    if (past.chance(20)) asked.key = idempotency_key{std::to_string(past.below(5))};
    if (past.chance(5)) asked.arguments = arguments(3);  // no companies
    return asked;
  }
  command random_batch(random_history& past) {
    const auto& job = past.any_job();
    std::vector<item_id> some;
    const auto rows = ask(list_items{job.id, std::nullopt, 100, std::nullopt}).rows;
    for (const auto& row : rows) {
      if (past.chance(40)) some.push_back(row.item);
    }
    if (past.chance(20)) return advance_locked{job.id, job.fence, some, noon};
    auto made = batch(job, some);
    for (auto& item : made.batch.items) {
      if (past.chance(10)) item = {item.item, item_state::failed, {}, "x"};
    }
    if (past.chance(5)) ++made.fence;
    if (past.chance(3) && !made.batch.items.empty() && !made.batch.items[0].tasks.empty()) {
      made.batch.items[0].tasks[0].company = {4711};  // breaks the transaction
    }
    return made;
  }
  command random_edit(random_history& past) {
    edit_company asked{administrator(),
                       {static_cast<std::int64_t>(1 + past.below(12))},
                       {},
                       static_cast<int>(past.below(2)),
                       today,
                       noon};
    if (past.chance(50))
      asked.patch.periodicidade = std::optional<std::int64_t>(30 + past.below(90));
    if (past.chance(20)) {
      asked.patch.unidade_responsavel =
          std::optional(unit_id{static_cast<std::int64_t>(1 + past.below(2))});
    }
    if (past.chance(20)) asked.patch.active = past.chance(70);
    return asked;
  }
  command random_command(random_history& past) {
    const auto kind = past.below(100);
    if (past.jobs.empty() || kind < 20) return random_submission(past);
    if (kind < 60) return random_batch(past);
    if (kind < 72) return claim_jobs{past.below(3), std::nullopt, noon};
    if (kind < 74) return claim_jobs{1, past.any_job().id, noon};
    if (kind < 84) {
      constexpr job_trigger asked[] = {job_trigger::cancel, job_trigger::pause, job_trigger::resume,
                                       job_trigger::retry};
      return request_change{past.any_job().id, administrator(), asked[past.below(4)], std::nullopt,
                            noon};
    }
    if (kind < 88) {
      const auto& job = past.any_job();
      return end_run{job.id, job.fence, past.chance(50) ? job_trigger::fail : job_trigger::drained,
                     "x", noon};
    }
    if (kind < 90) return release_jobs{{past.any_job().id}, noon};
    return random_edit(past);
  }
};

TEST_P(random_histories, keep_counters_equal_to_the_ledger) {
  fill(8);
  fill(4, 2, 9);
  random_history past(GetParam());
  for (int round = 0; round < 120; ++round) {
    std::vector<command> group;
    for (auto n = 1 + past.below(5); n > 0; --n) group.push_back(random_command(past));
    const auto answers = store_->commit(group);
    ASSERT_EQ(answers.size(), group.size());
    past.learn(store_->take_committed().jobs);
    for (const auto& [id, known] : past.jobs) {
      const auto stored = ask(find_job{id});
      ASSERT_EQ(stored.totals, known.totals) << "round " << round;
      ASSERT_EQ(stored.state, known.state) << "round " << round;
      ASSERT_EQ(stored.fence, known.fence) << "round " << round;
    }
    check_invariants("in round " + std::to_string(round) + " of seed " +
                     std::to_string(GetParam()));
    if (HasFailure()) return;
    if (past.chance(4)) crash();
  }
  const auto counts = ask(count_jobs{});
  EXPECT_GT(counts[static_cast<std::size_t>(job_state::completed)], 0);
}

INSTANTIATE_TEST_SUITE_P(seeds, random_histories, ::testing::Values(1U, 2U, 3U, 4U, 5U, 6U));

TEST_F(histories, readers_see_whole_commits_while_the_writer_writes) {
  fill(60);
  const auto first = commit(submission(1)).value().job;
  std::atomic<bool> stop{false};
  std::atomic<int> questions{0};
  std::atomic<int> wrong{0};
  std::vector<std::thread> readers;
  std::vector<std::unique_ptr<reads>> connections;
  for (int i = 0; i < 3; ++i) connections.push_back(database_->reader().value());
  for (auto& connection : connections) {
    readers.emplace_back([&, mine = connection.get()] {
      std::int64_t last = 0;
      while (!stop) {
        const auto job = mine->read(find_job{first.id});
        const auto rows = mine->read(find_result{first.id});
        const auto planned = mine->plan(type(), first.id, first.arguments, items(1, 60));
        if (!job || !rows || !planned || job->totals.done < last ||
            std::ssize(*rows) < job->totals.done) {
          ++wrong;
        } else {
          last = job->totals.done;
        }
        ++questions;
      }
    });
  }
  std::thread checkpoints([&] {
    while (!stop) store_->checkpoint();
  });
  for (std::int64_t i = 1; i <= 60; ++i) {
    const auto answer = commit(batch(first, items(i, i)));
    ASSERT_TRUE(answer);
    ASSERT_TRUE(answer->stale.empty());
  }
  while (questions < 10) std::this_thread::yield();
  stop = true;
  for (auto& thread : readers) thread.join();
  checkpoints.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(ask(find_job{first.id}).state, job_state::completed);
  check_invariants("after concurrent reads");
}

TEST_F(histories, plans_made_while_companies_change_never_double_a_task) {
  fill(30);
  const auto job = commit(submission(1)).value().job;
  std::atomic<bool> stop{false};
  std::vector<advance_job> made;  // planned from another thread while the writer commits
  auto other = database_->reader().value();
  std::thread planner([&] {
    while (!stop || made.size() < 20) {
      made.push_back({job.id, job.fence,
                      other->plan(type(), job.id, job.arguments, items(1, 30)).value(), noon});
      if (made.size() >= 2000) break;
    }
  });
  for (std::int64_t n = 0; n < 60; ++n) {
    edit_company change{administrator(), {1 + n % 30}, {}, 0, today, noon};
    change.patch.periodicidade = std::optional<std::int64_t>(40 + n);
    commit(change).value();
  }
  stop = true;
  planner.join();
  for (const auto& one : made) {
    if (!commit(one)) break;  // the job has ended
  }
  check_invariants("after plans of every age");
  if (ask(find_job{job.id}).state == job_state::running) {
    const auto last = commit(batch(job, items(1, 30))).value();
    EXPECT_TRUE(last.stale.empty());
    EXPECT_EQ(last.job.state, job_state::completed);
  }
  check_invariants("at the end");
}

}  // namespace
}  // namespace mutirao::storage
