// Cancel, pause, resume, retry and priority at every step of a job's life.
#include <gtest/gtest.h>

#include <set>

#include "tests/actors/stage.hpp"

namespace mutirao::testing {
namespace {

/// One service on the deterministic scheduler, and what a user does to it.
class played {
 public:
  explicit played(int companies, int units = 1, app::wiring_options options = stage::undetached())
      : set_(units, companies), running_(set_.start(options)) {}

  /// Runs nothing more once it is accepted.
  job_id submit(std::int64_t unit = 1) {
    return running_->ask_and_stop(running_->cast().supervisor(), generation_of(set_.types, unit))
        ->job.id;
  }
  /// Fewer where there is nothing more to do.
  int take_steps(int most) {
    int taken = 0;
    while (taken < most && running_->scheduler().try_run_once()) ++taken;
    return taken;
  }
  void run() { running_->run_with_time(); }

  /// Runs nothing more once it is answered.
  expected<request_change::answer> change(job_id id, job_trigger on) {
    return running_->ask_and_stop(
        running_->cast().supervisor(),
        request_change{id, owner, on, std::nullopt, running_->time.now()});
  }
  expected<request_change::answer> prioritize(job_id id, int priority) {
    return running_->ask_and_stop(
        running_->cast().supervisor(),
        request_change{id, owner, std::nullopt, priority, running_->time.now()});
  }

  job_view view(job_id id) {
    return running_->ask(running_->cast().supervisor(), find_job{id}).value();
  }
  job_view stored(job_id id) { return read(find_job{id}); }
  std::size_t told() { return ended().size(); }
  /// The jobs of whose end their owner was told, in that order.
  std::vector<job_id> ended() {
    std::vector<job_id> ids;
    for (const auto& one : read(list_notifications{{7}, 30}).rows)
      ids.insert(ids.begin(), *one.job);
    return ids;
  }
  std::int64_t tasks() {
    std::int64_t count = 0;
    list_tasks question{{{1}, true, {}}, {}, 500, std::nullopt};
    do {
      const auto page = read(question);
      count += std::ssize(page.rows);
      question.after = page.next;
    } while (question.after);
    return count;
  }
  std::int64_t ledger(job_id id) { return std::ssize(read(find_result{id})); }

 private:
  template <class Question>
  typename Question::answer read(const Question& question) {
    return running_->ask(running_->cast().readers()[0], question).value();
  }

