#include "actors/checkpointer.hpp"

#include <gtest/gtest.h>

#include <caf/typed_event_based_actor.hpp>

#include "tests/actors/actor_test.hpp"

namespace mutirao::testing {
namespace {

class checkpoint_counter final : public job_store {
 public:
  std::vector<command_answer> commit(std::span<const command>) override { return {}; }
  committed take_committed() override { return {}; }
  std::int64_t log_left() const override { return left; }
  void checkpoint() override { ++checkpoints; }
  std::int64_t left = 0;
  int checkpoints = 0;
};

class CheckpointerTest : public actor_test {
 protected:
  checkpoint_counter store_;
  actors::checkpointer_actor actor_ =
      system_.spawn(actors::run_checkpointer, static_cast<job_store*>(&store_));

  void commit(int times, std::int64_t pages_left) {
    store_.left = pages_left;
    for (int i = 0; i < times; ++i) caf::anon_send(actor_, actors::commit_seen_atom::value);
    scheduler_.run();
  }

  /// Lets the next timer go off.
  bool tick() {
    const bool any = scheduler_.trigger_timeout();
    scheduler_.run();
    return any;
  }

  void TearDown() override { end(actor_); }
};

TEST_F(CheckpointerTest, ALogWorthMovingIsMovedAtTheNextTick) {
  commit(3, 2'000);
  tick();
  EXPECT_EQ(store_.checkpoints, 1);
  EXPECT_FALSE(tick()) << "nothing to do, nothing to wait for";
}

TEST_F(CheckpointerTest, AShortLogWaitsButNotForEver) {
  commit(60, 900);
  tick();
  EXPECT_EQ(store_.checkpoints, 0);
  int ticks = 1;
  while (tick()) ++ticks;
  EXPECT_EQ(store_.checkpoints, 1);
  EXPECT_EQ(ticks, 50);
}

TEST_F(CheckpointerTest, WithoutCommitsItSleeps) {
  EXPECT_FALSE(tick());
  EXPECT_EQ(store_.checkpoints, 0);
}

}  // namespace
}  // namespace mutirao::testing
