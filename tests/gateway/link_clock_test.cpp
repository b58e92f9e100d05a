// The link's own decisions, on CAF's deterministic scheduler: when it tries again, what it asks
// again, what it refuses. Net, door and sessions are the test's.
#include <caf/scheduler/test_coordinator.hpp>
#include <variant>

#include "client/link.hpp"
#include "tests/gateway/node.hpp"

namespace mutirao::client {
namespace {

namespace v1 = protocol::v1;
using protocol::errc;

// For actors that need none: CAF would bind a null reference.
constexpr std::monostate no_arguments;

class link_clock : public ::testing::Test {
 protected:
  struct configuration : caf::actor_system_config {
    configuration() {
      set("scheduler.policy", caf::atom("testing"));
      add_message_types<caf::id_block::mutirao_v1>();
    }
  };

  void TearDown() override {
    if (link_) caf::anon_send(link_, close_link{});
    scheduler_.run();
    for (const auto& each : actors_) caf::anon_send_exit(each, caf::exit_reason::kill);
    scheduler_.run();
    link_ = nullptr;
    sessions_.clear();
    door_ = nullptr;
    actors_.clear();
    while (scheduler_.trigger_timeout()) scheduler_.run();
  }

  /// Where a link connects to: `door_`, or nowhere.
  caf::actor spawn_net() {
    return keep(system_.spawn(
        [this](caf::event_based_actor*, std::monostate) -> caf::behavior {
          return {[this](caf::connect_atom, const std::string&, std::uint16_t)
                      -> caf::result<caf::node_id, caf::strong_actor_ptr, std::set<std::string>> {
            ++attempts_;
            if (!door_) return caf::sec::cannot_connect_to_node;
            return {system_.node(), caf::actor_cast<caf::strong_actor_ptr>(door_),
                    system_.message_types(caf::detail::type_list<v1::door_actor>{})};
          }};
        },
        no_arguments));
  }
  /// Welcomes each hello by the newest session, refuses it by `refusal_`, or lets it wait.
  void open_door() {
    door_ = system_.spawn(
        [this](v1::door_actor::pointer self, std::monostate) -> v1::door_actor::behavior_type {
          return {[this, self](const v1::hello& said) -> caf::result<v1::welcome> {
            tokens_.push_back(said.token);
            if (refusal_) return refusal_;
            if (!sessions_.empty()) return v1::welcome{sessions_.back(), "test"};
            caf::scheduled_actor* const base = self;
            waiting_.push_back(base->make_response_promise<v1::welcome>());
            return waiting_.back();
          }};
        },
        no_arguments);
    keep(door_);
  }
  /// Answers submissions, unless it is `deaf`.
  void begin_session(bool deaf) {
    auto made = system_.spawn(
        [this](v1::session_actor::pointer self, bool silent) -> v1::session_actor::behavior_type {
          const auto never = [](auto&&) -> caf::error { return caf::sec::unexpected_message; };
          return {
              [this, self, silent](const v1::submit_unit& what) -> caf::result<v1::accepted> {
                asked_.push_back(what.key);
                if (!silent) return v1::accepted{"job of " + what.key, 1};
                caf::scheduled_actor* const base = self;
                unanswered_.push_back(base->make_response_promise<v1::accepted>());
                return unanswered_.back();
              },
              [never](const v1::submit_job& x) -> caf::result<v1::accepted> { return never(x); },
              [never](const v1::get_job& x) -> caf::result<v1::job> { return never(x); },
              [never](const v1::list_jobs& x) -> caf::result<v1::job_page> { return never(x); },
              [never](const v1::cancel_job& x) -> caf::result<v1::job> { return never(x); },
              [never](const v1::subscribe_job& x) -> caf::result<v1::subscribed> {
                return never(x);
              },
              [this](const v1::subscribe_user& what) -> caf::result<v1::subscribed> {
                resumed_.push_back(what.after);
                return v1::subscribed{5, what.after.empty() ? "10" : ""};
              },
              [this](const v1::acknowledge& what) { acknowledged_.push_back(what.serial); },
              [](const v1::unsubscribe&) {}};
        },
        deaf);
    keep(made);
    sessions_.push_back(made);
  }
  template <class Handle>
  caf::actor keep(const Handle& one) {
    return actors_.emplace_back(caf::actor_cast<caf::actor>(one));
  }
  void kill(const caf::actor_addr& who) {
    caf::anon_send_exit(caf::actor_cast<caf::actor>(caf::actor_cast<caf::strong_actor_ptr>(who)),
                        caf::exit_reason::kill);
    scheduler_.run();
  }
  void open(link_options options = {}) {
    options.token = "first";
    link_ = system_.spawn(run_link, options, spawn_net());
    scheduler_.run();
  }
  void pass(milliseconds time) {
    scheduler_.advance_time(time);
    scheduler_.run();
  }
  auto submit(const std::string& key) {
    auto asked = self_->request(link_, caf::infinite, v1::submit_unit{key, 1, 0, {}});
    scheduler_.run();
    return asked;
  }
  template <class Asked>
  errc refused(Asked& asked) {
    errc code{};
    asked.receive([](const v1::accepted&) { ADD_FAILURE() << "accepted"; },
                  [&](const caf::error& why) { code = protocol::read_error(why).code; });
    return code;
  }
  template <class Asked>
  std::string accepted(Asked& asked) {
    std::string job;
    asked.receive([&](const v1::accepted& made) { job = made.job_id; },
                  [&](const caf::error& why) { ADD_FAILURE() << caf::to_string(why); });
    return job;
  }