  stage set_;
  std::unique_ptr<process> running_;
};

/// A job that has ended, or rests: the store and the actor say the same, and it adds up.
void expect_settled(played& on, job_id id, job_state state) {
  const auto job = on.view(id);
  EXPECT_EQ(job.state, state);
  EXPECT_EQ(on.stored(id).state, state);
  EXPECT_EQ(on.stored(id).totals, job.totals);
  EXPECT_EQ(job.totals.done, on.ledger(id));
  EXPECT_EQ(job.totals.created, on.tasks());
}

TEST(Control, ACancelAtAnyStepEndsTheJobOneWayOrTheOther) {
  std::set<job_state> ends;
  bool too_late = false;
  for (int steps = 0; !too_late; ++steps) {
    SCOPED_TRACE(steps);
    played on(24);
    const auto id = on.submit();
    on.take_steps(steps);
    const auto cancelled = on.change(id, job_trigger::cancel);
    on.run();
    too_late = !cancelled;
    if (cancelled) {
      EXPECT_EQ(cancelled->job.state, job_state::cancelling);
      EXPECT_TRUE(cancelled->changed);
      EXPECT_EQ(on.view(id).totals.done, cancelled->job.totals.done);
    } else {
      EXPECT_EQ(cancelled.error().code, errc::already_ended);
    }
    const auto end = too_late ? job_state::completed : job_state::cancelled;
    expect_settled(on, id, end);
    EXPECT_EQ(on.told(), too_late ? 1U : 0U);
    ends.insert(end);
  }
  EXPECT_EQ(ends.size(), 2U);
}

TEST(Control, ARetryAtAnyStepAfterACancelIsRefusedUntilTheJobHasEndedAndThenEndsWell) {
  bool accepted = false;
  for (int steps = 0; !accepted; ++steps) {
    SCOPED_TRACE(steps);
    played on(24);
    const auto id = on.submit();
    on.take_steps(6);
    ASSERT_TRUE(on.change(id, job_trigger::cancel));
    on.take_steps(steps);
    const auto retried = on.change(id, job_trigger::retry);
    on.run();
    accepted = retried.has_value();
    if (!accepted) {
      EXPECT_EQ(retried.error().code, errc::equal_job_unfinished);
    }
    expect_settled(on, id, accepted ? job_state::completed : job_state::cancelled);
    EXPECT_EQ(on.told(), accepted ? 1U : 0U);
    EXPECT_EQ(on.view(id).run, accepted ? 2 : 1);
  }
}

TEST(Control, APauseAtAnyStepRestsAtTheBatchBorderAndAResumeEndsTheJob) {
  bool too_late = false;
  bool rested = false;
  for (int steps = 0; !too_late; ++steps) {
    SCOPED_TRACE(steps);
    played on(24);
    const auto id = on.submit();
    on.take_steps(steps);
    const auto paused = on.change(id, job_trigger::pause);
    on.run();
    too_late = !paused;
    // Batches that were out may have been the last ones.
    if (paused && on.view(id).state == job_state::paused) {
      rested = true;
      EXPECT_EQ(on.view(id).totals.done, paused->job.totals.done);
      expect_settled(on, id, job_state::paused);
      EXPECT_EQ(on.told(), 0U);
      ASSERT_TRUE(on.change(id, job_trigger::resume));
      on.run();
    }
    expect_settled(on, id, job_state::completed);
    EXPECT_EQ(on.told(), 1U);
  }
  EXPECT_TRUE(rested);
}

TEST(Control, AResumeAtAnyStepAfterAPauseDoesNothingTwice) {
  for (int before = 0; before <= 6; before += 3) {
    int taken = 0;
    for (int steps = 0; taken == steps; ++steps) {
      SCOPED_TRACE(::testing::Message() << before << " steps, then " << steps);
      played on(24);
      const auto id = on.submit();
      on.take_steps(before);
      ASSERT_TRUE(on.change(id, job_trigger::pause));
      taken = on.take_steps(steps);
      const auto resumed = on.change(id, job_trigger::resume);
      if (!resumed) {
        EXPECT_EQ(resumed.error().code, errc::already_ended);
      }
      on.run();
      expect_settled(on, id, job_state::completed);
      EXPECT_EQ(on.told(), 1U);
    }
  }
}

class OneSlot : public ::testing::Test {
 protected:
  static app::wiring_options options() {
    auto made = stage::undetached();
    made.supervisor.live_jobs = 1;
    return made;
  }
  played on_{24, 4, options()};
};

TEST_F(OneSlot, AWaitingJobIsCancelledAtOnceAndNeverStarts) {
  const auto holder = on_.submit(1), waiting = on_.submit(2);
  const auto cancelled = on_.change(waiting, job_trigger::cancel);
  ASSERT_TRUE(cancelled);
  EXPECT_EQ(cancelled->job.state, job_state::cancelled);
  on_.run();
  EXPECT_FALSE(on_.view(waiting).started_at);
  EXPECT_EQ(on_.view(waiting).fence, 0);
  EXPECT_EQ(on_.view(holder).state, job_state::completed);
  EXPECT_EQ(on_.told(), 1U);
}

TEST_F(OneSlot, ACancelledOrPausedJobLeavesItsSlotToTheNext) {
  const auto first = on_.submit(1), second = on_.submit(2), third = on_.submit(3);
  ASSERT_TRUE(on_.change(first, job_trigger::pause));
  on_.run();
  EXPECT_EQ(on_.view(first).state, job_state::paused);
  EXPECT_EQ(on_.view(second).state, job_state::completed);
  EXPECT_EQ(on_.view(third).state, job_state::completed);
  ASSERT_TRUE(on_.change(first, job_trigger::resume));
  const auto last = on_.submit(4);
  ASSERT_TRUE(on_.change(first, job_trigger::cancel));
  on_.run();
  EXPECT_EQ(on_.view(first).state, job_state::cancelled);
  EXPECT_EQ(on_.view(last).state, job_state::completed);
}

TEST_F(OneSlot, APriorityMovesAWaitingJobAheadOfEarlierOnes) {
  const auto holder = on_.submit(1), early = on_.submit(2), low = on_.submit(3),
             high = on_.submit(4);
  ASSERT_TRUE(on_.prioritize(high, 10));
  ASSERT_TRUE(on_.prioritize(low, -1));
  on_.run();
  EXPECT_EQ(on_.ended(), (std::vector{holder, high, early, low}));
}

}  // namespace
}  // namespace mutirao::testing
