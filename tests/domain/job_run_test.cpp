#include "domain/job_run.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>
#include <optional>

namespace mutirao {
namespace {

claimed_job job_of(std::int64_t items, job_state state = job_state::running) {
  claimed_job job;
  job.job.state = state;
  job.job.fence = 1;
  job.job.version = 1;
  job.job.totals.total = items;
  for (std::int64_t i = 1; i <= items; ++i) job.todo.push_back({i});
  return job;
}

template <class Effect>
std::vector<Effect> only(const std::vector<run_effect>& effects) {
  std::vector<Effect> found;
  for (const auto& effect : effects) {
    if (const auto* one = std::get_if<Effect>(&effect)) found.push_back(*one);
  }
  return found;
}

advance_job::answer answer_of(const job_run& run, job_state state,
                              std::vector<item_id> stale = {}) {
  advance_job::answer answer{run.view(), std::move(stale)};
  answer.job.state = state;
  ++answer.job.version;
  return answer;
}

job_view in_state(const job_run& run, job_state state) {
  return answer_of(run, state).job;
}

const run_limits small{.batch_items = 10, .batches_out = 2, .attempts = 3};

TEST(JobRun, SendsOutBatchesUpToItsLimitInAscendingOrder) {
  job_run run(job_of(35), small);
  const auto sent = only<dispatch>(run.apply(run_started{}));
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_EQ(sent[0].batch.items.size(), 10U);
  EXPECT_EQ(sent[0].batch.items.front(), item_id{1});
  EXPECT_EQ(sent[1].batch.items.back(), item_id{20});
}

TEST(JobRun, EachCommittedBatchMakesRoomForTheNextUntilTheLastOneEndsTheJob) {
  job_run run(job_of(35), small);
  auto sent = only<dispatch>(run.apply(run_started{}));
  std::size_t items = 0;
  while (!sent.empty()) {
    const auto batch = sent.front().batch;
    sent.erase(sent.begin());
    items += batch.items.size();
    const auto state = items == 35 ? job_state::completed : job_state::running;
    const auto effects = run.apply(batch_committed{batch, answer_of(run, state)});
    for (auto& more : only<dispatch>(effects)) sent.push_back(more);
    EXPECT_EQ(only<give_up_slot>(effects).size(), items == 35 ? 1U : 0U);
  }
  EXPECT_EQ(items, 35U);
  EXPECT_TRUE(run.over());
  EXPECT_EQ(run.view().state, job_state::completed);
}

TEST(JobRun, StaleItemsGoOutAgainAndAreLockedAfterThreeMisses) {
  job_run run(job_of(10), small);
  auto batch = only<dispatch>(run.apply(run_started{})).at(0).batch;
  for (int misses = 1; misses <= 3; ++misses) {
    const auto again = only<dispatch>(run.apply(
        batch_committed{batch, answer_of(run, job_state::running, {item_id{4}, item_id{7}})}));
    ASSERT_EQ(again.size(), 1U);
    batch = again[0].batch;
    EXPECT_EQ(batch.items, (std::vector<item_id>{{4}, {7}}));
    EXPECT_EQ(batch.misses, misses);
    EXPECT_EQ(batch.locked(), misses == 3);
  }
}

TEST(JobRun, APassingErrorIsTriedAgainLaterAndLaterThenFailsTheJob) {
  job_run run(job_of(5), small);
  auto batch = only<dispatch>(run.apply(run_started{})).at(0).batch;
  std::chrono::milliseconds before{0};
  for (int attempt = 1; attempt < small.attempts; ++attempt) {
    const auto later =
        only<dispatch_later>(run.apply(batch_refused{batch, {errc::overloaded, ""}}));
    ASSERT_EQ(later.size(), 1U);
    EXPECT_GT(later[0].after, before);
    before = later[0].after;
    batch = only<dispatch>(run.apply(backoff_over{later[0].batch})).at(0).batch;
  }
  const auto ends = only<end_job>(run.apply(batch_refused{batch, {errc::overloaded, ""}}));
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_EQ(ends[0].how, job_trigger::fail);
  EXPECT_FALSE(ends[0].reason.empty());
}

TEST(JobRun, AStoreThatIsAwayIsWaitedForWithoutEnd) {
  for (const auto why :
       {errc::disk_full, errc::store_busy, errc::store_read_only, errc::disk_failed}) {
    job_run run(job_of(5), small);
    auto batch = only<dispatch>(run.apply(run_started{})).at(0).batch;
    for (int i = 0; i < 100; ++i) {
      const auto later = only<dispatch_later>(run.apply(batch_refused{batch, {why, ""}}));
      ASSERT_EQ(later.size(), 1U);
      EXPECT_EQ(later[0].after, std::chrono::seconds(1));
      batch = only<dispatch>(run.apply(backoff_over{later[0].batch})).at(0).batch;
    }
  }
}

TEST(JobRun, AStaleFenceEndsTheRunWithoutAWord) {
  job_run run(job_of(15), small);
  const auto sent = only<dispatch>(run.apply(run_started{}));
  auto effects = run.apply(batch_refused{sent[0].batch, {errc::stale_fence, ""}});
  EXPECT_TRUE(only<give_up_slot>(effects).empty()) << "one batch is still out";
  effects = run.apply(batch_refused{sent[1].batch, {errc::stale_fence, ""}});
  ASSERT_EQ(only<give_up_slot>(effects).size(), 1U);
  EXPECT_TRUE(only<give_up_slot>(effects)[0].outdated) << "its view is no answer any more";
  EXPECT_TRUE(only<end_job>(effects).empty());
}

TEST(JobRun, CancellingRecallsWhatWaitsAndEndsOnceNothingIsOut) {
  job_run run(job_of(50), small);
  const auto sent = only<dispatch>(run.apply(run_started{}));
  auto effects = run.apply(view_changed{in_state(run, job_state::cancelling)});
  EXPECT_EQ(only<recall>(effects).size(), 1U);
  effects = run.apply(batch_refused{sent[1].batch, {errc::draining, ""}});
  EXPECT_TRUE(effects.empty());
  effects = run.apply(batch_committed{sent[0].batch, answer_of(run, job_state::cancelling)});
  ASSERT_EQ(only<end_job>(effects).size(), 1U);
  EXPECT_EQ(only<end_job>(effects)[0].how, job_trigger::drained);
  effects = run.apply(view_changed{in_state(run, job_state::cancelled)});
  EXPECT_EQ(only<give_up_slot>(effects).size(), 1U);
}

TEST(JobRun, AClaimedCancellingJobEndsAtOnce) {
  job_run run(job_of(50, job_state::cancelling), small);
  const auto ends = only<end_job>(run.apply(run_started{}));
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_EQ(ends[0].how, job_trigger::drained);
}

TEST(JobRun, APausedJobLeavesItsSlotAtTheBatchBorder) {
  job_run run(job_of(50), small);
  const auto sent = only<dispatch>(run.apply(run_started{}));
  run.apply(batch_committed{sent[0].batch, answer_of(run, job_state::paused)});
  const auto effects = run.apply(batch_committed{sent[1].batch, answer_of(run, job_state::paused)});
  EXPECT_EQ(only<give_up_slot>(effects).size(), 1U);
  EXPECT_TRUE(only<dispatch>(effects).empty());
  EXPECT_TRUE(run.over());
}

TEST(JobRun, WhatCameBackUndoneStaysSoOnceTheJobIsToStop) {
  for (const auto state : {job_state::cancelling, job_state::paused}) {
    job_run run(job_of(50), small);
    const auto sent = only<dispatch>(run.apply(run_started{}));
    const auto later =
        only<dispatch_later>(run.apply(batch_refused{sent[0].batch, {errc::store_busy, ""}}));
    ASSERT_EQ(later.size(), 1U);
    auto effects = run.apply(batch_committed{sent[1].batch, answer_of(run, state, {item_id{14}})});
    EXPECT_TRUE(only<dispatch>(effects).empty()) << "stale items";
    EXPECT_FALSE(run.over()) << "a backoff is still to come";
    effects = run.apply(backoff_over{later[0].batch});
    EXPECT_TRUE(only<dispatch>(effects).empty()) << "a backoff that is over";
    EXPECT_EQ(only<end_job>(effects).size(), state == job_state::cancelling ? 1U : 0U);
    EXPECT_EQ(run.over(), state == job_state::paused);
  }
}

TEST(JobRun, APassingErrorIsNotWaitedForOnceTheJobIsToStop) {
  job_run run(job_of(50), small);
  const auto sent = only<dispatch>(run.apply(run_started{}));
  run.apply(batch_committed{sent[0].batch, answer_of(run, job_state::cancelling)});
  const auto effects = run.apply(batch_refused{sent[1].batch, {errc::disk_full, ""}});
  EXPECT_TRUE(only<dispatch_later>(effects).empty());
  ASSERT_EQ(only<end_job>(effects).size(), 1U);
  EXPECT_EQ(only<end_job>(effects)[0].how, job_trigger::drained);
}

TEST(JobRun, AHaltedRunGivesItsSlotUpAndEndsNothing) {
  job_run run(job_of(50), small);
  const auto sent = only<dispatch>(run.apply(run_started{}));
  run.apply(run_halted{});
  run.apply(batch_committed{sent[0].batch, answer_of(run, job_state::running)});
  const auto effects =
      run.apply(batch_committed{sent[1].batch, answer_of(run, job_state::running)});
  EXPECT_EQ(only<give_up_slot>(effects).size(), 1U);
  EXPECT_TRUE(only<end_job>(effects).empty());
}

TEST(JobRun, AnEndThatTheStoreRefusedIsAskedForAgainLater) {
  job_run run(job_of(0, job_state::cancelling), small);
  run.apply(run_started{});
  const auto again = only<end_job>(run.apply(end_refused{{errc::store_busy, ""}}));
  ASSERT_EQ(again.size(), 1U);
  EXPECT_GT(again[0].after.count(), 0);
  EXPECT_EQ(again[0].how, job_trigger::drained);
}

TEST(JobRun, ARunWithNothingLeftSendsAnEmptyBatchSoThatTheStoreEndsTheJob) {
  job_run run(job_of(0), small);
  const auto sent = only<dispatch>(run.apply(run_started{}));
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_TRUE(sent[0].batch.items.empty());
  const auto effects =
      run.apply(batch_committed{sent[0].batch, answer_of(run, job_state::completed)});
  EXPECT_EQ(only<give_up_slot>(effects).size(), 1U);
}

TEST(JobRun, ABatchThatStalledGoesOutAgainOnceThenItsItemsAreFailedAndTheOthersGoOn) {
  job_run run(job_of(35), small);
  const auto sent = only<dispatch>(run.apply(run_started{}));
  auto again = only<dispatch>(run.apply(batch_refused{sent[0].batch, {errc::stalled, ""}}));
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again[0].batch.items, sent[0].batch.items);
  EXPECT_TRUE(again[0].batch.failure.empty());
  again = only<dispatch>(run.apply(batch_refused{again[0].batch, {errc::stalled, ""}}));
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again[0].batch.items, sent[0].batch.items);
  EXPECT_EQ(again[0].batch.failure, "Nenhuma empresa do lote avançou em 1 min.");
  EXPECT_EQ(again[0].batch.stalls, 2) << "the ledger's attempts";
  const auto next = only<dispatch>(
      run.apply(batch_committed{again[0].batch, answer_of(run, job_state::running)}));
  ASSERT_EQ(next.size(), 1U);
  EXPECT_EQ(next[0].batch.items.front(), item_id{21});
}

