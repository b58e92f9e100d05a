// Webhooks on the deterministic scheduler: the real outbox, receivers that the test plays.
#include "actors/courier.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>
#include <functional>
#include <set>

#include "tests/actors/stage.hpp"

namespace mutirao::testing {
namespace {

using actors::answer_to;
using actors::post_webhook;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

using promise = caf::typed_response_promise<answer_to<post_webhook>>;

/// What is sent, and what its receivers answer.
struct receivers {
  std::vector<post_webhook> posted;
  std::function<delivery_response(const post_webhook&)> answer = [](const auto&) {
    return delivery_response{200, "", std::nullopt};
  };
  std::set<std::string> hanging;  // URLs
  std::vector<std::pair<std::string, promise>> held;

  delivery_response for_held;  // the answer to what hangs, once it is let go
  std::size_t held_of(std::string_view url) const {
    return static_cast<std::size_t>(std::count_if(
        held.begin(), held.end(), [&](const auto& one) { return one.first.starts_with(url); }));
  }
};

actors::sender_actor::behavior_type run_fake(actors::sender_actor::pointer self,
                                             receivers* played) {
  return {[=](const post_webhook& what) {
            played->posted.push_back(what);
            auto answer = self->make_response_promise<answer_to<post_webhook>>();
            if (played->hanging.contains(what.url)) {
              played->held.emplace_back(what.url, answer);
            } else {
              answer.deliver(answer_to<post_webhook>{played->answer(what)});
            }
            return answer;
          },
          [=](actors::tick_atom) {
            for (auto& [url, waiting] : std::exchange(played->held, {})) {
              waiting.deliver(answer_to<post_webhook>{played->for_held});
            }
          }};
}

constexpr auto hook = "https://a.example/hook";
constexpr auto other = "https://b.example/hook";

delivery_response status(int code) {
  return {code, "", std::nullopt};
}
const delivery_response timeout{0, "timeout", std::nullopt};

class CourierTest : public ::testing::Test {
 protected:
  CourierTest() {
    set_.webhooks.render = [](std::string_view type, instant, const job_view& job) {
      return std::string(type) + " " + std::to_string(job.user.value);
    };
    start();
  }
  void TearDown() override { end(); }

  void start() {
    auto options = stage::undetached();
    options.webhooks.emplace();
    options.webhooks->spawn_sender = [this](caf::actor_system& system) {
      return sender_ = system.spawn(run_fake, &played_);
    };
    options.webhooks->courier = limits_;
    running_ = set_.start(options);
    running_->cast().recover();
    running_->run();
  }
  void end() {
    played_.held.clear();
    sender_ = nullptr;
    running_.reset();
  }
  void restart() {
    end();
    start();
  }
  void let_go(const delivery_response& with) {
    played_.for_held = with;
    caf::anon_send(sender_, actors::tick_atom::value);
    running_->run();
  }

  /// A job of this user that calls `url`, run to its end.
  job_id job_for(const std::string& url, std::int64_t user = 7) {
    auto asked = generation_of(set_.types, 1, user);
    asked.callback_url = url;
    return running_->ask(running_->cast().supervisor(), asked)->job.id;
  }
  void let_pass(milliseconds time) {
    running_->time.advance(time);
    running_->scheduler().advance_time(time);
    running_->run();
  }
  std::vector<delivery_row> log_of(const job_id& job) {
    return running_
        ->ask(running_->cast().readers().front(), list_deliveries{job, false, 100, std::nullopt})
        ->rows;
  }
  std::vector<std::string> urls() const {
    std::vector<std::string> all;
    for (const auto& one : played_.posted) all.push_back(one.url);
    return all;
  }

  stage set_{1, 6};
  receivers played_;
  actors::courier_limits limits_;
  actors::sender_actor sender_;
  std::unique_ptr<process> running_;
};

TEST_F(CourierTest, TheEndOfAJobIsDeliveredOnceItIsCommitted) {
  const auto job = job_for(hook);
  ASSERT_EQ(played_.posted.size(), 1U);
  EXPECT_EQ(played_.posted[0].url, hook);
  EXPECT_EQ(played_.posted[0].body, "job.completed 7");
  const auto rows = log_of(job);
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].state, delivery_state::delivered);
  EXPECT_EQ(rows[0].attempts, 1);
  EXPECT_EQ(rows[0].last_status, 200);
  EXPECT_EQ(rows[0].message, played_.posted[0].message);
  EXPECT_EQ(running_->log.counted(counter::webhooks_delivered), 1);
  let_pass(hours(24));
  EXPECT_EQ(played_.posted.size(), 1U) << "and never again";
}

