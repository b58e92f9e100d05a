#include "http/ask.hpp"

#include <gtest/gtest.h>

#include <caf/scoped_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>
#include <future>
#include <stdexcept>

#include "tests/http/site_fixture.hpp"

namespace mutirao::http {
namespace {

class ask_test : public site_test {
 protected:
  void SetUp() override { shared_ = std::make_shared<context>(system, build()); }
  void TearDown() override {
    shared_->carriers.stop();
    shared_.reset();
    site_test::TearDown();
  }

  /// Of a new exchange; `out` keeps its answer.
  exchange_ptr open(std::shared_ptr<recorded_reply>& out) {
    out = std::make_shared<recorded_reply>();
    auto at = std::make_shared<exchange>();
    at->site = shared_;
    at->out = reply(out);
    return at;
  }

  static response names(const list_units::answer& units) {
    return json_answer(std::to_string(units.size()));
  }

  std::shared_ptr<context> shared_;
};

TEST_F(ask_test, sends_what_the_continuation_renders) {
  plays->on<list_units>([](const list_units&) { return list_units::answer(3); });
  std::shared_ptr<recorded_reply> out;
  http::ask(open(out), reader, list_units{}, names);
  EXPECT_EQ(out->wait().body.view(), "3");
}

TEST_F(ask_test, an_error_is_its_problem) {
  plays->on<list_units>([](const list_units&) { return fail(errc::store_busy, "locked"); });
  std::shared_ptr<recorded_reply> out;
  http::ask(open(out), reader, list_units{}, names);
  EXPECT_EQ(out->wait().status, 503);
  EXPECT_EQ(header_of(out->wait(), "Retry-After"), "1");
  EXPECT_EQ(log.events(), std::vector<std::string>{"request_failed"});
}

TEST_F(ask_test, a_limit_that_is_reached_is_not_logged) {
  plays->on<list_units>([](const list_units&) { return fail(errc::overloaded); });
  std::shared_ptr<recorded_reply> out;
  http::ask(open(out), reader, list_units{}, names);
  EXPECT_EQ(out->wait().status, 503);
  EXPECT_TRUE(log.events().empty());
}

TEST_F(ask_test, a_continuation_may_take_the_error_itself) {
  plays->on<list_units>([](const list_units&) { return fail(errc::store_busy); });
  std::shared_ptr<recorded_reply> out;
  const auto at = open(out);
  http::ask(at, reader, list_units{}, [at](expected<list_units::answer>&& units) {
    at->send(json_answer(units ? "some" : "none", 202));
  });
  EXPECT_EQ(out->wait().status, 202);
  EXPECT_EQ(out->wait().body.view(), "none");
}

TEST_F(ask_test, one_step_may_ask_again) {
  plays->on<list_units>([](const list_units&) { return list_units::answer(2); });
  std::shared_ptr<recorded_reply> out;
  const auto at = open(out);
  http::ask(at, reader, list_units{},
            [at, this](const list_units::answer&) { http::ask(at, reader, list_units{}, names); });
  EXPECT_EQ(out->wait().body.view(), "2");
  EXPECT_EQ(plays->asked<list_units>().size(), 2U);
}

TEST_F(ask_test, what_a_continuation_throws_is_a_500_without_text_and_the_asker_lives_on) {
  plays->on<list_units>([](const list_units&) { return list_units::answer(1); });
  std::shared_ptr<recorded_reply> out;
  http::ask(open(out), reader, list_units{},
            [](const list_units::answer&) -> response { throw std::runtime_error("secret text"); });
  EXPECT_EQ(out->wait().status, 500);
  EXPECT_EQ(out->wait().body.view().find("secret"), std::string_view::npos);
  for (std::size_t i = 0; i < options.askers; ++i) {
    http::ask(open(out), reader, list_units{}, names);
    EXPECT_EQ(out->wait().status, 200);
  }
}

TEST_F(ask_test, a_receiver_that_is_dead_is_a_500) {
  caf::scoped_actor self(system);
  caf::anon_send_exit(reader, caf::exit_reason::kill);
  self->wait_for(reader);
  std::shared_ptr<recorded_reply> out;
  http::ask(open(out), reader, list_units{}, names);
  EXPECT_EQ(out->wait().status, 500);
}

TEST_F(ask_test, a_receiver_that_dies_over_the_question_is_a_500) {
  plays->on<list_units>([](const list_units&) -> expected<list_units::answer> {
    throw std::runtime_error("secret text");
  });
  std::shared_ptr<recorded_reply> out;
  http::ask(open(out), reader, list_units{}, names);
  EXPECT_EQ(out->wait().status, 500);
  EXPECT_EQ(out->wait().body.view().find("secret"), std::string_view::npos);
}

/// A supervisor that keeps each question about a job and never answers it.
actors::supervisor_actor::behavior_type run_silent(actors::supervisor_actor::pointer self,
                                                   std::promise<void>* asked) {
  return {
      [](const actors::submit&) { return actors::answer_to<actors::submit>{fail(errc::internal)}; },
      [self, asked](const find_job&) {
        asked->set_value();
        static caf::typed_response_promise<actors::answer_to<find_job>> kept;
        kept = self->make_response_promise<actors::answer_to<find_job>>();
        return kept;
      },
      [](const request_change&) { return actors::answer_to<request_change>{fail(errc::internal)}; },
      [](const actors::slot_free&) {},
      [](actors::tick_atom) {},
      [](actors::recover_atom) {},
      [](const actors::jobs_pruned&) {},
      [](const actors::committed_news&) {},
      [](const actors::distant_news&) {},
      [](const actors::drain&) { return actors::answer_to<actors::drain>{}; }};
}

TEST_F(ask_test, stopping_lets_go_of_the_reply_of_a_question_without_answer) {
  std::promise<void> asked;
  const auto silent = system.spawn(run_silent, &asked);
  std::shared_ptr<recorded_reply> out;
  std::weak_ptr<const exchange> waiting;
  {
    const auto at = open(out);
    waiting = at;
    http::ask(at, silent, find_job{}, [](const job_view&) { return json_answer("{}"); });
  }
  asked.get_future().wait();
  EXPECT_FALSE(waiting.expired());
  shared_->carriers.stop();
  EXPECT_TRUE(waiting.expired());
  EXPECT_FALSE(out->answered());
  caf::anon_send_exit(silent, caf::exit_reason::kill);
}

TEST_F(ask_test, after_the_stop_nothing_is_asked) {
  shared_->carriers.stop();
  std::shared_ptr<recorded_reply> out;
  std::weak_ptr<const exchange> dropped;
  {
    const auto at = open(out);
    dropped = at;
    http::ask(at, reader, list_units{}, names);
  }
  EXPECT_TRUE(dropped.expired());
  EXPECT_TRUE(plays->asked<list_units>().empty());
}

}  // namespace
}  // namespace mutirao::http