TEST(JobRun, WhatComesBackOfAStalledBatchAfterAllIsSeenButMakesNoRoomTwice) {
  job_run run(job_of(50), small);
  const auto sent = only<dispatch>(run.apply(run_started{}));
  const auto again = only<dispatch>(run.apply(batch_refused{sent[0].batch, {errc::stalled, ""}}));
  auto late = answer_of(run, job_state::running);
  late.job.totals.done = 10;
  EXPECT_TRUE(run.apply(batch_committed{sent[0].batch, late}).empty());
  EXPECT_EQ(run.view().totals.done, 10);
  EXPECT_TRUE(run.apply(batch_refused{sent[0].batch, {errc::store_busy, ""}}).empty());
  EXPECT_EQ(
      only<dispatch>(run.apply(batch_committed{again[0].batch, answer_of(run, job_state::running)}))
          .size(),
      1U);
}

TEST(JobRun, ABatchThatTheStoreCannotWriteIsHalvedUntilTheItemThatBreaksItIsAlone) {
  job_run run(job_of(10), small);
  std::vector<job_batch> out{only<dispatch>(run.apply(run_started{})).at(0).batch};
  std::vector<item_id> failed, done;
  while (!out.empty()) {
    const auto batch = out.back();
    out.pop_back();
    const bool breaks =
        batch.failure.empty() && std::count(batch.items.begin(), batch.items.end(), item_id{7}) > 0;
    auto& into = batch.failure.empty() ? done : failed;
    if (!breaks) into.insert(into.end(), batch.items.begin(), batch.items.end());
    const bool last = done.size() + failed.size() == 10;
    const auto effects =
        breaks ? run.apply(batch_refused{batch, {errc::store_failed, ""}})
               : run.apply(batch_committed{
                     batch, answer_of(run, last ? job_state::completed : job_state::running)});
    for (auto& more : only<dispatch>(effects)) out.push_back(more.batch);
    EXPECT_TRUE(only<end_job>(effects).empty());
  }
  EXPECT_EQ(failed, (std::vector<item_id>{{7}}));
  EXPECT_EQ(done.size(), 9U);
  EXPECT_TRUE(run.over());
}

