// A link to a gateway that is kept: it connects, says hello, watches the other node, connects again
// with a growing pause, and asks again what was not answered. Every request is answered or refused
// within its deadline, whatever becomes of the link. See docs/gateway.md for a whole program.
//
//   caf::actor_system_config config;
//   mutirao::client::configure(config, {.certificate = ..., .key = ..., .ca = ...});
//   caf::actor_system system{config};
//   auto link = mutirao::client::open_link(system, {.host = ..., .port = ..., .token = ...});
//   self->request(link, caf::infinite, mutirao::protocol::v1::submit_unit{...}).then(...);
#pragma once

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <chrono>
#include <cstdint>
#include <string>

#include "mutirao/protocol.hpp"

namespace mutirao::client {

using std::chrono::milliseconds;

struct node_options {
  // PEM files; all three, or none for plain text to a gateway on this machine. With a part of them
  // CAF would let go of checking: see `problem_of`.
  std::string certificate;
  std::string key;
  std::string ca;
  // As the gateway's: a node without beats is cut by one that waits for them.
  milliseconds heartbeat{protocol::usual_heartbeat_ms};
  milliseconds silence{protocol::usual_silence_ms};
};

/// What is wrong with the files: one is missing, or cannot be read. Empty: nothing. CAF itself ends
/// the process at the first connection with files that it cannot read.
std::string problem_of(const node_options& options);

/// To be called before the actor_system is made: types, modules, beats, versions and TLS. The
/// program's own types and modules may be added beside.
void configure(caf::actor_system_config& config, const node_options& options);

struct link_options {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
  std::string name = "caf-client";  // for the gateway's log
  std::string token;                // a JWT, as the HTTP API takes it
  milliseconds deadline{30'000};    // of each request, over however many links
  milliseconds connect_deadline{5'000};
  milliseconds first_pause{100};  // before connecting again; doubles
  milliseconds longest_pause{5'000};
};

/// Follows a job, or the events of the token's user, over all links: after a lost one a job's
/// events go on with a snapshot, a user's behind the last that was told, without a gap. `listener`
/// acknowledges every event to the link (v1::acknowledge), each or some at a time; the link ends
/// the subscription with the listener.
struct follow_job {
  std::string id;
  protocol::v1::listener_actor listener;
  std::uint32_t window = 32;
};
struct follow_user {
  std::string after;  // the number of the last event that was dealt with; empty: from now on
  protocol::v1::listener_actor listener;
  std::uint32_t window = 32;
};
/// From the next hello on; the present session keeps the token that it began with.
struct renew_token {
  std::string token;
};
/// How many sessions were begun, and whether one is up.
struct get_link {};
struct link_view {
  std::uint64_t sessions = 0;
  bool up = false;
  std::string problem;  // why the last attempt failed
};
/// Refuses what waits and ends the link. The same for an exit message.
struct close_link {};

/// Requests as in v1::session_actor. A submission needs its idempotency key: it may be sent more
/// than once, and makes one job.
using link_actor =
    caf::typed_actor<caf::replies_to<protocol::v1::submit_unit>::with<protocol::v1::accepted>,
                     caf::replies_to<protocol::v1::submit_job>::with<protocol::v1::accepted>,
                     caf::replies_to<protocol::v1::get_job>::with<protocol::v1::job>,
                     caf::replies_to<protocol::v1::list_jobs>::with<protocol::v1::job_page>,
                     caf::replies_to<protocol::v1::cancel_job>::with<protocol::v1::job>,
                     caf::replies_to<follow_job>::with<protocol::v1::subscribed>,
                     caf::replies_to<follow_user>::with<protocol::v1::subscribed>,
                     caf::reacts_to<protocol::v1::acknowledge>,
                     caf::reacts_to<protocol::v1::unsubscribe>, caf::reacts_to<renew_token>,
                     caf::replies_to<get_link>::with<link_view>, caf::reacts_to<close_link>>;

/// With TLS where `configure` was given files. The link lives until it is closed.
link_actor open_link(caf::actor_system& system, link_options options);

}  // namespace mutirao::client

// Local messages: no peer can send them.
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mutirao::client::follow_job)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mutirao::client::follow_user)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mutirao::client::renew_token)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mutirao::client::get_link)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mutirao::client::link_view)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mutirao::client::close_link)
