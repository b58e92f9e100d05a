#include "actors/pool.hpp"

#include <gtest/gtest.h>

#include <caf/typed_event_based_actor.hpp>
#include <map>

#include "tests/actors/actor_test.hpp"

namespace mutirao::testing {
namespace {

using actors::batch_outcome;
using actors::run_batch;

struct seen {
  std::vector<run_batch> given;                   // to workers, in order
  std::vector<std::pair<job_id, errc>> returned;  // to jobs
};

actors::job_actor::behavior_type fake_job(actors::job_actor::pointer, job_id id, seen* log) {
  return {[](actors::start_atom) {},
          [](actors::status_atom) { return actors::answer_to<find_job>{fail(errc::unknown_job)}; },
          [](const actors::job_changed&) {},
          [=](const batch_outcome& outcome) {
            if (!outcome.result) log->returned.emplace_back(id, outcome.result.error().code);
          },
          [](const actors::retry_batch&) {},
          [](const actors::retry_end&) {},
          [](actors::tick_atom) {},
          [](const lease_renewed&) {},
          [](actors::drain_atom) {}};
}

class PoolTest : public actor_test {
 protected:
  seen seen_;
  std::vector<actors::worker_actor> workers_;
  std::map<job_id, actors::job_actor> jobs_;
  actors::pool_actor pool_;

  void begin(actors::pool_limits limits) {
    auto spawn_worker = [this](std::size_t, const actors::pool_actor&) {
      workers_.push_back(system_.spawn(
          [](actors::worker_actor::pointer, seen* log) -> actors::worker_actor::behavior_type {
            return {[log](const run_batch& task) { log->given.push_back(task); }};
          },
          &seen_));
      return workers_.back();
    };
    pool_ = system_.spawn(actors::run_pool, spawn_worker, &telemetry_, limits);
    send(pool_, actors::start_atom::value);
  }

  static job_id job(std::uint64_t number) { return job_id::from_random(number, number); }

  void offer(std::uint64_t number, std::vector<item_id> items, std::int64_t user = 0,
             int priority = 0) {
    const auto id = job(number);
    if (!jobs_.count(id)) jobs_[id] = system_.spawn(fake_job, id, &seen_);
    run_batch task;
    task.job = jobs_[id];
    task.id = id;
    task.user = {user ? user : static_cast<std::int64_t>(number)};
    task.priority = priority;
    task.batch.items = std::move(items);
    send(pool_, std::move(task));
  }
  void offer(std::uint64_t number, std::int64_t item) {
    offer(number, std::vector<item_id>{{item}});
  }

  void finish(std::size_t which) {
    send(pool_, actors::worker_ready{seen_.given.at(which).ticket});
  }

