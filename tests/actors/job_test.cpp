#include "actors/job.hpp"

#include <gtest/gtest.h>

#include <caf/typed_event_based_actor.hpp>

#include "domain/jobs/noop.hpp"
#include "tests/actors/actor_test.hpp"

namespace mutirao::testing {
namespace {

using actors::batch_outcome;
using actors::run_batch;

actors::pool_actor::behavior_type fake_pool(actors::pool_actor::pointer,
                                            std::vector<run_batch>* out) {
  return {
      [](actors::start_atom) {},          [out](const run_batch& batch) { out->push_back(batch); },
      [](const actors::worker_ready&) {}, [](const actors::batch_advanced&) {},
      [](const actors::drop_job&) {},     [](actors::tick_atom) {}};
}

/// A job of two items, one batch, whose outcome the test says.
class JobActorTest : public actor_test {
 protected:
  fixed_clock time_;
  counted_randomness chance_;
  std::vector<run_batch> out_;
  actors::pool_actor pool_ = system_.spawn(fake_pool, &out_);
  actors::job_actor job_;
  noop type_{[](std::chrono::microseconds) {}};

  void SetUp() override {
    claimed_job claimed;
    claimed.job.state = job_state::running;
    claimed.job.totals.total = 2;
    claimed.todo = {{1}, {2}};
    job_ = system_.spawn(actors::run_job,
                         actors::job_surroundings{{}, pool_, {}, &time_, &chance_, &telemetry_, {}},
                         &type_, claimed);
    send(job_, actors::start_atom::value);
  }

  void TearDown() override {
    out_.clear();
    end(job_, pool_);
  }
};

TEST_F(JobActorTest, ABatchThatIsTriedAgainIsCounted) {
  ASSERT_EQ(out_.size(), 1U);
  send(job_, batch_outcome{out_[0].batch, fail(errc::overloaded)});
  EXPECT_EQ(telemetry_.counted(counter::batches_retried), 1);
  EXPECT_EQ(out_.size(), 1U) << "after a pause";
  scheduler_.trigger_timeout();
  scheduler_.run();
  EXPECT_EQ(out_.size(), 2U);
}

TEST_F(JobActorTest, PlansThatWentStaleAreCounted) {
  ASSERT_EQ(out_.size(), 1U);
  advance_job::answer answer;
  answer.job.state = job_state::running;
  answer.job.totals.total = 2;
  answer.job.totals.done = 1;
  answer.stale = {{2}};
  send(job_, batch_outcome{out_[0].batch, answer});
  EXPECT_EQ(telemetry_.counted(counter::plans_stale), 1);
  EXPECT_EQ(telemetry_.counted(counter::batches_retried), 0);
  ASSERT_EQ(out_.size(), 2U);
  EXPECT_EQ(out_[1].batch.items, answer.stale);
}

}  // namespace
}  // namespace mutirao::testing
