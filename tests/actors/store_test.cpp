#include "actors/store.hpp"

#include <gtest/gtest.h>

#include <caf/scoped_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "tests/actors/actor_test.hpp"

namespace mutirao::testing {
namespace {

/// Remembers the size of each group and answers with what it is told to.
class counting_store final : public job_store {
 public:
  std::vector<command_answer> commit(std::span<const command> group) override {
    groups.push_back(group.size());
    const auto until = std::chrono::steady_clock::now() + least;
    while (std::chrono::steady_clock::now() < until) {
    }
    std::vector<command_answer> answers;
    for (const auto& what : group) answers.push_back(answer(what));
    return answers;
  }
  committed take_committed() override { return {{}, {}, {}, 3}; }

  std::vector<std::size_t> groups;
  std::vector<std::string> order;
  std::chrono::milliseconds least{0};  // that a commit takes

 private:
  command_answer answer(const command& what) {
    if (std::holds_alternative<advance_job>(what)) {
      order.emplace_back("advance");
      return command_answer(std::in_place_index<command_index<advance_job>>,
                            fail(errc::stale_fence));
    }
    if (std::holds_alternative<prune>(what)) {
      order.emplace_back("prune");
      return command_answer(std::in_place_index<command_index<prune>>, prune::answer{});
    }
    order.emplace_back("read_all");
    return command_answer(std::in_place_index<command_index<read_all_notifications>>, 1);
  }
};

// The argument is for the sanitizers: see http/askers.cpp.
actors::notifier_actor::behavior_type fake_notifier(actors::notifier_actor::pointer, int) {
  return {
      [](const actors::committed_news&) {},
      [](const actors::distant_news&) {},
      [](const actors::activity_start&) {},
      [](const actors::recent_activity&) { return actors::answer_to<actors::recent_activity>{}; },
      [](const actors::subscribe&) { return true; },
      [](const actors::leave&) {}};
}

actors::checkpointer_actor::behavior_type fake_checkpointer(actors::checkpointer_actor::pointer,
                                                            int) {
  return {[](actors::commit_seen_atom) {}, [](actors::tick_atom) {}};
}

class StoreActorTest : public actor_test {
 protected:
  counting_store store_;
  actors::store_actor actor_;
  actors::notifier_actor notifier_;
  actors::checkpointer_actor checkpointer_;
  caf::scoped_actor asker_{system_, true};

  void begin(actors::store_limits limits) {
    notifier_ = system_.spawn(fake_notifier, 0);
    checkpointer_ = system_.spawn(fake_checkpointer, 0);
    actor_ = system_.spawn(actors::run_store, &store_, &telemetry_,
                           actors::store_listeners{notifier_, checkpointer_}, limits);
  }

  auto mark_read(std::int64_t user) {
    return asker_->request(actor_, caf::infinite, read_all_notifications{{user}, instant{}});
  }

  void TearDown() override { end(actor_, notifier_, checkpointer_); }
};

TEST_F(StoreActorTest, CommandsThatWaitTogetherShareOneCommit) {
  begin({});
  std::vector<decltype(mark_read(1))> pending;
  for (int user = 0; user < 20; ++user) pending.push_back(mark_read(user));
  scheduler_.run();
  EXPECT_EQ(store_.groups, std::vector<std::size_t>{20});
  for (auto& one : pending) EXPECT_EQ(answer_in<read_all_notifications>(one), 1);
}

TEST_F(StoreActorTest, TheRowsThatTheStoreSaysItWroteAreCounted) {
  begin({});
  auto first = mark_read(1);
  scheduler_.run();
  auto second = mark_read(2);
  scheduler_.run();
  EXPECT_EQ(telemetry_.counted(counter::rows_written), 6);
  EXPECT_TRUE(answer_in<read_all_notifications>(first).has_value());
  EXPECT_TRUE(answer_in<read_all_notifications>(second).has_value());
}

TEST_F(StoreActorTest, AGroupIsBoundedByTheRowsOfItsBatches) {
  begin({.waiting = 100, .group_commands = 100, .group_rows = 10, .small_rows = 3});
  advance_job batch;
  batch.batch.items.resize(1);
  batch.batch.items[0].tasks.resize(1);  // 4 rows
  std::vector<decltype(asker_->request(actor_, caf::infinite, batch))> pending;
  for (int i = 0; i < 5; ++i) pending.push_back(asker_->request(actor_, caf::infinite, batch));
  scheduler_.run();
  EXPECT_EQ(store_.groups, (std::vector<std::size_t>{2, 2, 1}));
  for (auto& one : pending) EXPECT_EQ(answer_in<advance_job>(one).error().code, errc::stale_fence);
}

TEST_F(StoreActorTest, AGroupIsBoundedByCommands) {
  begin({.waiting = 100, .group_commands = 8, .group_rows = 1000});
  std::vector<decltype(mark_read(1))> pending;
  for (int user = 0; user < 20; ++user) pending.push_back(mark_read(user));
  scheduler_.run();
  EXPECT_EQ(store_.groups, (std::vector<std::size_t>{8, 8, 4}));
  for (auto& one : pending) EXPECT_TRUE(answer_in<read_all_notifications>(one).has_value());
}

TEST_F(StoreActorTest, WhatIsOverTheQueueIsRefusedAtOnce) {
  begin({.waiting = 5, .group_commands = 8, .group_rows = 1000});
  std::vector<decltype(mark_read(1))> pending;
  for (int user = 0; user < 7; ++user) pending.push_back(mark_read(user));
  scheduler_.run();
  int refused = 0;
  for (auto& one : pending) {
    const auto got = answer_in<read_all_notifications>(one);
    if (!got && got.error().code == errc::overloaded) ++refused;
  }
  EXPECT_EQ(refused, 2);
}

TEST_F(StoreActorTest, BesideCommandsThatSomebodyWaitsForFewBatchesAreCommitted) {
  begin({.batches_beside = 2});
  advance_job batch;
  batch.batch.items.resize(1);
  std::vector<decltype(asker_->request(actor_, caf::infinite, batch))> pending;
  for (int i = 0; i < 7; ++i) pending.push_back(asker_->request(actor_, caf::infinite, batch));
  auto quick = mark_read(1);
  scheduler_.run();
  EXPECT_EQ(store_.groups, (std::vector<std::size_t>{3, 5}));
  EXPECT_TRUE(answer_in<read_all_notifications>(quick).has_value());
  for (auto& one : pending) EXPECT_EQ(answer_in<advance_job>(one).error().code, errc::stale_fence);
}

// Four rows each; those of `limits_with_few` take one of them along, where few go along.
class StoreGroupTest : public StoreActorTest {
 protected:
  static constexpr actors::store_limits limits_with_few{
      .group_rows = 100, .job_rows = 100, .rows_beside = 5, .small_rows = 2};

