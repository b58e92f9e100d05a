#include "actors/pruner.hpp"

#include <gtest/gtest.h>

#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <deque>

#include "tests/actors/stage.hpp"
#include "tests/actors/told_supervisor.hpp"

namespace mutirao::testing {
namespace {

using std::chrono::hours;
using std::chrono::microseconds;
using std::chrono::milliseconds;

/// What the test wants the store to answer, and what it was asked.
struct scripted_store {
  std::deque<expected<prune::answer>> answers;
  std::vector<prune> asked;
};

template <class... Commands>
actors::store_actor spawn_scripted(caf::actor_system& system, scripted_store* script,
                                   std::variant<Commands...>*) {
  const auto run = [](actors::store_actor::pointer,
                      scripted_store* from) -> actors::store_actor::behavior_type {
    return {[from](Commands& what) -> actors::answer_to<Commands> {
              if constexpr (std::is_same_v<Commands, prune>) {
                from->asked.push_back(what);
                auto next = std::move(from->answers.front());
                from->answers.pop_front();
                return {std::move(next)};
              } else {
                return {fail(errc::internal)};
              }
            }...,
            [](const actors::hear_first&) {}, [](actors::flush_atom) {}};
  };
  return system.spawn(run, script);
}

class PrunerTest : public actor_test {
 protected:
  scripted_store script_;
  told_supervisor told_;
  fixed_clock time_;
  actors::store_actor store_ = spawn_scripted(system_, &script_, static_cast<command*>(nullptr));
  actors::supervisor_actor supervisor_ = system_.spawn(run_told, &told_);
  actors::pruner_actor actor_ = system_.spawn(
      actors::run_pruner,
      actors::pruner_surroundings{store_, supervisor_, &time_, &telemetry_, limits()});

  static actors::retention_limits limits() {
    return {hours(6), hours(1), milliseconds(20), microseconds(5000)};
  }
  static prune::answer done(std::int64_t rows, std::optional<std::int64_t> next,
                            microseconds took = microseconds(2000)) {
    return {rows, {}, next, took};
  }

