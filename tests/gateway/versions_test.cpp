// How a second version is added, and that nodes of the first go on unchanged. The second is this
// test's own: its hello names a language, and its session sets priorities.
#include "gateway/door.hpp"
#include "gateway/gateway.hpp"
#include "tests/gateway/fixture.hpp"

namespace mutirao::protocol::v2 {

inline constexpr std::uint32_t major = 2;

struct set_priority {
  std::string id;
  std::int32_t priority = 0;
};
using session_actor = v1::session_actor::extend<caf::replies_to<set_priority>::with<v1::job>>;

struct hello {
  std::uint32_t major_version = major;
  std::string client;
  std::string token;
  std::string language;
  v1::listener_actor listener;
};
struct welcome {
  session_actor session;
  std::string server;
  std::vector<std::string> languages;
};
using door_actor = caf::typed_actor<caf::replies_to<hello>::with<welcome>>;

template <class Inspector>
auto inspect(Inspector& f, set_priority& x) {
  return f(caf::meta::type_name("set_priority"), x.id, x.priority);
}
template <class Inspector>
auto inspect(Inspector& f, hello& x) {
  return f(caf::meta::type_name("hello"), x.major_version, x.client, x.token, x.language,
           x.listener);
}
template <class Inspector>
auto inspect(Inspector& f, welcome& x) {
  return f(caf::meta::type_name("welcome"), x.session, x.server, x.languages);
}

}  // namespace mutirao::protocol::v2

