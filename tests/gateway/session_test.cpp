// What a peer can ask, over the real programs: it is what HTTP answers, with the same rights.
#include "tests/gateway/fixture.hpp"

namespace mutirao::gateway {
namespace {

class session : public gateway_test {
 protected:
  answered<v1::session_actor> greet(node& by, v1::hello said) {
    const auto door = by.door(gateway_->port());
    if (!door) return tl::unexpected(door.error());
    const auto came = by.ask<v1::welcome>(*door, std::move(said));
    if (!came) return tl::unexpected(came.error());
    return came->session;
  }
  v1::hello hello_of(const v1::listener_actor& listener, const e2e::identity& who = {}) {
    return {v1::major, "test", e2e::token_of(who), listener};
  }
};

TEST_F(session, submits_a_job_shows_lists_and_cancels_it) {
  start_gateway();
  node other;
  const auto link = other.link(link_to());
  const auto made = other.ask<v1::accepted>(link, submission("a"));
  ASSERT_TRUE(made) << made.error().text;
  EXPECT_EQ(made->total, 40);
  EXPECT_EQ(jobs(), 1);
  const auto shown = other.ask<v1::job>(link, v1::get_job{made->job_id});
  ASSERT_TRUE(shown) << shown.error().text;
  EXPECT_EQ(shown->id, made->job_id);
  EXPECT_EQ(shown->type, "generate-auto-tasks-unit");
  EXPECT_EQ(shown->user, 7);
  EXPECT_EQ(shown->total, 40);
  auto user = as();
  wait_for_end(user, made->job_id);
  const auto done = other.ask<v1::job>(link, v1::get_job{made->job_id});
  EXPECT_EQ(done->status, "completed");
  EXPECT_EQ(done->current, 40);
  EXPECT_NE(done->completed_at, "");

  const auto page = other.ask<v1::job_page>(link, v1::list_jobs{{"completed"}, "", 10, ""});
  ASSERT_TRUE(page);
  ASSERT_EQ(page->jobs.size(), 1U);
  EXPECT_EQ(page->jobs[0].id, made->job_id);
  EXPECT_EQ(other.ask<v1::job>(link, v1::cancel_job{made->job_id}).error().code, errc::conflict);
}

TEST_F(session, submits_by_type_too) {
  start_gateway();
  node other;
  const auto link = other.link(link_to());
  const auto made = other.ask<v1::accepted>(
      link,
      v1::submit_job{"k", "generate-auto-tasks-unit", {{"unit", "1"}, {"futureYears", "1"}}, {}});
  ASSERT_TRUE(made) << made.error().text;
  EXPECT_EQ(made->total, 40);
}

TEST_F(session, keeps_an_idempotency_key) {
  start_gateway();
  node other;
  const auto link = other.link(link_to());
  const auto first = other.ask<v1::accepted>(link, submission("k"));
  ASSERT_TRUE(first);
  auto user = as();
  wait_for_end(user, first->job_id);
  EXPECT_EQ(other.ask<v1::accepted>(link, submission("k"))->job_id, first->job_id);
  auto changed = submission("k");
  changed.future_years = 2;
  EXPECT_EQ(other.ask<v1::accepted>(link, changed).error().code, errc::key_reused);
  EXPECT_EQ(other.ask<v1::accepted>(link, submission("")).error().code, errc::invalid_argument);
  EXPECT_EQ(jobs(), 1);
}

TEST_F(session, has_exactly_the_rights_of_its_token) {
  start_gateway();
  node other;
  const auto own = other.link(link_to({7, {1}}));
  const auto stranger = other.link(link_to({8, {2}}));
  const auto made = other.ask<v1::accepted>(own, submission("k", 1));
  ASSERT_TRUE(made);
  EXPECT_EQ(other.ask<v1::accepted>(own, submission("l", 2)).error().code, errc::forbidden);
  EXPECT_EQ(other.ask<v1::job>(stranger, v1::get_job{made->job_id}).error().code, errc::not_found);
  EXPECT_EQ(other.ask<v1::job>(stranger, v1::cancel_job{made->job_id}).error().code,
            errc::not_found);
  EXPECT_EQ(other.ask<v1::job_page>(stranger, v1::list_jobs{})->jobs.size(), 0U);
  const auto listener = other.listener(std::make_shared<heard>());
  EXPECT_EQ(
      other.ask<v1::subscribed>(stranger, client::follow_job{made->job_id, listener}).error().code,
      errc::not_found);
}

TEST_F(session, is_refused_without_a_token_that_the_service_takes) {
  start_gateway();
  node other;
  auto options = link_to();
  options.token = "not.a.token";
  EXPECT_EQ(other.ask<v1::accepted>(other.link(options), submission("k")).error().code,
            errc::unauthorized);
  options.token = "";
  EXPECT_EQ(other.ask<v1::accepted>(other.link(options), submission("k")).error().code,
            errc::unauthorized);
  EXPECT_EQ(jobs(), 0);
}

TEST_F(session, is_refused_to_null_handles_other_versions_and_foreign_listeners) {
  start_gateway();
  node other;
  EXPECT_EQ(greet(other, hello_of({})).error().code, errc::invalid_argument);
  const auto listener = other.listener(std::make_shared<heard>());
  auto newer = hello_of(listener);
  newer.major_version = 2;
  EXPECT_EQ(greet(other, newer).error().code, errc::wrong_version);
  EXPECT_TRUE(greet(other, hello_of(listener)));
  // The door stands, and serves.
  EXPECT_TRUE(other.ask<v1::accepted>(other.link(link_to()), submission("k")));
}

TEST_F(session, parts_from_nodes_of_another_application_or_interface) {
  start_gateway();
  node stranger({}, [](caf::actor_system_config& config) {
    config.set("middleman.app-identifiers", std::vector<std::string>{"mutirao.gateway.2"});
  });
  EXPECT_EQ(stranger.door(gateway_->port()).error().code, errc::wrong_version);
  auto options = link_to();
  EXPECT_EQ(stranger.ask<v1::accepted>(stranger.link(options), submission("k")).error().code,
            errc::wrong_version);
  node other;
  using wider = v1::door_actor::extend<caf::replies_to<v1::get_job>::with<v1::job>>;
  EXPECT_EQ(other.door<wider>(gateway_->port()).error().code, errc::wrong_version);
}

// A peer can reach any actor of the gateway's by its number; a session answers its own node alone.
TEST_F(session, answers_no_other_node) {
  start_gateway();
  node own;
  node thief;
  const auto greeted = greet(own, hello_of(own.listener(std::make_shared<heard>())));
  ASSERT_TRUE(greeted);
  ASSERT_TRUE(thief.door(gateway_->port()));
  const auto stolen =
      caf::actor_cast<v1::session_actor>(thief.by_number(greeted->node(), greeted->id()));
  ASSERT_TRUE(stolen);
  EXPECT_EQ(thief.ask<v1::job_page>(stolen, v1::list_jobs{}).error().code, errc::forbidden);
  EXPECT_TRUE(own.ask<v1::job_page>(*greeted, v1::list_jobs{}));
  // Nor is it taken over by a hello of somebody else's.
  const auto taken =
      thief.ask<v1::welcome>(caf::actor_cast<v1::door_actor>(stolen),
                             hello_of(thief.listener(std::make_shared<heard>()), {8, {2}}));
  EXPECT_EQ(taken.error().code, errc::forbidden);
  EXPECT_TRUE(own.ask<v1::job_page>(*greeted, v1::list_jobs{}));
  // Nor does it end by an exit message of anybody's.
  caf::anon_send_exit(stolen, caf::exit_reason::user_shutdown);
  EXPECT_EQ(thief.ask<v1::job_page>(stolen, v1::list_jobs{}).error().code, errc::forbidden);
  EXPECT_TRUE(own.ask<v1::job_page>(*greeted, v1::list_jobs{}));
}

TEST_F(session, says_when_there_are_too_many) {
  start_gateway({"--max-sessions", "1"});
  node other;
  ASSERT_TRUE(greet(other, hello_of(other.listener(std::make_shared<heard>()))));
  EXPECT_EQ(greet(other, hello_of(other.listener(std::make_shared<heard>()))).error().code,
            errc::too_many_sessions);
}

TEST_F(session, makes_room_where_its_listener_ends) {
  start_gateway({"--max-sessions", "1"});
  node other;
  const auto first = other.listener(std::make_shared<heard>());
  ASSERT_TRUE(greet(other, hello_of(first)));
  caf::anon_send_exit(first, caf::exit_reason::kill);
  const auto second = other.listener(std::make_shared<heard>());
  EXPECT_TRUE(tests::eventually([&] { return greet(other, hello_of(second)).has_value(); }));
}

TEST_F(session, is_answered_in_time_where_the_service_is_stopped_or_gone) {
  start_gateway({"--request-timeout", "300ms"});
  node other;
  const auto link = other.link(link_to());
  ASSERT_TRUE(other.ask<v1::job_page>(link, v1::list_jobs{}));
  service_->send(SIGSTOP);
  EXPECT_EQ(other.ask<v1::job_page>(link, v1::list_jobs{}).error().code, errc::deadline);
  service_->send(SIGCONT);
  EXPECT_TRUE(other.ask<v1::job_page>(link, v1::list_jobs{}));
  service_->kill();
  EXPECT_EQ(other.ask<v1::job_page>(link, v1::list_jobs{}).error().code, errc::unavailable);
}

}  // namespace
}  // namespace mutirao::gateway
