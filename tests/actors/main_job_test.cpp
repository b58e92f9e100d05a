// The main job through every actor, step by step: from a submission to stored tasks.
#include <gtest/gtest.h>

#include <caf/send.hpp>

#include "tests/actors/stage.hpp"

namespace mutirao::testing {
namespace {

const caller admin{{1}, true, {}};

std::int64_t stored_tasks(process& running) {
  std::int64_t count = 0;
  list_tasks question{admin, {}, 500, std::nullopt};
  for (;;) {
    const auto answer = running.ask(running.cast().readers()[0], question);
    if (!answer) return -1;
    count += static_cast<std::int64_t>(answer->rows.size());
    if (!answer->next) return count;
    question.after = answer->next;
  }
}

std::vector<notification> told(process& running, std::int64_t user = 7) {
  return running.ask(running.cast().readers()[0], list_notifications{{user}, 30}).value().rows;
}

job_view view_of(process& running, job_id id) {
  return running.ask(running.cast().supervisor(), find_job{id}).value();
}

TEST(MainJob, ASubmissionEndsAsStoredTasksAndOneNotification) {
  stage set(1, 10);
  auto running = set.start();
  const auto receipt = running->ask(running->cast().supervisor(), generation_of(set.types, 1));
  ASSERT_TRUE(receipt.has_value());
  EXPECT_EQ(receipt->how, insert_job::outcome::created);
  EXPECT_EQ(receipt->job.totals.total, 10);

  const auto job = view_of(*running, receipt->job.id);
  EXPECT_EQ(job.state, job_state::completed);
  EXPECT_EQ(job.totals.done, 10);
  EXPECT_EQ(job.totals.created, stored_tasks(*running));
  EXPECT_GT(job.totals.created, 10);
  ASSERT_EQ(told(*running).size(), 1U);
  EXPECT_EQ(told(*running)[0].type, "auto-tasks-generated");
  EXPECT_EQ(told(*running)[0].created, job.totals.created);
}

TEST(MainJob, RunningTwiceCreatesNothingTheSecondTime) {
  stage set(1, 10);
  auto running = set.start();
  running->ask(running->cast().supervisor(), generation_of(set.types, 1));
  const auto tasks = stored_tasks(*running);
  const auto second = running->ask(running->cast().supervisor(), generation_of(set.types, 1));
  EXPECT_EQ(view_of(*running, second->job.id).totals.created, 0);
  EXPECT_EQ(stored_tasks(*running), tasks);
}

TEST(MainJob, TheAnswerComesAfterTheRowIsStoredAndBeforeTheJobIsDone) {
  stage set(1, 10);
  auto running = set.start();
  const auto receipt =
      running->ask_and_stop(running->cast().supervisor(), generation_of(set.types, 1));
  ASSERT_TRUE(receipt.has_value());
  EXPECT_EQ(receipt->job.state, job_state::running);
  EXPECT_EQ(receipt->job.totals.done, 0);
  running->run();
  EXPECT_EQ(view_of(*running, receipt->job.id).state, job_state::completed);
}

TEST(MainJob, ProgressNeverGoesBack) {
  stage set(1, 40);
  auto running = set.start();
  const auto& supervisor = running->cast().supervisor();
  const auto id = running->ask_and_stop(supervisor, generation_of(set.types, 1))->job.id;
  std::int64_t before = 0;
  int different = 0;
  do {
    const auto now = running->ask_and_stop(supervisor, find_job{id})->totals.done;
    EXPECT_GE(now, before);
    different += now > before ? 1 : 0;
    before = now;
  } while (running->scheduler().try_run_once());
  EXPECT_EQ(before, 40);
  EXPECT_GT(different, 3) << "batches of 4 are seen one by one";
}

TEST(MainJob, AnEmptyUnitGivesACompletedJobAndNoNotification) {
  stage set(2, 0);
  auto running = set.start();
  const auto receipt = running->ask(running->cast().supervisor(), generation_of(set.types, 2));
  ASSERT_TRUE(receipt.has_value());
  EXPECT_EQ(receipt->job.state, job_state::completed);
  EXPECT_EQ(receipt->job.totals.total, 0);
  EXPECT_TRUE(told(*running).empty());
}

TEST(MainJob, AnUnknownUnitIsRefused) {
  stage set;
  auto running = set.start();
  const auto receipt = running->ask(running->cast().supervisor(), generation_of(set.types, 99));
  ASSERT_FALSE(receipt.has_value());
  EXPECT_EQ(receipt.error().code, errc::unknown_unit);
}

TEST(MainJob, AnUnknownJobIsNotFound) {
  stage set;
  auto running = set.start();
  const auto found =
      running->ask(running->cast().supervisor(), find_job{job_id::from_random(1, 2)});
  ASSERT_FALSE(found.has_value());
  EXPECT_EQ(found.error().code, errc::unknown_job);
}

TEST(MainJob, MoreJobsThanSlotsWaitAsRowsAndAllEnd) {
  stage set(5, 6);
  auto options = stage::undetached();
  options.supervisor.live_jobs = 2;
  auto running = set.start(options);
  std::vector<job_id> ids;
  for (int unit = 1; unit <= 5; ++unit) {
    ids.push_back(
        running->ask_and_stop(running->cast().supervisor(), generation_of(set.types, unit))
            ->job.id);
  }
  running->run();
  for (const auto id : ids) EXPECT_EQ(view_of(*running, id).state, job_state::completed);
  EXPECT_EQ(told(*running).size(), 5U);
}

TEST(MainJob, EndedJobsAreAnsweredFromTheStoreOnceTheirActorIsGone) {
  stage set(3, 4);
  auto options = stage::undetached();
  options.supervisor.ended_jobs = 1;
  auto running = set.start(options);
  std::vector<job_id> ids;
  for (int unit = 1; unit <= 3; ++unit) {
    ids.push_back(
        running->ask(running->cast().supervisor(), generation_of(set.types, unit))->job.id);
  }
  for (const auto id : ids) {
    const auto job = view_of(*running, id);
    EXPECT_EQ(job.state, job_state::completed);
    EXPECT_EQ(job.totals.done, 4);
  }
}

TEST(MainJob, AProcessThatDiesAnywhereLosesNothingAndDoesNothingTwice) {
  // Every number of steps after which the process may be gone; each time another one takes over.
  std::int64_t expected_tasks = -1;
  bool ended_in_first = false;
  for (int steps = 1; !ended_in_first; ++steps) {
    stage set(1, 12);
    {
      auto first = set.start();
      caf::anon_send(first->cast().supervisor(), generation_of(set.types, 1));
      int taken = 0;
      while (taken < steps && first->scheduler().try_run_once()) ++taken;
      ended_in_first = taken < steps;
    }
    auto second = set.start();
    second->cast().recover();
    second->run();
    const auto jobs = second->ask(second->cast().readers()[0],
                                  list_jobs{admin, true, {}, std::nullopt, std::nullopt, 10, {}});
    ASSERT_TRUE(jobs.has_value());
    if (jobs->rows.empty()) continue;  // died before the submission was stored: nobody was told so
    ASSERT_EQ(jobs->rows.size(), 1U);
    EXPECT_EQ(jobs->rows[0].state, job_state::completed) << "after " << steps << " steps";
    EXPECT_EQ(jobs->rows[0].totals.created, stored_tasks(*second)) << "after " << steps << " steps";
    EXPECT_EQ(told(*second).size(), 1U) << "after " << steps << " steps";
    if (expected_tasks < 0) expected_tasks = stored_tasks(*second);
    EXPECT_EQ(stored_tasks(*second), expected_tasks);
  }
  EXPECT_GT(expected_tasks, 12);
}

}  // namespace
}  // namespace mutirao::testing