TEST_F(CourierTest, AJobWithoutCallbackPostsNothing) {
  job_for("");
  EXPECT_TRUE(played_.posted.empty());
}

TEST_F(CourierTest, AFailureIsTriedAgainAfterItsPauseWithTheSameIdAndBody) {
  played_.answer = [](const auto&) { return status(503); };
  const auto job = job_for(hook);
  ASSERT_EQ(played_.posted.size(), 1U);
  const auto next = log_of(job).at(0).next_try.value();
  const auto pause = next - running_->time.now();
  EXPECT_GE(pause, milliseconds(3'750));
  EXPECT_LE(pause, milliseconds(6'250));
  let_pass(pause - milliseconds(1));
  EXPECT_EQ(played_.posted.size(), 1U);
  played_.answer = [](const auto&) { return status(204); };
  let_pass(milliseconds(1));
  let_pass(seconds(5));
  ASSERT_EQ(played_.posted.size(), 2U);
  EXPECT_EQ(played_.posted[1].message, played_.posted[0].message);
  EXPECT_EQ(played_.posted[1].body, played_.posted[0].body);
  EXPECT_GT(played_.posted[1].now, played_.posted[0].now) << "signed anew";
  EXPECT_EQ(log_of(job).at(0).state, delivery_state::delivered);
  EXPECT_EQ(log_of(job).at(0).attempts, 2);
  EXPECT_EQ(running_->log.counted(counter::webhooks_failed), 1);
}

TEST_F(CourierTest, GoneIsDeadAtOnce) {
  played_.answer = [](const auto&) { return status(410); };
  const auto job = job_for(hook);
  EXPECT_EQ(log_of(job).at(0).state, delivery_state::dead);
  EXPECT_EQ(running_->log.counted(counter::webhooks_dead), 1);
  const auto events = running_->log.events();
  EXPECT_EQ(std::count(events.begin(), events.end(), "webhook_dead"), 1);
  let_pass(hours(24));
  EXPECT_EQ(played_.posted.size(), 1U);
}

TEST_F(CourierTest, WhatFailsForeverIsGivenUp) {
  limits_.retry.attempts = 3;
  restart();
  played_.answer = [](const auto&) { return timeout; };
  const auto job = job_for(hook);
  for (int i = 0; i < 100; ++i) let_pass(seconds(30));
  EXPECT_EQ(played_.posted.size(), 3U);
  EXPECT_EQ(log_of(job).at(0).state, delivery_state::dead);
  EXPECT_EQ(log_of(job).at(0).last_error, "timeout");
}

TEST_F(CourierTest, AReceiverThatHangsHoldsUpNoOther) {
  played_.hanging = {hook};
  for (int user = 1; user <= 10; ++user) job_for(hook, user);
  EXPECT_EQ(played_.held.size(), limits_.per_receiver) << "and no more at a time";
  const auto job = job_for(other, 20);
  EXPECT_EQ(log_of(job).at(0).state, delivery_state::delivered);
  played_.hanging.clear();
  let_go(status(200));
  EXPECT_EQ(played_.posted.size(), 11U) << "what waited behind them goes on";
}

TEST_F(CourierTest, ReceiversThatDoNotAnswerShareAPartOfTheRoom) {
  limits_.transfers = 4;
  limits_.for_silent = 2;
  restart();
  std::set<std::string> silent;
  for (const auto* name : {"c", "d", "e", "f", "g", "h"}) {
    silent.insert("https://" + std::string(name) + ".example/");
  }
  played_.answer = [](const auto&) { return timeout; };
  std::int64_t user = 1;
  for (const auto& url : silent) {
    job_for(url, user++);
    job_for(url, user++);
  }
  ASSERT_EQ(played_.posted.size(), 12U);
  played_.hanging = silent;
  for (int i = 0; i < 20; ++i) let_pass(seconds(1));
  EXPECT_EQ(played_.held.size(), 2U) << "those that were silent, all together";
  played_.answer = [](const auto&) { return status(200); };
  EXPECT_EQ(log_of(job_for(hook, 100)).at(0).state, delivery_state::delivered);
  let_go(status(200));
  EXPECT_EQ(played_.held.size(), 4U) << "two that answered are silent no more, with four to come";
}

TEST_F(CourierTest, OneAnswerAfterTheOtherOfAJobToOneUrl) {
  set_.webhooks.endpoints = {{other, {"job.*"}}};
  restart();
  played_.hanging = {other};
  const auto job = job_for(hook);
  EXPECT_EQ(urls(), (std::vector<std::string>{other, hook}));
  for (int i = 0; i < 3; ++i) {
    ASSERT_EQ(played_.held_of(other), 1U);
    let_go(status(200));
  }
  std::vector<std::string> bodies;
  for (const auto& one : played_.posted) {
    if (one.url == other) bodies.push_back(one.body);
  }
  EXPECT_EQ(bodies,
            (std::vector<std::string>{"job.created 7", "job.started 7", "job.completed 7"}));
  EXPECT_EQ(log_of(job).size(), 4U);
}

TEST_F(CourierTest, WhatWasOnItsWayWhenTheProcessEndedIsSentAgainWithTheSameId) {
  played_.hanging = {hook};
  const auto job = job_for(hook);
  ASSERT_EQ(played_.held.size(), 1U);
  played_.hanging.clear();
  restart();
  ASSERT_EQ(played_.posted.size(), 2U);
  EXPECT_EQ(played_.posted[1].message, played_.posted[0].message);
  EXPECT_EQ(played_.posted[1].body, played_.posted[0].body);
  EXPECT_EQ(log_of(job).at(0).state, delivery_state::delivered);
}

TEST_F(CourierTest, WhatIsLeftIsMeasured) {
  played_.hanging = {hook};
  job_for(hook);
  let_pass(seconds(6));
  let_pass(seconds(6));
  EXPECT_EQ(running_->log.at(gauge::webhooks_unsettled), 1);
  EXPECT_GE(running_->log.at(gauge::webhooks_oldest), 6);
  let_go(status(200));
  let_pass(seconds(6));
  EXPECT_EQ(running_->log.at(gauge::webhooks_unsettled), 0);
  EXPECT_EQ(running_->log.at(gauge::webhooks_oldest), 0);
}

/// A store that refuses to settle, and an outbox with one delivery until it is settled.
struct stubborn_store {
  int refusals = 0;
  std::vector<settle_delivery> asked;
  bool settled = false;
};

template <class... Commands>
actors::store_actor spawn_stubborn(caf::actor_system& system, stubborn_store* played,
                                   std::variant<Commands...>*) {
  const auto run = [](actors::store_actor::pointer,
                      stubborn_store* of) -> actors::store_actor::behavior_type {
    return {[of](Commands& what) -> answer_to<Commands> {
              if constexpr (std::is_same_v<Commands, settle_delivery>) {
                of->asked.push_back(what);
                if (of->refusals-- > 0) return {fail(errc::disk_full)};
                of->settled = true;
                return {true};
              } else {
                return {fail(errc::internal)};
              }
            }...,
            [](const actors::hear_first&) {}, [](actors::flush_atom) {}};
  };
  return system.spawn(run, played);
}

template <class... Questions>
actors::reader_actor spawn_outbox(caf::actor_system& system, stubborn_store* played,
                                  std::tuple<Questions...>*) {
  const auto run = [](actors::reader_actor::pointer,
                      stubborn_store* of) -> actors::reader_actor::behavior_type {
    return {
        [of](const Questions& what) -> answer_to<Questions> {
          if constexpr (std::is_same_v<Questions, due_deliveries>) {
            due_deliveries::answer answer;
            if (!of->settled && what.without.empty()) {
              answer.rows.push_back({1, "msg_1", hook, "https://a.example:443", "{}", what.now, 0});
            }
            return {answer};
          } else {
            return {fail(errc::internal)};
          }
        }...,
        [](const actors::rehearse&) { return answer_to<actors::rehearse>{fail(errc::internal)}; }};
  };
  return system.spawn(run, played);
}

class StubbornStoreTest : public actor_test {};

TEST_F(StubbornStoreTest, AnOutcomeThatIsNotStoredIsSettledLaterAndNotSentAgain) {
  stubborn_store played{3, {}, false};
  receivers receiving;
  fixed_clock time;
  counted_randomness chance;
  auto store = spawn_stubborn(system_, &played, static_cast<command*>(nullptr));
  auto reader = spawn_outbox(system_, &played, static_cast<all_reads*>(nullptr));
  auto sender = system_.spawn(run_fake, &receiving);
  auto courier = system_.spawn(
      actors::run_courier,
      actors::courier_surroundings{sender, &time, &chance, &telemetry_, actors::courier_limits{}});
  send(courier, actors::courier_start{store, reader});
  for (int i = 0; i < 5; ++i) {
    time.advance(seconds(1));
    scheduler_.advance_time(seconds(1));
    scheduler_.run();
  }
  EXPECT_EQ(receiving.posted.size(), 1U);
  ASSERT_EQ(played.asked.size(), 4U);
  EXPECT_EQ(played.asked[3].verdict.state, delivery_state::delivered);
  EXPECT_TRUE(played.settled);
  scheduler_.clock().cancel_all();
  end(courier, sender, reader, store);
}

}  // namespace
}  // namespace mutirao::testing
