#include "client/link.hpp"

#include <algorithm>
#include <caf/actor_cast.hpp>
#include <caf/io/middleman.hpp>
#include <caf/openssl/manager.hpp>
#include <caf/typed_response_promise.hpp>
#include <map>
#include <set>

namespace mutirao::client {
namespace {

using namespace protocol::v1;
using protocol::errc;
using steady = std::chrono::steady_clock;
using v1_acknowledge = protocol::v1::acknowledge;  // functions below have the short names
using v1_unsubscribe = protocol::v1::unsubscribe;

caf::error refusal(errc code, std::string text) {
  return protocol::make_error(code, std::move(text));
}

bool passes_by_itself(errc code) {
  return code == errc::busy || code == errc::unavailable || code == errc::deadline ||
         code == errc::link_lost;
}

class keeping {
 public:
  keeping(inner_link::pointer self, link_options options, caf::actor net)
      : self_(self),
        options_(std::move(options)),
        net_(std::move(net)),
        pause_(options_.first_pause) {
    caf::scheduled_actor* const base = self_;
    base->set_down_handler([this](caf::down_msg& who) { lost(who.source); });
    base->set_exit_handler([this](caf::exit_msg&) { close(); });
    connect();
  }

  template <class Answer, class Message>
  caf::typed_response_promise<Answer> ask(const Message& what) {
    auto promise = self_->make_response_promise<Answer>();
    const auto number = ++numbers_;
    const auto refuse = [promise](caf::error why) mutable { promise.deliver(std::move(why)); };
    const auto send = [this, number, what, promise]() {
      self_->request(session_, left(number), what)
          .then(
              [this, number, promise](Answer& came) mutable {
                if (pending_.erase(number) > 0) promise.deliver(std::move(came));
              },
              [this, number](caf::error& why) { refused(number, why); });
    };
    wait(number, send, refuse);
    return promise;
  }

  template <class Follow, class Subscribe>
  caf::typed_response_promise<subscribed> follow(const Follow& what, Subscribe with) {
    auto promise = self_->make_response_promise<subscribed>();
    if (!what.listener) {
      promise.deliver(refusal(errc::invalid_argument, "listener: no actor"));
      return promise;
    }
    const auto id = ++numbers_;
    const auto number = ++numbers_;
    following made;
    made.listener = what.listener;
    made.subscribe = [this, with](following& to, auto then, auto failed) {
      with(self_, session_, to.after, options_.deadline, std::move(then), std::move(failed));
    };
    if constexpr (std::is_same_v<Follow, follow_user>) made.after = what.after;
    const auto refuse = [this, promise, id](caf::error why) mutable {
      follows_.erase(id);
      promise.deliver(std::move(why));
    };
    made.answer = [this, promise, id, number](const std::string& at) mutable {
      pending_.erase(number);
      promise.deliver(subscribed{id, at});
    };
    made.first = number;
    self_->monitor(made.listener);
    follows_.emplace(id, std::move(made));
    wait(
        number, [this, id] { subscribe(id); }, refuse);
    return promise;
  }

  template <class Event>
  void hear(Event& event) {
    if (!is_session()) return;
    const auto found = find_remote(event.subscription);
    if (found == follows_.end()) return;
    auto& to = found->second;
    if (!event.number.empty()) to.after = event.number;
    event.subscription = found->first;
    event.serial = ++to.serial;
    self_->send(to.listener, std::move(event));
  }

  void hear_end(subscription_ended& what) {
    if (!is_session()) return;
    const auto found = find_remote(what.subscription);
    if (found == follows_.end()) return;
    if (passes_by_itself(static_cast<errc>(what.code))) return subscribe_later(found->first);
    end(found->first, what.code, std::move(what.text));
  }

  void acknowledge(const v1_acknowledge& what) {
    const auto found = follows_.find(what.subscription);
    if (found == follows_.end() || !up() || found->second.remote == 0) return;
    const auto& of = found->second;
    if (what.serial <= of.base || what.serial > of.serial) return;
    self_->send(session_, v1_acknowledge{of.remote, what.serial - of.base});
  }

