#include "gateway/keeper.hpp"

#include <caf/actor_cast.hpp>
#include <caf/exit_reason.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

#include "gateway/session.hpp"

namespace mutirao::gateway {
namespace {

constexpr std::chrono::seconds patience{5};  // with the middleman

class keeping {
 public:
  keeping(caf::event_based_actor* self, publication what) : self_(self), what_(std::move(what)) {}

  caf::result<std::uint16_t> open() {
    auto promise = self_->make_response_promise<std::uint16_t>();
    spawn();
    publish([promise](std::uint16_t port) mutable { promise.deliver(port); },
            [promise](const caf::error& why) mutable { promise.deliver(why); });
    return promise;
  }

  void replace() {
    what_.log("gateway_door_lost", {{"port", std::to_string(what_.port)}});
    spawn();
    close_then_publish();
  }

  void close_then_publish() {
    // Refused where the port was never opened, or not again: then it is free.
    self_->request(what_.net, patience, caf::close_atom::value, what_.port)
        .then([this] { publish_again(); }, [this](const caf::error&) { publish_again(); });
  }

  void end() {
    caf::anon_send(what_.net, caf::close_atom::value, what_.port);
    caf::anon_send_exit(door_, caf::exit_reason::kill);
    door_ = nullptr;
    what_.net = nullptr;
    self_->quit();
  }

  bool is_door(const caf::actor_addr& who) const { return door_ && door_ == who; }

  void pass_on(continuation& what) {
    if (door_) caf::anon_send(caf::actor_cast<caf::actor>(door_), std::move(what));
  }

 private:
  void spawn() {
    door_ = what_.spawn_door(self_->system());
    self_->monitor(door_);
  }

  template <class Done, class Failed>
  void publish(Done done, Failed failed) {
    self_
        ->request(what_.net, patience, caf::publish_atom::value, what_.port, door_, what_.interface,
                  what_.host, true)
        .then(
            [this, done](std::uint16_t port) mutable {
              what_.port = port;
              done(port);
            },
            failed);
  }

  void publish_again() {
    publish(
        [this](std::uint16_t port) {
          what_.log("gateway_door_back", {{"port", std::to_string(port)}});
        },
        [this](const caf::error&) { self_->delayed_send(self_, what_.pause, again_atom::value); });
  }

  caf::event_based_actor* self_;
  publication what_;
  caf::strong_actor_ptr door_;
};

}  // namespace

caf::behavior run_keeper(caf::event_based_actor* self, publication what) {
  const auto state = std::make_shared<keeping>(self, std::move(what));
  self->set_exit_handler([state](caf::exit_msg&) { state->end(); });
  self->set_down_handler([state](caf::down_msg& who) {
    if (state->is_door(who.source)) state->replace();
  });
  return {[state](open_atom) { return state->open(); },
          [state](again_atom) { state->close_then_publish(); },
          [state](continuation& what_next) { state->pass_on(what_next); }};
}

}  // namespace mutirao::gateway