  configuration config_;
  caf::actor_system system_{config_};
  caf::scheduler::test_coordinator& scheduler_ =
      dynamic_cast<caf::scheduler::test_coordinator&>(system_.scheduler());
  caf::scoped_actor self_{system_, true};
  link_actor link_;
  v1::door_actor door_;
  caf::error refusal_;
  std::vector<v1::session_actor> sessions_;
  std::vector<caf::actor> actors_;
  std::vector<caf::typed_response_promise<v1::welcome>> waiting_;
  std::vector<caf::typed_response_promise<v1::accepted>> unanswered_;
  std::vector<std::string> tokens_, asked_, resumed_;
  std::vector<std::uint64_t> acknowledged_;
  int attempts_ = 0;
};

TEST_F(link_clock, tries_again_after_pauses_that_double_to_a_limit) {
  link_options options;
  options.first_pause = milliseconds(100);
  options.longest_pause = milliseconds(400);
  open(options);
  EXPECT_EQ(attempts_, 1);
  const std::vector<std::pair<int, int>> steps{{99, 1},  {1, 2}, {199, 2}, {1, 3},
                                               {399, 3}, {1, 4}, {399, 4}, {1, 5}};
  for (const auto& [pause, attempts] : steps) {
    pass(milliseconds(pause));
    EXPECT_EQ(attempts_, attempts);
  }
}

TEST_F(link_clock, refuses_at_the_deadline_what_no_link_carried) {
  link_options options;
  options.deadline = milliseconds(1'000);
  open(options);
  auto asked = submit("a");
  pass(milliseconds(999));
  EXPECT_TRUE(self_->mailbox().empty());
  pass(milliseconds(1));
  EXPECT_EQ(refused(asked), errc::link_lost);
}

TEST_F(link_clock, says_deadline_where_it_may_have_happened) {
  open_door();
  begin_session(true);
  link_options options;
  options.deadline = milliseconds(1'000);
  open(options);
  auto asked = submit("a");
  EXPECT_EQ(asked_, std::vector<std::string>{"a"});
  pass(milliseconds(1'000));
  EXPECT_EQ(refused(asked), errc::deadline);
}

TEST_F(link_clock, asks_the_next_session_what_the_last_one_took_with_it) {
  open_door();
  begin_session(true);
  open();
  auto one = submit("a");
  auto other = submit("b");
  const auto lost = sessions_.back().address();
  begin_session(false);
  kill(lost);
  EXPECT_EQ(asked_, (std::vector<std::string>{"a", "b"}));
  pass(milliseconds(100));
  EXPECT_EQ(asked_, (std::vector<std::string>{"a", "b", "a", "b"}));
  EXPECT_EQ(accepted(one), "job of a");
  EXPECT_EQ(accepted(other), "job of b");
}

TEST_F(link_clock, tries_again_where_the_door_dies_over_its_hello) {
  open_door();
  open();
  EXPECT_EQ(tokens_.size(), 1U);
  kill(door_.address());
  open_door();
  begin_session(false);
  auto asked = submit("a");
  pass(milliseconds(100));
  EXPECT_EQ(accepted(asked), "job of a");
}

TEST_F(link_clock, refuses_all_where_the_token_is_refused_and_takes_a_new_one) {
  open_door();
  refusal_ = protocol::make_error(errc::unauthorized, "no");
  link_options options;
  options.longest_pause = milliseconds(5'000);
  options.connect_deadline = milliseconds(60'000);
  open(options);
  auto asked = submit("a");
  pass(milliseconds(5'000));
  EXPECT_EQ(refused(asked), errc::unauthorized);
  refusal_ = {};
  begin_session(false);
  caf::anon_send(link_, renew_token{"second"});
  scheduler_.run();
  auto again = submit("b");
  pass(milliseconds(5'000));
  EXPECT_EQ(accepted(again), "job of b");
  EXPECT_EQ(tokens_.back(), "second");
}

TEST_F(link_clock, resumes_events_behind_the_last_and_numbers_them_through) {
  open_door();
  begin_session(false);
  open();
  const auto into = std::make_shared<gateway::heard>();
  const auto listener = system_.spawn(gateway::run_listener, into, caf::actor());
  keep(listener);
  auto following = self_->request(link_, caf::infinite, follow_user{"", listener});
  scheduler_.run();
  std::uint64_t id = 0;
  following.receive(
      [&](const v1::subscribed& made) {
        id = made.subscription;
        EXPECT_EQ(made.number, "10");
      },
      [](const caf::error& why) { ADD_FAILURE() << caf::to_string(why); });
  const auto tell = [&](std::uint64_t serial, const std::string& number) {
    v1::job_event event;
    event.subscription = 5;
    event.serial = serial;
    event.number = number;
    event.name = "job";
    caf::send_as(caf::actor_cast<caf::actor>(sessions_.back()),
                 caf::actor_cast<v1::listener_actor>(link_), event);
    caf::anon_send(caf::actor_cast<v1::listener_actor>(link_), event);  // of nobody: not passed on
    scheduler_.run();
  };
  tell(1, "11");
  tell(2, "12");
  caf::anon_send(link_, v1::acknowledge{id, 2});
  scheduler_.run();
  const auto lost = sessions_.back().address();
  begin_session(false);
  kill(lost);
  pass(milliseconds(100));
  EXPECT_EQ(resumed_, (std::vector<std::string>{"", "12"}));
  tell(1, "13");
  const auto all = into->all();
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all.back().serial, 3U);
  // Of the session that is gone nothing can be acknowledged; of this one its own number.
  caf::anon_send(link_, v1::acknowledge{id, 2});
  caf::anon_send(link_, v1::acknowledge{id, 3});
  scheduler_.run();
  EXPECT_EQ(acknowledged_, (std::vector<std::uint64_t>{2, 1}));
}

TEST_F(link_clock, that_is_closed_refuses_what_waits_and_ends_what_was_followed) {
  open();
  auto asked = submit("a");
  caf::anon_send(link_, close_link{});
  scheduler_.run();
  EXPECT_EQ(refused(asked), errc::link_lost);
}

}  // namespace
}  // namespace mutirao::client
