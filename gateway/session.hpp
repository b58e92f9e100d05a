// A peer that has said hello: asks the service for it, with its token, and tells its listener. One
// actor a session; it ends with the listener, and may be killed by anybody who knows its number: it
// holds nothing that the peer does not get anew by another hello.
#pragma once

#include <caf/actor_cast.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>
#include <map>

#include "gateway/flow.hpp"
#include "gateway/requests.hpp"
#include "gateway/surroundings.hpp"

namespace mutirao::gateway {

/// Something that another thread wants done within the actor. Has no name on the wire, so that no
/// peer can send one.
struct continuation {
  std::function<void()> run;
};

}  // namespace mutirao::gateway

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mutirao::gateway::continuation)

namespace mutirao::gateway {

/// Delivers a refusal.
template <class Answer>
std::function<void(protocol::failure)> refusing(caf::typed_response_promise<Answer> promise) {
  return [promise](protocol::failure why) mutable {
    promise.deliver(protocol::make_error(why.code, std::move(why.text), why.retry_after_s));
  };
}

/// What every version of the protocol does, whichever its messages are. Lives within its actor.
class session_core {
 public:
  session_core(caf::scheduled_actor* self, surroundings_ptr around, session_slot_ptr slot);
  ~session_core();
  session_core(const session_core&) = delete;
  session_core& operator=(const session_core&) = delete;

  /// Looks whether the service takes the token, then answers by `welcome`; a refusal ends the
  /// actor.
  template <class Welcome>
  caf::typed_response_promise<Welcome> begin(std::uint32_t wanted, std::uint32_t spoken,
                                             const std::string& client, const std::string& token,
                                             const v1::listener_actor& listener, Welcome welcome);

  /// Passes a request on. `read` makes the peer's answer of the service's.
  template <class Answer>
  caf::typed_response_promise<Answer> ask(checked<rest::request> what,
                                          checked<Answer> (*read)(const rest::answer&));

  caf::typed_response_promise<v1::subscribed> subscribe(const v1::subscribe_job& to);
  caf::typed_response_promise<v1::subscribed> subscribe(const v1::subscribe_user& to);
  void acknowledge(const v1::acknowledge& what);
  void unsubscribe(const v1::unsubscribe& what);

  /// Whether the message that is handled now comes from the node that said hello. A peer may reach
  /// any actor of ours by its number. To be asked before a promise is made: that takes the sender.
  bool is_peer() const;

  static protocol::failure not_the_peer();

  /// Refuses what is pending and ends the actor.
  void end();

 private:
  enum class streaming : std::uint8_t {
    open,
    paused,   // closed because too much waits; resumed once nothing does
    resting,  // broke off; asked for again after a pause
    over,     // the job has ended
  };
  struct subscription {
    flow events;
    rest::request from;        // how to listen
    bool durable = false;      // a user's: resumed behind its last number
    std::uint64_t answer = 0;  // of pending_, until it has begun
    streaming now = streaming::resting;
    std::uint64_t stream = 0;      // where it is open
    std::uint64_t generation = 0;  // of streams; what older ones say comes too late
  };

  std::uint64_t ask_service(checked<rest::request> what, std::function<void(rest::answer&)> done,
                            std::function<void(protocol::failure)> refused);
  caf::typed_response_promise<v1::subscribed> subscribe(checked<rest::request> from,
                                                        std::uint32_t window, bool durable);
  void listen(std::uint64_t id, subscription& to);
  subscription* find(std::uint64_t id, std::uint64_t generation);
  void opened(std::uint64_t id, std::uint64_t generation, const std::string& number);
  void heard(std::uint64_t id, std::uint64_t generation, const rest::server_event& event);
  void broke_off(std::uint64_t id, std::uint64_t generation, const rest::answer& how);
  void pump();
  void pump(std::uint64_t id, subscription& to);
  void leave(subscription& of, streaming then);
  void close(std::uint64_t id, protocol::failure why, bool in_order = false);
  void tell(told&& event);
  /// Runs `what` within the actor, later, from any thread; not at all where the actor has ended.
  std::function<void(std::function<void()>)> within() const;

  caf::scheduled_actor* self_;
  surroundings_ptr around_;
  session_slot_ptr slot_;
  std::pair<std::string, std::string> authorization_;
  v1::listener_actor listener_;
  caf::node_id peer_;
  bool greeted_ = false;
  bool ended_ = false;
  std::uint64_t numbers_ = 0;
  struct waiting {
    std::function<void(rest::answer&)> done;
    std::function<void(protocol::failure)> refused;
  };
  std::map<std::uint64_t, waiting> pending_;
  std::map<std::uint64_t, subscription> subscriptions_;
};

template <class Answer>
caf::typed_response_promise<Answer> session_core::ask(
    checked<rest::request> what, checked<Answer> (*read)(const rest::answer&)) {
  const bool allowed = is_peer();
  auto promise = self_->make_response_promise<Answer>();
  const auto refuse = refusing(promise);
  if (!allowed) {
    refuse(not_the_peer());
    return promise;
  }
  ask_service(
      std::move(what),
      [promise, refuse, read](rest::answer& came) mutable {
        auto answer = read(came);
        if (answer) {
          promise.deliver(*std::move(answer));
        } else {
          refuse(std::move(answer.error()));
        }
      },
      refuse);
  return promise;
}

template <class Welcome>
caf::typed_response_promise<Welcome> session_core::begin(std::uint32_t wanted, std::uint32_t spoken,
                                                         const std::string& client,
                                                         const std::string& token,
                                                         const v1::listener_actor& listener,
                                                         Welcome welcome) {
  const bool again = std::exchange(greeted_, true);
  if (!again) peer_ = listener ? listener.node() : caf::node_id();
  const bool own = is_peer();
  auto promise = self_->make_response_promise<Welcome>();
  if (again) {  // whoever says so: a session keeps its token and its listener
    refusing(promise)(not_the_peer());
    return promise;
  }
  const auto refuse = [this, answer = refusing(promise)](protocol::failure why) {
    answer(std::move(why));
    end();
  };
  using protocol::errc;
  if (wanted != spoken) {
    refuse({errc::wrong_version, "this gateway speaks version " + std::to_string(spoken), 0});
    return promise;
  }
  if (!listener) {
    refuse({errc::invalid_argument, "listener: no actor", 0});
    return promise;
  }
  if (!own) {
    refuse({errc::invalid_argument, "listener: another node's", 0});
    return promise;
  }
  auto bearer = authorization(token);
  if (!bearer) {
    refuse(bearer.error());
    return promise;
  }
  authorization_ = *std::move(bearer);
  listener_ = listener;
  self_->monitor(listener_);
  ask_service(
      probe(),
      [this, promise, refuse, client, welcome = std::move(welcome)](rest::answer& came) mutable {
        if (came.status != 200) return refuse(read_failure(came));
        around_->log("gateway_session_began", {{"client", client.substr(0, 100)}});
        promise.deliver(std::move(welcome));
      },
      refuse);
  return promise;
}

/// A session of version 1.
using v1_session = v1::session_actor::extend<caf::replies_to<v1::hello>::with<v1::welcome>,
                                             caf::reacts_to<continuation>>;

v1_session::behavior_type run_v1_session(v1_session::pointer self, surroundings_ptr around,
                                         session_slot_ptr slot);

}  // namespace mutirao::gateway
