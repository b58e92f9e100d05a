// Pruning: what goes, what never does, and that a crash between two steps leaves nothing half gone.
#include <random>
#include <set>

#include "storage/sql/pruning.hpp"
#include "tests/storage/world.hpp"
#include "tests/support/places.hpp"

namespace mutirao::storage {
namespace {

using std::chrono::hours;
using std::chrono::minutes;

constexpr instant much_later = noon + hours(100);

class pruned_store : public world {
 protected:
  void SetUp() override {
    world::SetUp();
    fill(5);
  }

  /// All of a user's request for all five companies, at `at`: created, run, completed.
  job_view completed(std::uint64_t n, std::int64_t user = 7, instant at = noon) {
    auto asked = submission(n, user);
    asked.now = at;
    const auto job = commit(asked).value().job;
    auto all = batch(job, items(1, 5));
    all.now = at;
    return commit(all).value().job;
  }
  /// The same request is not joined, as its text differs.
  job_view pending(std::uint64_t n, std::int64_t user = 7, instant at = noon) {
    auto asked = submission(n, user, 1, false);
    asked.arguments.request += " #" + std::to_string(n);
    asked.now = at;
    return commit(asked).value().job;
  }
  prune::answer step(prune what) { return commit(what).value(); }
  /// Steps of `rows` until the sweep is through; how many.
  int sweep(instant now, std::int64_t rows = 1000, hours keep = hours(24)) {
    prune what{now - keep, now - idempotency_key_lifetime, rows, 0};
    for (int steps = 1; steps < 10'000; ++steps) {
      const auto done = step(what);
      for (const auto& id : done.jobs) gone_.insert(id);
      if (!done.next) return steps;
      what.after = *done.next;
      if (between_) between_();
    }
    ADD_FAILURE() << "a sweep without end";
    return 0;
  }
  std::int64_t count(const std::string& table) { return number("SELECT count(*) FROM " + table); }
  bool stored(const job_view& job) { return reads_->read(find_job{job.id}).has_value(); }

  /// What must hold whatever was pruned.
  void check_invariants(const std::string& where = {}) {
    const auto none = [&](const std::string& what, const std::string& sql) {
      EXPECT_EQ(number("SELECT count(*) FROM (" + sql + ") AS found"), 0) << what << " " << where;
    };
    none("a stored job has its whole ledger",
         "SELECT 1 FROM jobs j WHERE j.done <> (SELECT count(*) FROM job_items WHERE job_no = no)");
    none("a stored job has its scope",
         "SELECT 1 FROM jobs WHERE total > 0 AND no NOT IN (SELECT job_no FROM job_scopes)");
    none("a stored job has its first event",
         "SELECT 1 FROM jobs j WHERE NOT EXISTS"
         " (SELECT 1 FROM job_events WHERE job_no = j.no AND kind = 0)");
    none("a user's events have no gap",
         "SELECT 1 FROM job_events GROUP BY user_id HAVING max(seq) - min(seq) + 1 <> count(*)");
    none("rows without a job belong to one that is remembered as gone",
         "SELECT job_no FROM job_items UNION SELECT job_no FROM job_scopes"
         " UNION SELECT job_no FROM idempotency_keys EXCEPT SELECT no FROM jobs"
         " EXCEPT SELECT no FROM pruned_jobs");
    none("a job is there or gone", "SELECT 1 FROM jobs JOIN pruned_jobs USING (no)");
  }