  void begin() { send(actor_, actors::tick_atom::value); }
  /// Lets the next timer go off, if it does so within `time`.
  bool after(std::chrono::nanoseconds time) {
    const bool any = scheduler_.advance_time(time);
    scheduler_.run();
    return any;
  }
  void TearDown() override {
    scheduler_.clock().cancel_all();
    end(actor_, store_, supervisor_);
  }
};

TEST_F(PrunerTest, ASweepGoesOnWhereTheLastStepEndedAndRestsAtItsEnd) {
  script_.answers = {done(50, 7), done(50, 9), done(3, std::nullopt), done(0, std::nullopt)};
  begin();
  ASSERT_EQ(script_.asked.size(), 1U);
  EXPECT_FALSE(after(milliseconds(19))) << "others come between";
  EXPECT_TRUE(after(milliseconds(1)));
  EXPECT_TRUE(after(milliseconds(20)));
  ASSERT_EQ(script_.asked.size(), 3U);
  EXPECT_EQ(script_.asked[0].after, 0);
  EXPECT_EQ(script_.asked[1].after, 7);
  EXPECT_EQ(script_.asked[2].after, 9);
  EXPECT_EQ(telemetry_.counted(counter::rows_pruned), 103);
  EXPECT_FALSE(after(std::chrono::minutes(59)));
  EXPECT_TRUE(after(std::chrono::minutes(1)));
  ASSERT_EQ(script_.asked.size(), 4U);
  EXPECT_EQ(script_.asked[3].after, 0) << "a new sweep";
}

TEST_F(PrunerTest, WhatIsOldIsSaidByTheClockAtEachStep) {
  script_.answers = {done(50, 7), done(1, std::nullopt)};
  begin();
  time_.advance(hours(1));
  after(milliseconds(20));
  ASSERT_EQ(script_.asked.size(), 2U);
  EXPECT_EQ(script_.asked[1].ended_before, time_.now() - hours(6));
  EXPECT_EQ(script_.asked[1].keys_before, time_.now() - hours(24));
  EXPECT_EQ(script_.asked[0].ended_before, time_.now() - hours(7));
}

TEST_F(PrunerTest, StepsGrowWhileTheyAreQuickAndShrinkWhenTheyAreNot) {
  const auto rows_after = [&](std::int64_t rows, microseconds took) {
    script_.answers.push_back(done(rows, 1, took));
    if (script_.asked.empty()) {
      begin();
    } else {
      after(milliseconds(20));
    }
    return script_.asked.back().rows;
  };
  EXPECT_EQ(rows_after(100, microseconds(900)), 100);
  EXPECT_EQ(rows_after(200, microseconds(900)), 200) << "twice as many";
  EXPECT_EQ(rows_after(10, microseconds(900)), 400);
  EXPECT_EQ(rows_after(400, microseconds(4000)), 400) << "few were there: it says nothing";
  EXPECT_EQ(rows_after(400, microseconds(5001)), 400) << "long enough";
  EXPECT_EQ(rows_after(200, microseconds(9000)), 200);
  for (int i = 0; i < 10; ++i) rows_after(5, microseconds(90'000));
  EXPECT_EQ(rows_after(5, microseconds(900)), 100) << "but it goes on";
  for (int i = 0; i < 20; ++i) rows_after(100'000, microseconds(1));
  EXPECT_EQ(rows_after(5, microseconds(1)), 4000) << "never without bound";
}

TEST_F(PrunerTest, TheSupervisorIsToldWhichJobsAreGone) {
  const auto job = job_id::from_random(1, 2);
  script_.answers = {prune::answer{7, {job}, std::nullopt, {}}};
  begin();
  EXPECT_EQ(told_.pruned, std::vector{job});
}

TEST_F(PrunerTest, AStoreThatRefusesIsAskedAgainAtTheNextSweep) {
  script_.answers = {fail(errc::disk_full), done(1, std::nullopt)};
  begin();
  EXPECT_EQ(telemetry_.events(), std::vector<std::string>{"prune_refused"});
  EXPECT_FALSE(after(std::chrono::minutes(59)));
  EXPECT_TRUE(after(std::chrono::minutes(1)));
  EXPECT_EQ(script_.asked.size(), 2U);
}

// The whole cast over a real file.
class RetentionTest : public ::testing::Test {
 protected:
  stage set_{2, 6};
  std::unique_ptr<process> running_ = set_.start(options());

  static app::wiring_options options() {
    auto made = stage::undetached();
    made.retention.emplace().keep = hours(24);
    return made;
  }
  job_id run_job(std::int64_t unit) {
    return running_->ask(running_->cast().supervisor(), generation_of(set_.types, unit))->job.id;
  }
  expected<job_view> find(job_id id) {
    return running_->ask(running_->cast().supervisor(), find_job{id});
  }
  /// Long enough for a whole sweep.
  void let_a_sweep_pass() {
    running_->scheduler().advance_time(std::chrono::minutes(1));
    running_->run();
    for (int i = 0; i < 20; ++i) {
      running_->scheduler().advance_time(milliseconds(20));
      running_->run();
    }
  }
};

TEST_F(RetentionTest, AnOldJobIsGoneAlsoForItsActorAndTheNextOneRuns) {
  running_->cast().recover();
  const auto old = run_job(1);
  ASSERT_EQ(find(old)->state, job_state::completed) << "its actor answers";
  running_->time.advance(hours(25));
  const auto young = run_job(2);
  let_a_sweep_pass();
  EXPECT_EQ(find(old).error().code, errc::unknown_job);
  EXPECT_EQ(find(young)->state, job_state::completed);
  EXPECT_GT(running_->log.counted(counter::rows_pruned), 6);
  const auto again = run_job(1);
  EXPECT_EQ(find(again)->state, job_state::completed);
  EXPECT_EQ(find(again)->totals.created, 0) << "the tasks stayed";
}

TEST_F(RetentionTest, AProcessThatEndsInASweepLosesNothing) {
  for (int i = 0; i < 5; ++i) run_job(1 + i % 2);
  const auto later = running_->time.now() + hours(48);
  running_.reset();
  running_ = set_.start(options());
  running_->time.advance(later - running_->time.now());
  running_->cast().recover();
  for (int i = 0; i < 3; ++i) running_->scheduler().try_run_once();
  running_.reset();
  running_ = set_.start(options());
  running_->time.advance(later - running_->time.now());
  running_->cast().recover();
  running_->run();
  let_a_sweep_pass();
  const auto jobs =
      running_->ask(running_->cast().readers()[0],
                    list_jobs{{{1}, true, {}}, true, {}, std::nullopt, std::nullopt, 10, {}});
  EXPECT_EQ(jobs->rows.size(), 1U) << "the newest stays";
}

TEST_F(RetentionTest, ADrainDoesNotWaitForAPruner) {
  running_->cast().recover();
  running_->run();
  const auto released = running_->ask(running_->cast().supervisor(), actors::drain{});
  EXPECT_EQ(released, 0);
}

}  // namespace
}  // namespace mutirao::testing
