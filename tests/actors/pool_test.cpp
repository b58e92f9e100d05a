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

  void offer(std::uint64_t number, std::vector<item_id> items) {
    const auto id = job(number);
    if (!jobs_.count(id)) jobs_[id] = system_.spawn(fake_job, id, &seen_);
    run_batch task;
    task.job = jobs_[id];
    task.id = id;
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
  begin({.workers = 2, .batches_each = 2});
  for (int item = 1; item <= 10; ++item) offer(1, item);
  EXPECT_EQ(seen_.given.size(), 4U);
  finish(0);
  EXPECT_EQ(seen_.given.size(), 5U);
  finish(0);
  EXPECT_EQ(seen_.given.size(), 5U) << "a ticket counts once";
}

TEST_F(PoolTest, LargeBatchesCountByTheirItems) {
  begin({.workers = 1, .items_each = 10, .batches_each = 8});
  for (int i = 0; i < 3; ++i) offer(1, std::vector<item_id>(5));
  EXPECT_EQ(seen_.given.size(), 2U);
  finish(0);
  EXPECT_EQ(seen_.given.size(), 3U);
}

TEST_F(PoolTest, JobsTakeTurnsSoThatALargeOneDoesNotHoldUpASmallOne) {
  begin({.workers = 1, .batches_each = 1});
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

TEST_F(PoolTest, DroppedBatchesComeBackToTheirJobAndOthersStay) {
  begin({.workers = 1, .batches_each = 1});
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
  begin({.workers = 1, .batches_each = 2});
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