  auto advance(std::size_t items, std::uint64_t job = 1) {
    advance_job batch;
    batch.job = job_id::from_random(0, job);
    batch.batch.items.resize(items);
    return asker_->request(actor_, caf::infinite, batch);
  }
  std::vector<decltype(asker_->request(actor_, caf::infinite, advance_job{}))> batches_;

  void TearDown() override {
    for (auto& one : batches_) {
      EXPECT_EQ(answer_in<advance_job>(one).error().code, errc::stale_fence);
    }
    StoreActorTest::TearDown();
  }
};

TEST_F(StoreGroupTest, FewLargeBatchesGoBesideASmallOne) {
  begin(limits_with_few);
  for (int i = 0; i < 4; ++i) batches_.push_back(advance(3));
  batches_.push_back(advance(1));
  scheduler_.run();
  EXPECT_EQ(store_.groups, (std::vector<std::size_t>{2, 3}));
}

TEST_F(StoreGroupTest, FewLargeBatchesGoBehindASubmissionForItsFirstBatchIsOnItsWay) {
  begin(limits_with_few);
  auto quick = mark_read(1);
  scheduler_.run();
  EXPECT_TRUE(answer_in<read_all_notifications>(quick).has_value());
  for (int i = 0; i < 4; ++i) batches_.push_back(advance(3));
  scheduler_.run();
  EXPECT_EQ(store_.groups, (std::vector<std::size_t>{1, 1, 3}));
}

TEST_F(StoreGroupTest, OneJobsShareOfAGroupIsBounded) {
  begin({.group_rows = 100, .job_rows = 8, .small_rows = 2});
  for (const std::uint64_t job : {1, 1, 2, 1, 2, 2}) batches_.push_back(advance(3, job));
  scheduler_.run();
  EXPECT_EQ(store_.groups, (std::vector<std::size_t>{3, 3}));
}

TEST_F(StoreActorTest, SubmissionsGoBeforeBatchesThatCameEarlier) {
  begin({});
  advance_job batch;
  batch.batch.items.resize(3);
  auto advance = asker_->request(actor_, caf::infinite, batch);
  auto quick = mark_read(1);
  scheduler_.run();
  EXPECT_EQ(store_.order, (std::vector<std::string>{"read_all", "advance"}));
  EXPECT_EQ(answer_in<advance_job>(advance).error().code, errc::stale_fence);
  EXPECT_TRUE(answer_in<read_all_notifications>(quick).has_value());
}

TEST_F(StoreActorTest, APruneGoesAloneAndAfterEverybodyWhoWaits) {
  begin({});
  auto pruned = asker_->request(actor_, caf::infinite, prune{});
  auto quick = mark_read(1);
  advance_job batch;
  batch.batch.items.resize(3);
  auto advance = asker_->request(actor_, caf::infinite, batch);
  scheduler_.run();
  EXPECT_EQ(store_.order, (std::vector<std::string>{"read_all", "advance", "prune"}));
  EXPECT_EQ(store_.groups, (std::vector<std::size_t>{2, 1}));
  EXPECT_TRUE(answer_in<prune>(pruned).has_value());
  EXPECT_TRUE(answer_in<read_all_notifications>(quick).has_value());
  EXPECT_FALSE(answer_in<advance_job>(advance).has_value());
}

TEST_F(StoreActorTest, APruneIsToldHowLongItsTransactionTook) {
  begin({});
  store_.least = std::chrono::milliseconds(2);
  auto pruned = asker_->request(actor_, caf::infinite, prune{});
  scheduler_.run();
  EXPECT_GE(answer_in<prune>(pruned)->took, std::chrono::milliseconds(2));
}

TEST_F(StoreActorTest, APruneIsNotPassedOverForEver) {
  begin({.group_commands = 1, .prune_waits = 3});
  auto pruned = asker_->request(actor_, caf::infinite, prune{});
  std::vector<decltype(mark_read(1))> pending;
  for (int user = 0; user < 6; ++user) pending.push_back(mark_read(user));
  scheduler_.run();
  EXPECT_EQ(store_.order, (std::vector<std::string>{"read_all", "read_all", "read_all", "prune",
                                                    "read_all", "read_all", "read_all"}));
  EXPECT_TRUE(answer_in<prune>(pruned).has_value());
  for (auto& one : pending) EXPECT_TRUE(answer_in<read_all_notifications>(one).has_value());
}

}  // namespace
}  // namespace mutirao::testing
