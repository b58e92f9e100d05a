#include "actors/notifier.hpp"

#include <gtest/gtest.h>

#include <caf/scoped_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "tests/actors/actor_test.hpp"

namespace mutirao::testing {
namespace {

using actors::news;

class NotifierTest : public actor_test {
 protected:
  actors::notifier_actor notifier_ =
      system_.spawn(actors::run_notifier, &telemetry_, actors::notifier_limits{3});
  caf::scoped_actor asker_{system_, true};
  std::vector<actors::listener_actor> listeners_;
  bool taken_ = false;  // what the last listen() came to

  actors::listener_actor listen(std::variant<user_id, job_id> to, std::vector<news>* heard,
                                user_id by = {7}) {
    listeners_.push_back(system_.spawn(
        [](actors::listener_actor::pointer,
           std::vector<news>* to_fill) -> actors::listener_actor::behavior_type {
          return {[to_fill](const news& what) { to_fill->push_back(what); }};
        },
        heard));
    taken_ = ask(actors::subscribe{to, listeners_.back(), by});
    return listeners_.back();
  }

  bool ask(actors::subscribe what) {
    auto pending = asker_->request(notifier_, caf::infinite, std::move(what));
    scheduler_.run();
    bool taken = false;
    pending.receive([&](bool answer) { taken = answer; },
                    [](const caf::error&) { ADD_FAILURE() << "no answer"; });
    return taken;
  }

  void publish(committed what) {
    send(notifier_, actors::committed_news{std::make_shared<const committed>(std::move(what))});
  }

  static job_view job(std::uint64_t number, std::int64_t user) {
    job_view view;
    view.id = job_id::from_random(number, number);
    view.user = {user};
    return view;
  }

  static committed completion_of(const job_view& view) {
    job_event event;
    event.user = view.user;
    event.sequence = 3;
    event.job = view.id;
    event.what = job_event::kind::completed;
    notification note;
    note.user = view.user;
    note.job = view.id;
    return {{event}, {note}, {view}};
  }

