#include "actors/listening.hpp"

#include <gtest/gtest.h>

#include <caf/typed_event_based_actor.hpp>

#include "actors/notifier.hpp"
#include "tests/actors/actor_test.hpp"
#include "tests/actors/told_supervisor.hpp"

namespace mutirao::testing {
namespace {

class scripted_neighbours final : public neighbours {
 public:
  expected<heard_news> listen(std::chrono::milliseconds) override { return says; }
  expected<heard_news> says = heard_news{};
};

struct told_courier {
  std::vector<bool> leads;
  int wakes = 0;
};

actors::courier_actor::behavior_type run_courier(actors::courier_actor::pointer,
                                                 told_courier* into) {
  return {[](const actors::courier_start&) {}, [into](actors::commit_seen_atom) { ++into->wakes; },
          [](actors::tick_atom) {},
          [into](const actors::lead& whether) { into->leads.push_back(whether.on); }};
}

class ListeningTest : public actor_test {
 protected:
  told_courier woken_;
  told_supervisor told_;
  scripted_neighbours others_;
  actors::courier_actor courier_ = system_.spawn(run_courier, &woken_);
  actors::supervisor_actor supervisor_ = system_.spawn(run_told, &told_);
  actors::notifier_actor notifier_ =
      system_.spawn(actors::run_notifier, &telemetry_, actors::notifier_limits{});
  actors::listening_actor actor_ =
      system_.spawn(actors::run_listening,
                    actors::listening_surroundings{
                        &others_, supervisor_, notifier_, {}, courier_, {}, &telemetry_, {}});

  /// Some questions, and what follows from the answers; it asks again after each.
  void turn(expected<heard_news> says) {
    others_.says = std::move(says);
    if (!begun_) caf::anon_send(actor_, actors::tick_atom::value);
    begun_ = true;
    run_some();
  }
  // Those that it tells first: it would go on for ever.
  void run_some() {
    for (int i = 0; i < 20; ++i) {
      scheduler_.prioritize(courier_);
      scheduler_.prioritize(supervisor_);
      scheduler_.try_run_once();
    }
  }
  void TearDown() override { end(actor_, courier_, supervisor_, notifier_); }

 private:
  bool begun_ = false;
};

heard_news leading(bool leads) {
  heard_news made;
  made.leads = leads;
  return made;
}

TEST_F(ListeningTest, SaysWhoLeadsAndThatItEndsWithTheLine) {
  turn(leading(false));
  EXPECT_EQ(woken_.leads, std::vector{false}) << "until it is known";
  turn(leading(true));
  EXPECT_EQ(woken_.leads, (std::vector{false, true}));
  EXPECT_EQ(telemetry_.at(gauge::leads), 1);
  turn(fail(errc::store_unreachable, "cut"));
  EXPECT_EQ(woken_.leads, (std::vector{false, true, false}));
  EXPECT_EQ(telemetry_.at(gauge::database_away), 1);
  EXPECT_EQ(telemetry_.events(),
            (std::vector<std::string>{"leads", "database_away", "leads_no_longer"}));
}

TEST_F(ListeningTest, ComesBackByItself) {
  turn(fail(errc::store_unreachable, "cut"));
  heard_news back;
  back.missed = true;
  others_.says = back;
  scheduler_.trigger_timeout();
  run_some();
  EXPECT_EQ(telemetry_.at(gauge::database_away), 0);
  ASSERT_FALSE(told_.news.empty());
  EXPECT_TRUE(told_.news[0]->missed);
  EXPECT_GE(woken_.wakes, 1) << "deliveries may have been missed too";
}

TEST_F(ListeningTest, PassesOnWhatItHearsToWhomItConcerns) {
  heard_news news;
  news.deliveries = true;
  turn(news);
  EXPECT_GE(woken_.wakes, 1);
  EXPECT_TRUE(told_.news.empty());
  news = {};
  news.jobs.push_back({job_id::from_random(1, 1), {7}, {}, job_state::pending, 0, {}, 0});
  turn(news);
  ASSERT_FALSE(told_.news.empty());
  EXPECT_EQ(told_.news[0]->jobs[0].state, job_state::pending);
  EXPECT_GE(told_.looks, 1) << "for what no news told of";
}

}  // namespace
}  // namespace mutirao::testing
