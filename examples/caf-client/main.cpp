// Submits a job to a gateway of Mutirão and prints what becomes of it.
//
//   caf-client HOST PORT UNIT KEY [CERTIFICATE KEYFILE CA]      the token: MUTIRAO_TOKEN
//
// KEY names this submission: whoever starts the program again with the same one, after a crash or a
// lost line, gets the same job. Without the files it speaks plain text, to this machine alone.
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <cstdlib>
#include <iostream>
#include <mutirao/client.hpp>

namespace v1 = mutirao::protocol::v1;
namespace client = mutirao::client;

namespace {

// Prints each event and acknowledges it; ends with the job.
v1::listener_actor::behavior_type print_events(v1::listener_actor::pointer self,
                                               client::link_actor link) {
  return {[self, link](const v1::job_event& event) {
            std::cout << event.name << ' ' << event.what.state << ' ' << event.what.current << '/'
                      << event.what.total << " created " << event.what.created << std::endl;
            self->send(link, v1::acknowledge{event.subscription, event.serial});
          },
          [self, link](const v1::notification_event& event) {
            self->send(link, v1::acknowledge{event.subscription, event.serial});
          },
          [self](const v1::subscription_ended& end) {
            if (end.code != 0) std::cerr << "broke off: " << end.text << std::endl;
            self->quit();
          }};
}

int refuse(const caf::error& error) {
  const auto why = mutirao::protocol::read_error(error);
  std::cerr << to_string(why.code) << ": " << why.text << std::endl;
  return 1;
}

int run(caf::actor_system& system, client::link_options options, v1::submit_unit what) {
  const auto link = client::open_link(system, std::move(options));
  caf::scoped_actor self{system};
  int code = 0;
  std::string job;
  self->request(link, caf::infinite, std::move(what))
      .receive([&](const v1::accepted& made) { job = made.job_id; },
               [&](const caf::error& error) { code = refuse(error); });
  if (code == 0) {
    std::cout << "job " << job << std::endl;
    const auto listener = system.spawn(print_events, link);
    self->request(link, caf::infinite, client::follow_job{job, listener})
        .receive([&](const v1::subscribed&) { self->wait_for(listener); },
                 [&](const caf::error& error) {
                   code = refuse(error);
                   caf::anon_send_exit(listener, caf::exit_reason::kill);
                 });
  }
  self->send(link, client::close_link{});
  return code;
}

}  // namespace

int main(int count, char** words) {
  const char* const token = std::getenv("MUTIRAO_TOKEN");
  if ((count != 5 && count != 8) || token == nullptr) {
    std::cerr
        << "usage: MUTIRAO_TOKEN=... caf-client HOST PORT UNIT KEY [CERTIFICATE KEYFILE CA]\n";
    return 2;
  }
  client::node_options node;
  if (count == 8) {
    node.certificate = words[5];
    node.key = words[6];
    node.ca = words[7];
  }
  if (const auto problem = client::problem_of(node); !problem.empty()) {
    std::cerr << problem << std::endl;
    return 2;
  }
  client::link_options options;
  options.host = words[1];
  options.port = static_cast<std::uint16_t>(std::atoi(words[2]));
  options.name = "caf-client example";
  options.token = token;

  caf::actor_system_config config;
  client::configure(config, node);
  caf::actor_system system{config};
  return run(system, options, v1::submit_unit{words[4], std::atoll(words[3]), 0, {}});
}
