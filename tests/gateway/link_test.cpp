// A link that is cut, hangs, or whose other end dies: every request is answered, and every
// submission makes exactly one job.
#include <set>

#include "tests/gateway/fixture.hpp"
#include "tests/support/cutting_proxy.hpp"

namespace mutirao::gateway {
namespace {

using testing::cutting_proxy;

class link : public gateway_test {
 protected:
  client::link_options through(const cutting_proxy& proxy) {
    auto options = link_to();
    options.port = proxy.port();
    options.first_pause = milliseconds(10);
    options.longest_pause = milliseconds(100);
    options.connect_deadline = milliseconds(1'000);
    return options;
  }

  /// Cuts the link of a new node at one place after the other, `step` bytes apart, from its first
  /// byte to the answer's last.
  void cut_everywhere(const client::node_options& options, std::uint64_t cuts) {
    cutting_proxy proxy(gateway_->port());
    auto user = as();
    std::set<std::string> made;
    const auto submit = [&](const std::string& key) {
      node other(options);
      const auto got = other.ask<v1::accepted>(other.link(through(proxy)), submission(key));
      ASSERT_TRUE(got) << key << ": " << got.error().text;
      ASSERT_TRUE(made.insert(got->job_id).second) << key;
      wait_for_end(user, got->job_id);
    };
    submit("whole");
    const auto whole = proxy.passed_bytes();
    std::cout << "a submission takes " << whole << " bytes, cut at " << cuts << " places\n";
    for (std::uint64_t i = 0; i < cuts; ++i) {
      const auto at = whole * i / cuts;
      proxy.cut_after(at);
      ASSERT_NO_FATAL_FAILURE(submit("cut at " + std::to_string(at)));
      proxy.cut_after(cutting_proxy::never - proxy.passed_bytes());
    }
    EXPECT_GT(proxy.connections(), static_cast<int>(cuts));
    EXPECT_EQ(jobs(), static_cast<std::int64_t>(cuts) + 1);
  }
};

TEST_F(link, cut_at_any_byte_makes_one_job_of_a_submission) {
  start_gateway();
  cut_everywhere({}, 60);
}

TEST_F(link, cut_at_any_byte_of_tls_makes_one_job_of_a_submission) {
  certificates_ = make_certificates();
  start_gateway();
  cut_everywhere(node_with(certificates_), 60);
}

TEST_F(link, cut_and_back_answers_what_was_asked_and_goes_on_with_events) {
  start_gateway();
  cutting_proxy proxy(gateway_->port());
  node other;
  const auto kept = other.link(through(proxy));
  const auto into = std::make_shared<heard>();
  ASSERT_TRUE(other.ask<v1::subscribed>(
      kept, client::follow_user{"", other.listener(into, caf::actor_cast<caf::actor>(kept))}));
  constexpr int rounds = 5;
  auto user = as();
  for (int i = 0; i < rounds; ++i) {
    proxy.cut_all();
    const auto got = other.ask<v1::accepted>(kept, submission(std::to_string(i)));
    ASSERT_TRUE(got) << got.error().text;
    wait_for_end(user, got->job_id);
  }
  ASSERT_TRUE(into->wait([](const auto& all) {
    return std::count_if(all.begin(), all.end(),
                         [](const auto& each) { return each.name == "notification"; }) >= rounds;
  }));
  std::vector<std::string> numbers;
  for (const auto& each : into->all()) numbers.push_back(each.number);
  EXPECT_EQ(std::set(numbers.begin(), numbers.end()).size(), numbers.size()) << "told twice";
  EXPECT_EQ(into->count("notification"), static_cast<std::size_t>(rounds));
  EXPECT_GE(other.ask<client::link_view>(kept, client::get_link{})->sessions, 2U);
  EXPECT_EQ(jobs(), rounds);
}

// Nobody says that the line is dead: the missing heartbeats do, on both sides.
TEST_F(link, that_swallows_everything_is_noticed_and_made_anew) {
  start_gateway({"--heartbeat", "50ms", "--silence", "400ms"});
  cutting_proxy proxy(gateway_->port());
  client::node_options options;
  options.heartbeat = milliseconds(50);
  options.silence = milliseconds(400);
  node other(options);
  const auto kept = other.link(through(proxy));
  ASSERT_TRUE(other.ask<v1::job_page>(kept, v1::list_jobs{}));
  proxy.swallow(true);
  EXPECT_TRUE(tests::eventually(
      [&] { return !other.ask<client::link_view>(kept, client::get_link{})->up; }));
  proxy.swallow(false);
  EXPECT_TRUE(other.ask<v1::accepted>(kept, submission("k")));
  EXPECT_EQ(jobs(), 1);
}

TEST_F(link, outlives_the_gateway) {
  start_gateway();
  const auto port = gateway_->port();
  node other;
  auto options = link_to();
  options.first_pause = milliseconds(20);
  const auto kept = other.link(options);
  ASSERT_TRUE(other.ask<v1::accepted>(kept, submission("a")));
  gateway_->kill();
  EXPECT_TRUE(tests::eventually(
      [&] { return !other.ask<client::link_view>(kept, client::get_link{})->up; }));
  start_gateway({}, port);
  EXPECT_TRUE(other.ask<v1::job_page>(kept, v1::list_jobs{}));
  EXPECT_EQ(gateway_->stop(), 0);
  start_gateway({}, port);
  EXPECT_TRUE(other.ask<v1::job_page>(kept, v1::list_jobs{}));
}

TEST_F(link, notices_a_stopped_gateway) {
  start_gateway({"--heartbeat", "50ms", "--silence", "400ms"});
  client::node_options timing;
  timing.heartbeat = milliseconds(50);
  timing.silence = milliseconds(400);
  node other(timing);
  auto options = link_to();
  options.first_pause = milliseconds(20);
  options.deadline = milliseconds(700);
  const auto kept = other.link(options);
  ASSERT_TRUE(other.ask<v1::job_page>(kept, v1::list_jobs{}));
  gateway_->child().send(SIGSTOP);
  const auto refused = other.ask<v1::accepted>(kept, submission("k"));
  ASSERT_FALSE(refused);
  EXPECT_TRUE(refused.error().code == errc::deadline || refused.error().code == errc::link_lost);
  EXPECT_TRUE(tests::eventually(
      [&] { return !other.ask<client::link_view>(kept, client::get_link{})->up; }));
  gateway_->child().send(SIGCONT);
  EXPECT_TRUE(tests::eventually(
      [&] { return other.ask<v1::job_page>(kept, v1::list_jobs{}).has_value(); }));
  // Asked again with its key; whether the first arrived or not.
  ASSERT_TRUE(other.ask<v1::accepted>(kept, submission("k")));
  EXPECT_EQ(jobs(), 1);
}

TEST_F(link, refuses_in_time_where_nobody_listens_or_answers) {
  start_gateway();
  node other;
  auto options = link_to();
  options.deadline = milliseconds(300);
  {
    const testing::cutting_proxy closed(1);
    options.port = closed.port();
  }
  const auto nobody_there = other.ask<v1::accepted>(other.link(options), submission("k"));
  EXPECT_EQ(nobody_there.error().code, errc::link_lost);
  EXPECT_NE(nobody_there.error().text.find("127.0.0.1"), std::string::npos);
  cutting_proxy silent(gateway_->port());
  silent.swallow(true);
  options.port = silent.port();
  EXPECT_EQ(other.ask<v1::accepted>(other.link(options), submission("l")).error().code,
            errc::link_lost);
  EXPECT_EQ(jobs(), 0);
}

TEST_F(link, that_is_closed_refuses_what_waits) {
  start_gateway();
  node other;
  auto options = link_to();
  options.port = 1;  // nobody
  const auto kept = other.link(options);
  caf::scoped_actor self{other.system()};
  auto asked = self->request(kept, patience, submission("k"));
  self->send(kept, client::close_link{});
  asked.receive(
      [](const v1::accepted&) { ADD_FAILURE() << "accepted"; },
      [](const caf::error& why) { EXPECT_EQ(protocol::read_error(why).code, errc::link_lost); });
}

// Whoever has a certificate may kill what is published: it is published anew.
TEST_F(link, works_again_where_a_peer_killed_the_door) {
  start_gateway();
  node other;
  const auto kept = other.link(link_to());
  ASSERT_TRUE(other.ask<v1::job_page>(kept, v1::list_jobs{}));
  for (int round = 0; round < 3; ++round) {
    node killer;
    const auto door = killer.door(gateway_->port());
    ASSERT_TRUE(door);
    caf::anon_send_exit(*door, caf::exit_reason::kill);
    // The session stands, and newcomers are let in.
    EXPECT_TRUE(other.ask<v1::job_page>(kept, v1::list_jobs{}));
    node newcomer;
    auto options = link_to();
    options.first_pause = milliseconds(20);
    options.connect_deadline = milliseconds(500);
    EXPECT_TRUE(newcomer.ask<v1::job_page>(newcomer.link(options), v1::list_jobs{}));
  }
  EXPECT_TRUE(gateway_->child().running());
}

// An exit message that is no kill does not even end it.
TEST_F(link, does_not_mind_exit_messages_to_the_door) {
  start_gateway();
  node other;
  const auto door = other.door(gateway_->port());
  ASSERT_TRUE(door);
  caf::anon_send_exit(*door, caf::exit_reason::user_shutdown);
  const auto listener = other.listener(std::make_shared<heard>());
  EXPECT_TRUE(
      other.ask<v1::welcome>(*door, v1::hello{v1::major, "t", e2e::token_of({}), listener}));
}

TEST_F(link, takes_a_new_token_at_its_next_hello) {
  start_gateway();
  cutting_proxy proxy(gateway_->port());
  node other;
  auto options = through(proxy);
  options.token = "expired";
  const auto kept = other.link(options);
  EXPECT_EQ(other.ask<v1::job_page>(kept, v1::list_jobs{}).error().code, errc::unauthorized);
  caf::anon_send(kept, client::renew_token{e2e::token_of({})});
  EXPECT_TRUE(tests::eventually(
      [&] { return other.ask<v1::job_page>(kept, v1::list_jobs{}).has_value(); }));
}

}  // namespace
}  // namespace mutirao::gateway