  void TearDown() override {
    end(notifier_);
    for (const auto& one : listeners_) end(one);
  }
};

TEST_F(NotifierTest, TellsThoseWhoListenToTheUserOrToTheJobAndNobodyElse) {
  const auto view = job(1, 7);
  std::vector<news> by_user, by_job, by_other;
  listen(user_id{7}, &by_user);
  listen(view.id, &by_job);
  listen(user_id{8}, &by_other);
  publish(completion_of(view));
  for (const auto* heard : {&by_user, &by_job}) {
    ASSERT_EQ(heard->size(), 1U);
    EXPECT_EQ((*heard)[0].event->what, job_event::kind::completed);
    EXPECT_EQ((*heard)[0].job->id, view.id);
    EXPECT_TRUE((*heard)[0].told) << "the notification comes with the event that brought it";
  }
  EXPECT_TRUE(by_other.empty());
}

TEST_F(NotifierTest, MereProgressIsToldWithoutAnEvent) {
  std::vector<news> heard;
  listen(user_id{7}, &heard);
  publish({{}, {}, {job(1, 7)}});
  ASSERT_EQ(heard.size(), 1U);
  EXPECT_FALSE(heard[0].event.has_value());
  EXPECT_TRUE(heard[0].job);
}

TEST_F(NotifierTest, OfAnotherProcessTellsTheNumberAndTheJobAndLogsAndCountsNothing) {
  std::vector<news> by_user, by_job, by_other;
  const auto view = job(1, 7);
  listen(user_id{7}, &by_user);
  listen(view.id, &by_job);
  listen(user_id{8}, &by_other);
  heard_news what;
  what.jobs.push_back({view.id,
                       {7},
                       {},
                       job_state::running,
                       0,
                       {job_event::kind::created, job_event::kind::started},
                       12});
  send(notifier_, actors::distant_news{std::make_shared<const heard_news>(what)});
  for (const auto* heard : {&by_user, &by_job}) {
    ASSERT_EQ(heard->size(), 1U);
    EXPECT_EQ((*heard)[0].event->sequence, 12);
    EXPECT_FALSE((*heard)[0].job);
    EXPECT_EQ((*heard)[0].elsewhere->job, view.id);
  }
  EXPECT_TRUE(by_other.empty());
  EXPECT_TRUE(telemetry_.events().empty());
  EXPECT_EQ(telemetry_.counted(counter::jobs_started), 0);
  auto pending =
      asker_->request(notifier_, caf::infinite, actors::recent_activity{{{7}, true, {}}, what.at});
  scheduler_.run();
  pending.receive(
      [](const actors::answer_to<actors::recent_activity>& hour) {
        EXPECT_EQ(hour.value->running, 1) << "but the hour is everybody's";
      },
      [](const caf::error&) { ADD_FAILURE() << "no answer"; });
}

TEST_F(NotifierTest, ThatMissedSomethingHasEverybodyLookAgain) {
  std::vector<news> by_user, by_job;
  listen(user_id{7}, &by_user);
  listen(job(1, 9).id, &by_job);
  heard_news what;
  what.missed = true;
  send(notifier_, actors::distant_news{std::make_shared<const heard_news>(what)});
  for (const auto* heard : {&by_user, &by_job}) {
    ASSERT_EQ(heard->size(), 1U);
    EXPECT_FALSE((*heard)[0].event || (*heard)[0].job);
    EXPECT_FALSE((*heard)[0].elsewhere->job);
  }
}

TEST_F(NotifierTest, ForgetsListenersThatLeaveOrDie) {
  std::vector<news> left, died;
  const auto leaving = listen(user_id{7}, &left);
  const auto dying = listen(user_id{7}, &died);
  send(notifier_, actors::leave{leaving});
  end(dying);
  publish(completion_of(job(1, 7)));
  EXPECT_TRUE(left.empty());
  EXPECT_TRUE(died.empty());
}

TEST_F(NotifierTest, ANotificationComesWithTheEndOfItsJobAndWithNoOtherEvent) {
  const auto first = job(1, 7);
  const auto second = job(2, 7);
  auto what = completion_of(first);
  auto started = what.events[0];
  started.what = job_event::kind::started;
  started.sequence = 2;
  what.events.insert(what.events.begin(), started);
  auto other = completion_of(second);
  other.events[0].sequence = 4;
  what.events.push_back(other.events[0]);
  what.notifications.insert(what.notifications.begin(), other.notifications[0]);
  what.jobs.push_back(second);
  std::vector<news> heard;
  listen(user_id{7}, &heard);
  publish(what);
  ASSERT_EQ(heard.size(), 3U);
  EXPECT_FALSE(heard[0].told);
  EXPECT_EQ(heard[1].told->job, first.id);
  EXPECT_EQ(heard[2].told->job, second.id);
  for (std::size_t i = 0; i < heard.size(); ++i) {
    EXPECT_EQ(heard[i].event->sequence, static_cast<std::int64_t>(i) + 2);
  }
}

TEST_F(NotifierTest, RefusesAUserWhoListensTooOftenUntilOneOfThoseLeavesOrDies) {
  std::vector<news> heard, refused;
  const auto leaving = listen(user_id{7}, &heard);
  const auto dying = listen(job(1, 9).id, &heard);
  listen(user_id{7}, &heard);
  EXPECT_TRUE(taken_);
  listen(user_id{7}, &refused);
  EXPECT_FALSE(taken_);
  listen(user_id{7}, &heard, {8});
  EXPECT_TRUE(taken_) << "another user";
  EXPECT_EQ(telemetry_.at(gauge::listeners), 4);
  publish(completion_of(job(1, 7)));
  EXPECT_TRUE(refused.empty());

  send(notifier_, actors::leave{leaving});
  listen(user_id{7}, &heard);
  EXPECT_TRUE(taken_);
  end(dying);
  listen(user_id{7}, &heard);
  EXPECT_TRUE(taken_);
  EXPECT_EQ(telemetry_.at(gauge::listeners), 4);
}

TEST_F(NotifierTest, AListenerThatSubscribesAgainLeavesItsFirstPlace) {
  std::vector<news> heard;
  const auto listener = listen(user_id{7}, &heard);
  EXPECT_TRUE(ask({user_id{8}, listener, {7}}));
  EXPECT_EQ(telemetry_.at(gauge::listeners), 1);
  publish(completion_of(job(1, 7)));
  EXPECT_TRUE(heard.empty());
  publish(completion_of(job(2, 8)));
  EXPECT_EQ(heard.size(), 1U);
}

TEST_F(NotifierTest, LogsAndCountsTheStartAndTheEndOfAJob) {
  const auto view = job(1, 7);
  auto what = completion_of(view);
  auto started = what.events[0];
  started.what = job_event::kind::started;
  what.events.insert(what.events.begin(), started);
  publish(what);
  EXPECT_EQ(telemetry_.events(), (std::vector<std::string>{"job_started", "job_completed"}));
  EXPECT_EQ(telemetry_.counted(counter::jobs_completed), 1);
}

}  // namespace
}  // namespace mutirao::testing