  void unsubscribe(std::uint64_t id) {
    const auto found = follows_.find(id);
    if (found == follows_.end()) return;
    if (up() && found->second.remote != 0) {
      self_->send(session_, v1_unsubscribe{found->second.remote});
    }
    follows_.erase(found);
  }

  void renew(renew_token& what) { options_.token = std::move(what.token); }
  link_view view() const { return {sessions_, up(), problem_}; }

  void close() {
    if (std::exchange(closed_, true)) return;
    fail_all(refusal(errc::link_lost, "the link was closed"));
    for (auto& [id, each] : std::exchange(follows_, {})) {
      self_->send(each.listener, subscription_ended{id, static_cast<std::uint8_t>(errc::link_lost),
                                                    "the link was closed"});
    }
    session_ = nullptr;
    net_ = nullptr;
    self_->quit();
  }

 private:
  using taken = std::function<void(subscribed&)>;
  using failed_by = std::function<void(caf::error&)>;

  struct waiting {
    std::function<void()> send;
    std::function<void(caf::error)> refuse;
    steady::time_point due;
    bool sent = false;
  };
  struct following {
    listener_actor listener;
    std::function<void(following&, taken, failed_by)> subscribe;
    std::function<void(const std::string&)> answer;  // to who asked; nothing once it is given
    std::uint64_t first = 0;                         // of pending_, until then
    std::string after;
    std::uint64_t remote = 0;  // the session's number; 0: none now
    std::uint64_t serial = 0;  // of the last event that was passed on
    std::uint64_t base = 0;    // `serial` when the session's numbers began
  };

  bool up() const { return session_ != nullptr; }

  /// Whether what is heard now comes from the gateway, and not from another node that knows us.
  bool is_session() const {
    caf::scheduled_actor* const base = self_;
    const auto& sender = base->current_sender();
    return up() && sender && sender->node() == session_.node();
  }

  milliseconds left(std::uint64_t number) const {
    const auto found = pending_.find(number);
    if (found == pending_.end()) return milliseconds(1);
    return std::max(milliseconds(1),
                    std::chrono::duration_cast<milliseconds>(found->second.due - steady::now()));
  }

  void wait(std::uint64_t number, std::function<void()> send,
            std::function<void(caf::error)> refuse) {
    auto& made = pending_[number];
    made = {std::move(send), std::move(refuse), steady::now() + options_.deadline};
    in(options_.deadline, [this, number] { expire(number); });
    if (!up()) return;
    made.sent = true;
    made.send();
  }

  void in(milliseconds pause, std::function<void()> what) {
    self_->delayed_send(caf::actor_cast<inner_link>(self_), pause, later{std::move(what)});
  }

  void expire(std::uint64_t number) {
    const auto found = pending_.find(number);
    if (found == pending_.end()) return;
    const bool sent = found->second.sent;
    refuse(number, sent ? refusal(errc::deadline, "no answer in time")
                        : refusal(errc::link_lost, "no link to " + address() + ": " + problem_));
  }

  void refuse(std::uint64_t number, const caf::error& why) {
    const auto found = pending_.find(number);
    if (found == pending_.end()) return;
    const auto tell = std::move(found->second.refuse);
    pending_.erase(found);
    tell(why);
  }

  // What the link did not carry waits for the next one; what the gateway refused is refused.
  void refused(std::uint64_t number, const caf::error& why) {
    const auto code = protocol::read_error(why).code;
    const bool said = why.category() == protocol::error_category && code != errc::link_lost;
    if (said) refuse(number, why);
  }

  void fail_all(const caf::error& why) {
    for (auto& [number, each] : std::exchange(pending_, {})) each.refuse(why);
  }

  std::string address() const { return options_.host + ":" + std::to_string(options_.port); }

  // -- The link.

