// Another CAF node as a process of its own, for tests that stop or kill it. Arguments: port, token,
// heartbeat and silence in ms. Says "following" once it is told of the user's events, then each
// event's name; acknowledges all.
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <cstdlib>
#include <iostream>

#include "mutirao/client.hpp"

namespace {

namespace v1 = mutirao::protocol::v1;
using namespace mutirao::client;

v1::listener_actor::behavior_type run_listener(v1::listener_actor::pointer self, link_actor link) {
  return {
      [self, link](const v1::job_event& event) {
        std::cout << event.name << std::endl;
        self->send(link, v1::acknowledge{event.subscription, event.serial});
      },
      [self, link](const v1::notification_event& event) {
        std::cout << "notification" << std::endl;
        self->send(link, v1::acknowledge{event.subscription, event.serial});
      },
      [](const v1::subscription_ended& end) { std::cout << "ended " << end.text << std::endl; }};
}

}  // namespace

int main(int count, char** words) {
  if (count < 5) return 2;
  node_options timing;
  timing.heartbeat = milliseconds(std::atoi(words[3]));
  timing.silence = milliseconds(std::atoi(words[4]));
  caf::actor_system_config config;
  configure(config, timing);
  caf::actor_system system{config};
  link_options options;
  options.port = static_cast<std::uint16_t>(std::atoi(words[1]));
  options.token = words[2];
  options.first_pause = milliseconds(20);
  const auto link = open_link(system, options);
  const auto listener = system.spawn(run_listener, link);
  caf::scoped_actor self{system};
  self->request(link, std::chrono::seconds(60), follow_user{"", listener})
      .receive([](const v1::subscribed&) { std::cout << "following" << std::endl; },
               [](const caf::error& why) { std::cout << caf::to_string(why) << std::endl; });
  self->wait_for(listener);  // until it is killed
}