  std::set<job_id> gone_;
  std::function<void()> between_;
};

TEST_F(pruned_store, an_ended_job_goes_with_all_its_rows_once_it_is_old) {
  const auto old = completed(1);
  completed(2, 8, noon + hours(90));
  const auto tasks = count("tarefas");
  sweep(noon + hours(24));
  EXPECT_TRUE(stored(old)) << "not a moment before its time";
  sweep(noon + hours(24) + std::chrono::milliseconds(1));
  EXPECT_FALSE(stored(old));
  EXPECT_EQ(gone_, std::set{old.id});
  EXPECT_EQ(count("jobs"), 1);
  EXPECT_EQ(count("job_items"), 5);
  EXPECT_EQ(count("job_scopes"), 1);
  EXPECT_EQ(count("pruned_jobs"), 0);
  EXPECT_EQ(count("tarefas"), tasks) << "what it made stays";
  check_invariants();
}

TEST_F(pruned_store, a_step_whose_time_is_up_ends_early_and_the_next_ones_finish_its_work) {
  fill(445, 1, 6);
  const auto old = commit(submission(1)).value().job;
  commit(batch(old, items(1, 450))).value();
  completed(2, 8, noon + hours(90));
  close();
  const auto on = place_.connect();
  sql::pruning slow(*on, std::chrono::microseconds(0));
  prune what{noon + hours(1), noon + hours(1), 100'000, 0};
  int steps = 0;
  for (bool more = true; more; ++steps) {
    ASSERT_LT(steps, 100);
    ASSERT_TRUE(on->begin_writing());
    const auto done = slow.step(what).value();
    ASSERT_TRUE(on->commit());
    EXPECT_LE(done.rows, 100);
    more = done.next.has_value();
    what.after = done.next.value_or(0);
  }
  EXPECT_GT(steps, 5);
  open();
  EXPECT_FALSE(stored(old));
  EXPECT_EQ(count("job_items WHERE job_no NOT IN (SELECT no FROM jobs)"), 0);
  EXPECT_EQ(count("pruned_jobs"), 0);
  check_invariants();
}

TEST_F(pruned_store, what_is_unfinished_stays_however_old) {
  const auto waiting = pending(1);
  const auto paused = pending(2);
  commit(request_change{paused.id, member(7), job_trigger::pause, std::nullopt, noon}).value();
  const auto running = commit(submission(3)).value().job;
  commit(batch(running, items(1, 2))).value();
  const auto cancelling = commit(submission(4, 8)).value().job;
  commit(request_change{cancelling.id, member(8), job_trigger::cancel, std::nullopt, noon}).value();
  const auto again = completed(5, 9);
  const auto cancelled = pending(7, 9);
  commit(request_change{cancelled.id, member(9), job_trigger::cancel, std::nullopt, noon}).value();
  commit(request_change{cancelled.id, member(9), job_trigger::retry, std::nullopt, noon}).value();
  completed(8, 10, much_later);
  sweep(much_later + hours(1));
  for (const auto& job : {waiting, paused, running, cancelling, cancelled}) {
    EXPECT_TRUE(stored(job)) << to_string(ask(find_job{job.id}).state);
  }
  EXPECT_FALSE(stored(again));
  EXPECT_EQ(ask(list_items{running.id, item_state::done, 100, {}}).rows.size(), 2U);
  const auto left = commit(claim_jobs{1, running.id, much_later}).value();
  EXPECT_EQ(left.at(0).todo, items(3, 5)) << "it goes on where it stood";
  check_invariants();
}

TEST_F(pruned_store, failed_and_cancelled_and_empty_jobs_go_too) {
  const auto failed = commit(submission(1)).value().job;
  commit(end_run{failed.id, failed.fence, job_trigger::fail, "x", noon}).value();
  const auto cancelled = pending(2);
  commit(request_change{cancelled.id, member(7), job_trigger::cancel, std::nullopt, noon}).value();
  const auto empty = commit(submission(3, 7, 2)).value().job;
  completed(4, 8, much_later);
  sweep(much_later);
  EXPECT_EQ(gone_, (std::set{failed.id, cancelled.id, empty.id}));
  check_invariants();
}

TEST_F(pruned_store, a_job_is_as_old_as_its_last_end) {
  const auto job = pending(1);
  commit(request_change{job.id, member(7), job_trigger::cancel, std::nullopt, noon}).value();
  commit(request_change{job.id, member(7), job_trigger::retry, std::nullopt, noon}).value();
  commit(request_change{job.id, member(7), job_trigger::cancel, std::nullopt, noon + hours(50)})
      .value();
  completed(2, 8, much_later);
  sweep(noon + hours(60));
  EXPECT_TRUE(stored(job));
  sweep(noon + hours(75));
  EXPECT_FALSE(stored(job));
}

TEST_F(pruned_store, the_newest_job_stays_and_no_number_is_given_twice) {
  const auto first = completed(1);
  const auto last = completed(2, 8);
  sweep(much_later);
  EXPECT_FALSE(stored(first));
  EXPECT_TRUE(stored(last));
  close();
  open();
  completed(3, 7, much_later);
  EXPECT_EQ(number("SELECT max(no) FROM jobs"), 3);
}

TEST_F(pruned_store, a_users_last_event_stays_and_no_sequence_is_given_twice) {
  completed(1, 7);
  completed(2, 8, much_later);
  const auto before = number("SELECT max(seq) FROM job_events WHERE user_id = 7");
  sweep(much_later);
  EXPECT_EQ(number("SELECT count(*) FROM job_events WHERE user_id = 7"), 1);
  close();
  open();
  store_->take_committed();
  completed(3, 7, much_later);
  std::vector<std::int64_t> given;
  const auto told = store_->take_committed();
  for (const auto& event : told.events) given.push_back(event.sequence);
  EXPECT_EQ(given, (std::vector{before + 1, before + 2, before + 3}));
  check_invariants();
}

TEST_F(pruned_store, events_wait_for_an_older_job_so_that_no_gap_opens) {
  const auto waiting = pending(1);
  completed(2);
  completed(3);
  completed(4, 8, much_later);
  sweep(much_later);
  EXPECT_EQ(gone_.size(), 2U);
  EXPECT_EQ(number("SELECT min(seq) FROM job_events WHERE user_id = 7"), 1);
  check_invariants("while one waits");
  commit(request_change{waiting.id, member(7), job_trigger::cancel, std::nullopt, noon}).value();
  completed(5, 8, much_later);
  sweep(much_later);
  EXPECT_EQ(number("SELECT count(*) FROM job_events WHERE user_id = 7"), 1);
  check_invariants("once it has ended");
}

TEST_F(pruned_store, a_job_outlives_the_keys_that_name_it) {
  auto asked = submission(1);
  asked.key = idempotency_key{"k"};
  const auto job = commit(asked).value().job;
  auto joins = asked;
  joins.key = idempotency_key{"later"};
  joins.now = noon + hours(10);
  EXPECT_EQ(commit(joins).value().how, insert_job::outcome::joined);
  commit(batch(job, items(1, 5))).value();
  completed(2, 8, much_later);

  sweep(noon + hours(30), 1000, hours(1));
  EXPECT_TRUE(stored(job)) << "the second key is known until hour 34";
  EXPECT_EQ(number("SELECT count(*) FROM idempotency_keys WHERE key = 'k'"), 0) << "the first not";
  joins.now = noon + hours(33);
  EXPECT_EQ(commit(joins).value().how, insert_job::outcome::replayed);
  sweep(noon + hours(35), 1000, hours(1));
  EXPECT_FALSE(stored(job));
  EXPECT_EQ(count("idempotency_keys"), 0);
  check_invariants();
}

TEST_F(pruned_store, keys_go_after_a_day_though_their_job_stays) {
  auto asked = submission(1);
  asked.key = idempotency_key{"k"};
  const auto job = commit(asked).value().job;
  sweep(noon + hours(24));
  EXPECT_EQ(count("idempotency_keys"), 1);
  sweep(noon + hours(24) + std::chrono::milliseconds(1), 1000, hours(72));
  EXPECT_EQ(count("idempotency_keys"), 0);
  EXPECT_TRUE(stored(job));
}

TEST_F(pruned_store, a_young_key_before_old_ones_holds_nothing_up) {
  // As if the clock had been put back between the first two.
  for (const auto& [key, at] : {std::pair("a", noon + hours(50)), {"b", noon}, {"c", noon}}) {
    auto asked = submission(1);
    asked.key = idempotency_key{key};
    asked.now = at;
    commit(asked).value();
  }
  sweep(noon + hours(25));
  EXPECT_EQ(count("idempotency_keys"), 1);
}

TEST_F(pruned_store, read_notifications_go_and_unread_ones_stay) {
  for (std::uint64_t n = 1; n <= 4; ++n) completed(n, 7);
  const auto told = ask(list_notifications{{7}}).rows;
  ASSERT_EQ(told.size(), 4U);
  const auto read = [&](std::size_t which, instant at) {
    commit(read_notification{{7}, told[which].id, at}).value();
  };
  read(3, noon);              // the oldest
  read(1, noon + hours(90));  // just now
  read(0, noon);              // the newest of all
  sweep(much_later);
  std::set<notification_id> left;
  for (const auto& one : ask(list_notifications{{7}}).rows) left.insert(one.id);
  EXPECT_EQ(left, (std::set{told[0].id, told[1].id, told[2].id}));
  close();
  open();
  completed(9, 7, much_later);
  EXPECT_EQ(ask(list_notifications{{7}}).rows.at(0).id.value, told[0].id.value + 1);
}

TEST_F(pruned_store, a_step_removes_no_more_than_it_was_told) {
  for (std::uint64_t n = 1; n <= 12; ++n) completed(n, static_cast<std::int64_t>(n % 3));
  completed(13, 9, much_later);
  for (const std::int64_t rows : {1, 2, 3, 7}) {
    const auto before = count("jobs") + count("job_items") + count("job_scopes") +
                        count("job_events") + count("idempotency_keys");
    const auto done = step({much_later - hours(24), much_later - hours(24), rows, 0});
    const auto after = count("jobs") + count("job_items") + count("job_scopes") +
                       count("job_events") + count("idempotency_keys");
    EXPECT_EQ(before - after, done.rows);
    EXPECT_LE(done.rows, rows);
    EXPECT_GT(done.rows, 0);
    EXPECT_TRUE(done.next);
    check_invariants("after a step of " + std::to_string(rows));
  }
  EXPECT_GT(sweep(much_later, 2), 20);
  EXPECT_EQ(count("jobs"), 1);
  EXPECT_EQ(count("pruned_jobs"), 0);
}

TEST_F(pruned_store, a_crash_after_each_step_leaves_nothing_half_gone) {
  for (std::uint64_t n = 1; n <= 4; ++n) completed(n, static_cast<std::int64_t>(n % 2));
  completed(5, 9, much_later);
  int steps = 0;
  between_ = [&] {
    crash();
    check_invariants("after step " + std::to_string(++steps));
  };
  // Each start begins its sweep anew; what was half gone goes first.
  for (;;) {
    const auto done = step({much_later - hours(24), much_later - hours(24), 3, 0});
    if (!done.next) break;
    between_();
    ASSERT_LT(steps, 100);
  }
  EXPECT_GT(steps, 8);
  EXPECT_EQ(count("jobs"), 1);
  EXPECT_EQ(count("job_items"), 5);
  EXPECT_EQ(count("pruned_jobs"), 0);
}

TEST_F(pruned_store, a_sweep_passes_over_more_jobs_than_a_step_looks_at) {
  std::vector<command> group;
  for (std::uint64_t n = 1; n <= 1200; ++n) {
    auto asked = submission(n, static_cast<std::int64_t>(n), 1, false);
    asked.limits.per_process = 10'000;
    group.emplace_back(asked);
  }
  store_->commit(group);
  const auto old = completed(2000, 2000);
  completed(2001, 2001, much_later);
  EXPECT_GT(sweep(much_later), 2);
  EXPECT_EQ(gone_, std::set{old.id});
}

TEST_F(pruned_store, a_sweep_ends_where_everything_is_too_young) {
  std::vector<command> group;
  for (std::uint64_t n = 1; n <= 1200; ++n) {
    group.emplace_back(submission(n, static_cast<std::int64_t>(n), 2));  // empty: ended at once
  }
  store_->commit(group);
  EXPECT_EQ(sweep(noon + hours(1)), 1) << "it looked at all of them";
}

// Random requests, ends, keys and reads at random times, with sweeps of random steps between.
class pruned_histories : public pruned_store,
                         public ::testing::WithParamInterface<std::uint32_t> {};

TEST_P(pruned_histories, never_lose_what_is_young_or_unfinished) {
  std::mt19937 random(GetParam());
  const auto below = [&](std::int64_t limit) {
    return static_cast<std::int64_t>(random()) % limit;
  };
  auto now = noon;
  std::vector<job_view> jobs;
  for (std::uint64_t n = 1; n <= 150; ++n) {
    now += minutes(below(180));
    auto asked = submission(n, 1 + below(3), 1, below(2) == 0);
    asked.now = now;
    if (below(3) == 0) asked.key = idempotency_key{std::to_string(below(40))};
    if (const auto made = commit(asked)) jobs.push_back(made->job);
    const auto& any = jobs[static_cast<std::size_t>(below(std::ssize(jobs)))];
    auto work = batch(any, items(1, 1 + below(5)));
    work.now = now;
    (void)commit(work);
    const auto trigger = below(4) == 0 ? job_trigger::retry : job_trigger::cancel;
    if (below(3) == 0) {
      (void)commit(request_change{any.id, administrator(), trigger, std::nullopt, now});
      (void)commit(end_run{any.id, any.fence, job_trigger::drained, "", now});
    }
    if (below(4) == 0) commit(read_all_notifications{{1 + below(3)}, now}).value();
    if (below(5) == 0) {
      const auto must_stay =
          number("SELECT count(*) FROM jobs WHERE state < 4 OR completed_at >= " +
                 std::to_string((now - hours(10)).time_since_epoch().count()));
      sweep(now, 1 + below(30), hours(10));
      EXPECT_GE(count("jobs"), must_stay);
      EXPECT_EQ(number("SELECT count(*) FROM idempotency_keys WHERE job_no NOT IN"
                       " (SELECT no FROM jobs)"),
                0);
      check_invariants("of seed " + std::to_string(GetParam()) + " at " + std::to_string(n));
    }
    if (below(20) == 0) crash();
    if (HasFailure()) return;
  }
  EXPECT_GT(gone_.size(), 10U);
}

INSTANTIATE_TEST_SUITE_P(seeds, pruned_histories, ::testing::Values(1U, 2U, 3U, 4U));

// A database of the first version, as it may be found at an upgrade.
class upgraded_store : public pruned_store {
 protected:
  void SetUp() override {}
  void make_first_version() {
    std::ifstream from(testing::in_source("storage/migrations/sqlite/0001_initial.sql"));
    const std::string sql{std::istreambuf_iterator<char>(from), {}};
    auto on = sqlite::connection::open(file(), sqlite::access::create).value();
    ASSERT_TRUE(on.execute(
        (sql + "; PRAGMA application_id = 0x4D757469; PRAGMA user_version = 1").c_str()));
    const auto at = [](hours h) { return std::to_string((noon + h).time_since_epoch().count()); };
    ASSERT_TRUE(on.execute(("INSERT INTO idempotency_keys VALUES (7, 'b', 'r', 1, " + at(hours(2)) +
                            "), (7, 'c', 'r', 1, " + at(hours(3)) + "), (8, 'a', 'r', 2, " +
                            at(hours(1)) + ")")
                               .c_str()));
  }
};

TEST_F(upgraded_store, keeps_its_keys_in_order_of_age) {
  make_first_version();
  open();
  EXPECT_EQ(database_->schema().found, 1);
  auto on = sqlite::connection::open(file(), sqlite::access::read).value();
  EXPECT_EQ(on.text("SELECT group_concat(user_id || key || request || job_no, ' ')"
                    " FROM (SELECT * FROM idempotency_keys ORDER BY no)")
                .value(),
            "8ar2 7br1 7cr1");
  sweep(noon + hours(25) + minutes(1));
  EXPECT_EQ(count("idempotency_keys"), 2);
}

}  // namespace
}  // namespace mutirao::storage