  void connect() {
    if (closed_) return;
    trying_ = true;
    self_
        ->request(net_, options_.connect_deadline, caf::connect_atom::value, options_.host,
                  options_.port)
        .then([this](const caf::node_id&, const caf::strong_actor_ptr& door,
                     const std::set<std::string>& interface) { greet(door, interface); },
              [this](const caf::error& why) { failed(why); });
  }

  void greet(const caf::strong_actor_ptr& door, const std::set<std::string>& interface) {
    const auto wanted = self_->system().message_types(caf::detail::type_list<door_actor>{});
    if (closed_ || !trying_) return;
    if (!door) return failed(refusal(errc::unavailable, "no gateway at this port"));
    if (!std::includes(interface.begin(), interface.end(), wanted.begin(), wanted.end())) {
      return failed(caf::sec::unexpected_actor_messaging_interface);
    }
    door_ = door->address();
    self_->monitor(door);
    const auto me = caf::actor_cast<listener_actor>(caf::actor_cast<inner_link>(self_));
    self_
        ->request(caf::actor_cast<door_actor>(door), options_.connect_deadline,
                  hello{major, options_.name, options_.token, me})
        .then([this](welcome& said) { begin(said.session); },
              [this](const caf::error& why) { failed(why); });
  }

  void begin(const session_actor& session) {
    // Too late: the door was lost meanwhile, and another attempt is on its way.
    if (closed_ || !trying_) return caf::anon_send_exit(session, caf::exit_reason::kill);
    if (!session) return failed(refusal(errc::internal, "the gateway gave no session"));
    forget_door();
    trying_ = false;
    session_ = session;
    self_->monitor(session_);
    ++sessions_;
    problem_.clear();
    pause_ = options_.first_pause;
    std::vector<std::function<void()>> all;
    for (auto& [number, each] : pending_) {
      each.sent = true;
      all.push_back(each.send);
    }
    for (const auto& send : all) send();
    for (auto& [id, each] : follows_) {
      if (!each.answer) subscribe(id);
    }
  }

  void failed(const caf::error& why) {
    if (closed_ || !std::exchange(trying_, false)) return;
    forget_door();
    const auto what = protocol::read_error(why);
    problem_ = std::string(to_string(what.code)) + " " + what.text;
    if (!passes_by_itself(what.code) && what.code != errc::internal &&
        what.code != errc::too_many_sessions) {
      fail_all(refusal(what.code, what.text));
      pause_ = options_.longest_pause;
    }
    again();
  }

  void again() {
    in(pause_, [this] { connect(); });
    pause_ = std::min(2 * pause_, options_.longest_pause);
  }

  void forget_door() {
    if (door_) self_->demonitor(door_);
    door_ = nullptr;
  }

  void lost(const caf::actor_addr& who) {
    if (up() && session_.address() == who) {
      session_ = nullptr;
      problem_ = "the link was lost";
      for (auto& [id, each] : follows_) each.remote = 0;
      return again();
    }
    // Its hello is never answered then.
    if (door_ && door_ == who) return failed(refusal(errc::link_lost, "lost while greeting"));
    for (auto at = follows_.begin(); at != follows_.end();) {
      const auto now = at++;
      if (now->second.listener.address() == who) unsubscribe(now->first);
    }
  }

  // -- Subscriptions.

  std::map<std::uint64_t, following>::iterator find_remote(std::uint64_t remote) {
    return std::find_if(follows_.begin(), follows_.end(), [remote](const auto& each) {
      return remote != 0 && each.second.remote == remote;
    });
  }

  void subscribe(std::uint64_t id) {
    const auto found = follows_.find(id);
    if (found == follows_.end() || !up()) return;
    const auto session = sessions_;
    found->second.subscribe(
        found->second,
        [this, id, session](subscribed& made) {
          if (session == sessions_) begun(id, made);
        },
        [this, id, session](caf::error& why) {
          if (session == sessions_) not_begun(id, why);
        });
  }