  void TearDown() override {
    seen_.given.clear();
    end(pool_);
    for (const auto& [id, actor] : jobs_) end(actor);
  }
};

TEST_F(PoolTest, NeverHasMoreBatchesOutThanItsWorkersHaveRoomFor) {
  begin({.workers = 2, .small_each = 2});
  for (int item = 1; item <= 10; ++item) offer(1, item);
  EXPECT_EQ(seen_.given.size(), 4U);
  finish(0);
  EXPECT_EQ(seen_.given.size(), 5U);
  finish(0);
  EXPECT_EQ(seen_.given.size(), 5U) << "a ticket counts once";
}

TEST_F(PoolTest, LargeBatchesCountByTheirItems) {
  begin({.workers = 1, .large_items_each = 10, .small_items = 4});
  for (int i = 0; i < 3; ++i) offer(1, std::vector<item_id>(5));
  EXPECT_EQ(seen_.given.size(), 2U);
  finish(0);
  EXPECT_EQ(seen_.given.size(), 3U);
}

TEST_F(PoolTest, SmallBatchesNeverWaitForLargeOnesToEnd) {
  begin({.workers = 1, .large_items_each = 10, .small_each = 2, .small_items = 4});
  for (int i = 0; i < 5; ++i) offer(1, std::vector<item_id>(10));
  EXPECT_EQ(seen_.given.size(), 1U);
  offer(2, 1);
  offer(3, 1);
  offer(4, 1);
  ASSERT_EQ(seen_.given.size(), 3U);
  EXPECT_EQ(seen_.given[1].id, job(2));
  EXPECT_EQ(seen_.given[2].id, job(3));
  finish(1);
  EXPECT_EQ(seen_.given.back().id, job(4));
}

TEST_F(PoolTest, JobsTakeTurnsSoThatALargeOneDoesNotHoldUpASmallOne) {
  begin({.workers = 1, .small_each = 1});
  for (int item = 1; item <= 100; ++item) offer(1, item);
  offer(2, 1);
  offer(3, 1);
  finish(0);
  finish(1);
  finish(2);
  ASSERT_EQ(seen_.given.size(), 4U);
  EXPECT_EQ(seen_.given[1].id, job(1));
  EXPECT_EQ(seen_.given[2].id, job(2));
  EXPECT_EQ(seen_.given[3].id, job(3));
}

TEST_F(PoolTest, UsersTakeTurnsHoweverManyJobsTheyHave) {
  begin({.workers = 1, .small_each = 1});
  for (std::uint64_t number = 1; number <= 20; ++number) offer(number, {{1}}, 7);
  offer(30, {{1}}, 8);
  for (std::size_t i = 0; i < 3; ++i) finish(i);
  ASSERT_EQ(seen_.given.size(), 4U);
  EXPECT_EQ(seen_.given[1].id, job(2));
  EXPECT_EQ(seen_.given[2].id, job(30));
  EXPECT_EQ(seen_.given[3].id, job(3));
}

TEST_F(PoolTest, WithinAUsersTurnJobsOfTheHighestPriorityGoFirstFromTheirNextBatchOn) {
  begin({.workers = 1, .small_each = 1});
  offer(9, {{1}}, 9);
  offer(1, {{1}}, 7);
  offer(2, {{1}}, 7, -1);
  offer(3, {{1}}, 7, 5);
  offer(3, {{2}}, 7, 5);
  offer(8, {{1}}, 8, -10);
  offer(2, {{2}}, 7, 6);  // it was raised meanwhile
  for (std::size_t i = 0; i < 7; ++i) finish(i);
  std::vector<job_id> order;
  for (const auto& task : seen_.given) order.push_back(task.id);
  EXPECT_EQ(order, (std::vector<job_id>{job(9), job(2), job(8), job(2), job(3), job(3), job(1)}));
}

TEST_F(PoolTest, WhatStalledComesBackToItsJobAndItsWorkerGetsNoMoreUntilItAnswers) {
  using std::chrono::seconds;
  begin({.workers = 1, .small_each = 2, .stall_after = seconds(60)});
  offer(1, 1);
  scheduler_.advance_time(seconds(59));
  scheduler_.run();
  EXPECT_TRUE(seen_.returned.empty());
  scheduler_.advance_time(seconds(16));
  scheduler_.run();
  ASSERT_EQ(seen_.returned.size(), 1U);
  EXPECT_EQ(seen_.returned[0], std::make_pair(job(1), errc::stalled));
  EXPECT_EQ(telemetry_.counted(counter::batches_stalled), 1);
  offer(2, 1);
  EXPECT_EQ(seen_.given.size(), 1U);
  finish(0);
  EXPECT_EQ(seen_.given.size(), 2U);
}

TEST_F(PoolTest, ABatchThatIsCommittedPartByPartHasNotStalled) {
  using std::chrono::seconds;
  begin({.workers = 1, .small_each = 2, .stall_after = seconds(60)});
  offer(1, 1);
  for (int part = 0; part < 10; ++part) {
    scheduler_.advance_time(seconds(30));
    scheduler_.run();
    send(pool_, actors::batch_advanced{seen_.given.at(0).ticket});
  }
  EXPECT_TRUE(seen_.returned.empty());
  scheduler_.advance_time(seconds(59));
  scheduler_.run();
  EXPECT_TRUE(seen_.returned.empty()) << "since its last part";
  scheduler_.advance_time(seconds(16));
  scheduler_.run();
  EXPECT_EQ(seen_.returned.size(), 1U);
}

TEST_F(PoolTest, AWorkerThatDiesAfterItsBatchStalledGivesItBackNoSecondTime) {
  using std::chrono::seconds;
  begin({.workers = 1, .small_each = 2, .stall_after = seconds(60)});
  offer(1, 1);
  for (int i = 0; i < 6; ++i) {
    scheduler_.advance_time(seconds(15));
    scheduler_.run();
  }
  end(workers_.at(0));
  EXPECT_EQ(seen_.returned.size(), 1U);
  offer(2, 1);
  EXPECT_EQ(seen_.given.back().id, job(2));
}

TEST_F(PoolTest, DroppedBatchesComeBackToTheirJobAndOthersStay) {
  begin({.workers = 1, .small_each = 1});
  offer(1, 1);
  offer(1, 2);
  offer(1, 3);
  offer(2, 1);
  send(pool_, actors::drop_job{job(1)});
  ASSERT_EQ(seen_.returned.size(), 2U);
  EXPECT_EQ(seen_.returned[0], std::make_pair(job(1), errc::draining));
  finish(0);
  ASSERT_EQ(seen_.given.size(), 2U);
  EXPECT_EQ(seen_.given[1].id, job(2));
}

TEST_F(PoolTest, WhatADeadWorkerHadComesBackAsAPassingErrorAndAnotherTakesItsPlace) {
  begin({.workers = 1, .small_each = 2});
  offer(1, 1);
  offer(2, 1);
  end(workers_.at(0));
  EXPECT_EQ(workers_.size(), 2U);
  ASSERT_EQ(seen_.returned.size(), 2U);
  EXPECT_TRUE(passing(seen_.returned[0].second));
  offer(3, 1);
  EXPECT_EQ(seen_.given.back().id, job(3));
}

}  // namespace
}  // namespace mutirao::testing