TEST(JobRun, WhereNotEvenTheFailureOfAnItemCanBeWrittenTheJobFails) {
  job_run run(job_of(1), small);
  auto batch = only<dispatch>(run.apply(run_started{})).at(0).batch;
  batch = only<dispatch>(run.apply(batch_refused{batch, {errc::store_failed, ""}})).at(0).batch;
  EXPECT_FALSE(batch.failure.empty());
  const auto ends = only<end_job>(run.apply(batch_refused{batch, {errc::store_failed, ""}}));
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_EQ(ends[0].how, job_trigger::fail);
}

TEST(JobRun, PastItsDeadlineItFailsWithThatReasonAndSendsNothingMoreOut) {
  job_run run(job_of(50), small);
  const auto sent = only<dispatch>(run.apply(run_started{}));
  auto effects = run.apply(deadline_passed{});
  ASSERT_EQ(only<end_job>(effects).size(), 1U);
  EXPECT_EQ(only<end_job>(effects)[0].reason, "O processamento passou do tempo máximo de 1 h.");
  effects = run.apply(batch_committed{sent[0].batch, answer_of(run, job_state::running)});
  EXPECT_TRUE(only<dispatch>(effects).empty());
  run.apply(view_changed{in_state(run, job_state::failed)});
  effects = run.apply(batch_refused{sent[1].batch, {errc::stale_fence, ""}});
  EXPECT_EQ(only<give_up_slot>(effects).size(), 1U);
}