  void begun(std::uint64_t id, subscribed& made) {
    const auto found = follows_.find(id);
    if (found == follows_.end()) {
      self_->send(session_, v1_unsubscribe{made.subscription});
      return;
    }
    auto& to = found->second;
    to.remote = made.subscription;
    to.base = to.serial;
    if (!made.number.empty()) to.after = made.number;
    if (const auto answer = std::exchange(to.answer, nullptr)) answer(to.after);
  }

  void not_begun(std::uint64_t id, const caf::error& why) {
    const auto found = follows_.find(id);
    if (found == follows_.end()) return;
    if (found->second.answer) return refused(found->second.first, why);
    const auto what = protocol::read_error(why);
    if (passes_by_itself(what.code)) return subscribe_later(id);
    end(id, static_cast<std::uint8_t>(what.code), what.text);
  }

  void subscribe_later(std::uint64_t id) {
    const auto found = follows_.find(id);
    if (found == follows_.end()) return;
    found->second.remote = 0;
    const auto session = sessions_;
    in(options_.first_pause * 10, [this, id, session] {
      if (session == sessions_) subscribe(id);
    });
  }

  void end(std::uint64_t id, std::uint8_t code, std::string text) {
    const auto found = follows_.find(id);
    if (found == follows_.end()) return;
    self_->send(found->second.listener, subscription_ended{id, code, std::move(text)});
    follows_.erase(found);
  }

  inner_link::pointer self_;
  link_options options_;
  caf::actor net_;
  milliseconds pause_;
  bool closed_ = false;
  bool trying_ = false;  // to connect
  std::uint64_t numbers_ = 0;
  std::uint64_t sessions_ = 0;
  session_actor session_;
  caf::actor_addr door_;
  std::string problem_ = "not tried yet";
  std::map<std::uint64_t, waiting> pending_;
  std::map<std::uint64_t, following> follows_;
};

}  // namespace

inner_link::behavior_type run_link(inner_link::pointer self, link_options options, caf::actor net) {
  const auto state = std::make_shared<keeping>(self, std::move(options), std::move(net));
  return {[state](const submit_unit& what) { return state->ask<accepted>(what); },
          [state](const submit_job& what) { return state->ask<accepted>(what); },
          [state](const get_job& what) { return state->ask<job>(what); },
          [state](const list_jobs& what) { return state->ask<job_page>(what); },
          [state](const cancel_job& what) { return state->ask<job>(what); },
          [state](const follow_job& what) {
            return state->follow(
                what, [what](inner_link::pointer by, const session_actor& session,
                             const std::string&, milliseconds deadline, auto then, auto failed) {
                  by->request(session, deadline, subscribe_job{what.id, what.window})
                      .then(std::move(then), std::move(failed));
                });
          },
          [state](const follow_user& what) {
            return state->follow(
                what, [window = what.window](inner_link::pointer by, const session_actor& session,
                                             const std::string& after, milliseconds deadline,
                                             auto then, auto failed) {
                  by->request(session, deadline, subscribe_user{after, window})
                      .then(std::move(then), std::move(failed));
                });
          },
          [state](const acknowledge& what) { state->acknowledge(what); },
          [state](const unsubscribe& what) { state->unsubscribe(what.subscription); },
          [state](renew_token& what) { state->renew(what); },
          [state](get_link) { return state->view(); },
          [state](close_link) { state->close(); },
          [state](job_event& event) { state->hear(event); },
          [state](notification_event& event) { state->hear(event); },
          [state](subscription_ended& what) { state->hear_end(what); },
          [](later& what) { what.run(); }};
}

link_actor open_link(caf::actor_system& system, link_options options) {
  const auto net = system.has_openssl_manager() ? system.openssl_manager().actor_handle()
                                                : system.middleman().actor_handle();
  return system.spawn(run_link, std::move(options), caf::actor_cast<caf::actor>(net));
}

}  // namespace mutirao::client