CAF_BEGIN_TYPE_ID_BLOCK(mutirao_v2, 20'100)
CAF_ADD_TYPE_ID(mutirao_v2, (mutirao::protocol::v2::set_priority))
CAF_ADD_TYPE_ID(mutirao_v2, (mutirao::protocol::v2::session_actor))
CAF_ADD_TYPE_ID(mutirao_v2, (mutirao::protocol::v2::hello))
CAF_ADD_TYPE_ID(mutirao_v2, (mutirao::protocol::v2::welcome))
CAF_END_TYPE_ID_BLOCK(mutirao_v2)

namespace mutirao::gateway {
namespace {

namespace v2 = protocol::v2;

using v2_session = v2::session_actor::extend<caf::replies_to<v2::hello>::with<v2::welcome>,
                                             caf::reacts_to<continuation>>;

checked<rest::request> priority_request(const v2::set_priority& what) {
  return to_request(v1::get_job{what.id}).map([&](rest::request of) {
    of.method = "PUT";
    of.target = of.target.substr(0, of.target.find('?')) + "/priority";
    of.body = "{\"priority\":" + std::to_string(what.priority) + "}";
    return of;
  });
}

v2_session::behavior_type run_v2_session(v2_session::pointer self, surroundings_ptr around,
                                         session_slot_ptr slot) {
  const auto server = around->server;
  const auto core = std::make_shared<session_core>(self, std::move(around), std::move(slot));
  return {
      [core](const v1::submit_unit& what) { return core->ask(to_request(what), read_accepted); },
      [core](const v1::submit_job& what) { return core->ask(to_request(what), read_accepted); },
      [core](const v1::get_job& what) { return core->ask(to_request(what), read_job); },
      [core](const v1::list_jobs& what) { return core->ask(to_request(what), read_page); },
      [core](const v1::cancel_job& what) { return core->ask(to_request(what), read_job); },
      [core](const v1::subscribe_job& to) { return core->subscribe(to); },
      [core](const v1::subscribe_user& to) { return core->subscribe(to); },
      [core](const v1::acknowledge& what) { core->acknowledge(what); },
      [core](const v1::unsubscribe& what) { core->unsubscribe(what); },
      [core](const v2::set_priority& what) { return core->ask(priority_request(what), read_job); },
      [core, self, server](const v2::hello& said) {
        return core->begin(
            said.major_version, v2::major, said.client, said.token, said.listener,
            v2::welcome{caf::actor_cast<v2::session_actor>(self), server, {said.language}});
      },
      [](continuation& what) { what.run(); }};
}

struct version_2 {
  using hello = v2::hello;
  using welcome = v2::welcome;
  using session = v2_session;
  static constexpr auto& run_session = run_v2_session;
};

served_versions both_versions() {
  return {[](caf::actor_system_config& config) {
            config.add_message_types<caf::id_block::mutirao_v1>();
            config.add_message_types<caf::id_block::mutirao_v2>();
          },
          {std::string(v1::app_identifier), "mutirao.gateway.2"},
          [](caf::actor_system& system, surroundings_ptr around) {
            return caf::actor_cast<caf::strong_actor_ptr>(
                system.spawn(run_door<version_1, version_2>, std::move(around)));
          },
          [](const caf::actor_system& system) {
            return system.message_types(caf::detail::type_list<door_of<version_1, version_2>>{});
          }};
}

class versions : public gateway_test {};

TEST_F(versions, are_served_side_by_side_and_a_client_of_the_first_goes_on_unchanged) {
  gateway_options options;
  options.url = service_url();
  auto running = running_gateway::start(options, both_versions());
  ASSERT_TRUE(running) << running.error();

  client::link_options to;
  to.port = (*running)->port();
  to.token = e2e::token_of({});
  node old;
  const auto link = old.link(to);
  const auto into = std::make_shared<heard>();
  const auto made = old.ask<v1::accepted>(link, submission("k"));
  ASSERT_TRUE(made) << made.error().text;
  ASSERT_TRUE(old.ask<v1::subscribed>(
      link,
      client::follow_job{made->job_id, old.listener(into, caf::actor_cast<caf::actor>(link))}));
  EXPECT_TRUE(into->wait_for("ended"));

  node newer({}, [](caf::actor_system_config& config) {
    config.add_message_types<caf::id_block::mutirao_v2>();
    config.set("middleman.app-identifiers", std::vector<std::string>{"mutirao.gateway.2"});
  });
  const auto door = newer.door<v2::door_actor>((*running)->port());
  ASSERT_TRUE(door) << door.error().text;
  const auto listener = newer.listener(std::make_shared<heard>());
  const auto welcomed = newer.ask<v2::welcome>(
      *door, v2::hello{v2::major, "newer", e2e::token_of({}), "pt", listener});
  ASSERT_TRUE(welcomed) << welcomed.error().text;
  EXPECT_EQ(welcomed->languages, std::vector<std::string>{"pt"});
  const auto shown = newer.ask<v1::job>(welcomed->session, v1::get_job{made->job_id});
  ASSERT_TRUE(shown) << shown.error().text;
  EXPECT_EQ(shown->status, "completed");
  const auto ranked = newer.ask<v1::job>(welcomed->session, v2::set_priority{made->job_id, 3});
  EXPECT_TRUE(ranked || ranked.error().code == errc::conflict) << ranked.error().text;
}

TEST_F(versions, a_client_of_the_second_parts_from_a_gateway_of_the_first) {
  gateway_options options;
  options.url = service_url();
  auto running = running_gateway::start(options);
  ASSERT_TRUE(running) << running.error();
  node newer({}, [](caf::actor_system_config& config) {
    config.add_message_types<caf::id_block::mutirao_v2>();
    config.set("middleman.app-identifiers", std::vector<std::string>{"mutirao.gateway.2"});
  });
  EXPECT_EQ(newer.door<v2::door_actor>((*running)->port()).error().code, errc::wrong_version);
}

// What a peer can do to a worker of CAF's: the door is there and does nothing any more.
TEST_F(versions, a_gateway_that_does_not_stir_is_noticed) {
  auto deaf = version_1_alone();
  deaf.spawn_door = [](caf::actor_system& system, surroundings_ptr around) {
    return caf::actor_cast<caf::strong_actor_ptr>(system.spawn(
        [](caf::event_based_actor* self, const caf::actor& anchor) -> caf::behavior {
          self->set_default_handler(caf::drop);
          self->set_down_handler([self](caf::down_msg&) { self->quit(); });
          self->monitor(anchor);
          return {[](again_atom) {}};
        },
        around->anchor));
  };
  auto stuck = running_gateway::start({}, deaf);
  ASSERT_TRUE(stuck) << stuck.error();
  EXPECT_TRUE((*stuck)->tick());
  EXPECT_TRUE(tests::eventually([&] { return !(*stuck)->tick(milliseconds(100)); }));

  auto running = running_gateway::start({});
  ASSERT_TRUE(running) << running.error();
  const auto end = std::chrono::steady_clock::now() + milliseconds(300);
  while (std::chrono::steady_clock::now() < end) {
    ASSERT_TRUE((*running)->tick(seconds(20)));
  }
}

// In one process, with everything that there is: it must end.
TEST_F(versions, a_gateway_ends_with_sessions_streams_and_questions_open) {
  gateway_options options;
  options.url = service_url();
  auto running = running_gateway::start(options);
  ASSERT_TRUE(running) << running.error();
  EXPECT_TRUE((*running)->tick());
  client::link_options to;
  to.port = (*running)->port();
  to.token = e2e::token_of({});
  node other;
  const auto link = other.link(to);
  const auto into = std::make_shared<heard>();
  ASSERT_TRUE(other.ask<v1::subscribed>(link, client::follow_user{"", other.listener(into)}));
  EXPECT_EQ((*running)->sessions(), 1U);
  service_->send(SIGSTOP);
  caf::scoped_actor self{other.system()};
  self->send(link, v1::list_jobs{});
  running->reset();
  service_->send(SIGCONT);
  EXPECT_TRUE(tests::eventually(
      [&] { return !other.ask<client::link_view>(link, client::get_link{})->up; }));
}

}  // namespace
}  // namespace mutirao::gateway