TEST(JobRun, ADeadlineThatFindsTheRunPausedOrOverChangesNothing) {
  job_run run(job_of(50), small);
  const auto sent = only<dispatch>(run.apply(run_started{}));
  run.apply(view_changed{in_state(run, job_state::paused)});
  EXPECT_TRUE(run.apply(deadline_passed{}).empty());
  EXPECT_EQ(sent.size(), 2U);
}

TEST(JobRun, TheTimeOfEarlierClaimsIsTakenFromTheDeadline) {
  auto job = job_of(5);
  job.job.ran = std::chrono::minutes(50);
  EXPECT_EQ(job_run(job, small).time_left(), std::chrono::minutes(10));
}

TEST(JobRun, ALeaseIsKeptWhileCommitsGoOn) {
  job_run run(job_of(35), small);
  const auto sent = only<dispatch>(run.apply(run_started{}));
  run.apply(lease_renewed{instant(std::chrono::milliseconds(1000))});
  run.apply(batch_committed{sent[0].batch, answer_of(run, job_state::running)});
  EXPECT_EQ(run.view().lease_until, instant(std::chrono::milliseconds(1000)));
}

TEST(JobRun, AJitteredPauseLiesBetweenHalfOfItAndAllOfIt) {
  using std::chrono::milliseconds;
  EXPECT_EQ(jittered(milliseconds(100), 0), milliseconds(50));
  EXPECT_EQ(jittered(milliseconds(100), 50), milliseconds(100));
  EXPECT_EQ(jittered(milliseconds(100), 51), milliseconds(50));
  EXPECT_EQ(jittered(milliseconds(0), 7), milliseconds(0));
}

TEST(JobRun, AnOlderViewNeverReplacesANewerOne) {
  job_run run(job_of(10), small);
  run.apply(run_started{});
  auto newer = run.view();
  newer.version = 9;
  newer.totals.done = 5;
  run.apply(view_changed{newer});
  auto older = newer;
  older.version = 8;
  older.totals.done = 2;
  run.apply(view_changed{older});
  EXPECT_EQ(run.view().totals.done, 5);
}

}  // namespace
}  // namespace mutirao
