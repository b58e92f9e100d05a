// Another CAF node, within the test's own process: an actor system with links, and listeners that
// keep what they hear.
#pragma once

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/io/basp_broker.hpp>
#include <caf/io/middleman.hpp>
#include <caf/openssl/manager.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "mutirao/client.hpp"
#include "tests/support/socket_client.hpp"

namespace mutirao::gateway {

namespace v1 = protocol::v1;
using protocol::errc;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds patience{60};

struct heard_event {
  std::string name;  // of the event; "notification", "ended"
  std::uint64_t serial = 0;
  std::string number;
  v1::job job;
  std::uint8_t code = 0;  // of the end
  std::string text;
};

/// What one listener heard.
class heard {
 public:
  void add(heard_event event) {
    {
      const std::lock_guard hold(mutex_);
      events_.push_back(std::move(event));
    }
    changed_.notify_all();
  }
  std::vector<heard_event> all() const {
    const std::lock_guard hold(mutex_);
    return events_;
  }
  bool wait(const std::function<bool(const std::vector<heard_event>&)>& until,
            std::chrono::milliseconds limit = patience) const {
    std::unique_lock hold(mutex_);
    return changed_.wait_for(hold, limit, [&] { return until(events_); });
  }
  bool wait_for(const std::string& name, std::chrono::milliseconds limit = patience) const {
    return wait(
        [&](const auto& events) {
          return std::any_of(events.begin(), events.end(),
                             [&](const auto& each) { return each.name == name; });
        },
        limit);
  }
  std::size_t count(const std::string& name) const {
    const auto events = all();
    return static_cast<std::size_t>(std::count_if(
        events.begin(), events.end(), [&](const auto& each) { return each.name == name; }));
  }

 private:
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  std::vector<heard_event> events_;
};
using heard_ptr = std::shared_ptr<heard>;

/// Keeps what it hears, and acknowledges to `to` (a link or a session) where there is one.
inline v1::listener_actor::behavior_type run_listener(v1::listener_actor::pointer self,
                                                      heard_ptr into, caf::actor to) {
  const auto thank = [self, to](std::uint64_t subscription, std::uint64_t serial) {
    if (to) caf::anon_send(to, v1::acknowledge{subscription, serial});
  };
  return {[into, thank](const v1::job_event& event) {
            thank(event.subscription, event.serial);
            into->add({event.name, event.serial, event.number, event.what, 0, {}});
          },
          [into, thank](const v1::notification_event& event) {
            thank(event.subscription, event.serial);
            into->add({"notification", event.serial, event.number, {}, 0, event.what.message});
          },
          [into](const v1::subscription_ended& end) {
            into->add({"ended", 0, {}, {}, end.code, end.text});
          }};
}

template <class Answer>
using answered = tl::expected<Answer, protocol::failure>;

class node {
 public:
  using more_configuration = std::function<void(caf::actor_system_config&)>;

  explicit node(const client::node_options& options = {}, const more_configuration& more = {}) {
    client::configure(config_, options);
    if (more) more(config_);
    config_.set("scheduler.max-threads", std::size_t{2});
    config_.set("scheduler.policy", caf::atom("sharing"));
    system_ = std::make_unique<caf::actor_system>(config_);
  }
  ~node() {
    for (const auto& each : links_) caf::anon_send(each, client::close_link{});
    for (const auto& each : actors_) caf::anon_send_exit(each, caf::exit_reason::kill);
    links_.clear();
    actors_.clear();
    system_.reset();
  }
  node(const node&) = delete;
  node& operator=(const node&) = delete;

  caf::actor_system& system() { return *system_; }

  client::link_actor link(client::link_options options) {
    return links_.emplace_back(client::open_link(*system_, std::move(options)));
  }
  v1::listener_actor listener(const heard_ptr& into, const caf::actor& acknowledges = {}) {
    auto made = system_->spawn(run_listener, into, acknowledges);
    actors_.push_back(caf::actor_cast<caf::actor>(made));
    return made;
  }
  void keep(const caf::actor& one) { actors_.push_back(one); }

  /// Any actor of a node that this one is linked to.
  caf::strong_actor_ptr by_number(const caf::node_id& of, caf::actor_id number) {
    const auto broker = system_->middleman().named_broker<caf::io::basp_broker>(caf::atom("BASP"));
    return static_cast<caf::io::basp_broker*>(caf::actor_cast<caf::abstract_actor*>(broker))
        ->instance.proxies()
        .get_or_put(of, number);
  }

  template <class Answer, class Handle, class Message>
  answered<Answer> ask(const Handle& whom, Message what, milliseconds limit = patience) {
    answered<Answer> got = tl::unexpected(protocol::failure{});
    caf::scoped_actor self{*system_};
    self->request(whom, limit, std::move(what))
        .receive([&](Answer& answer) { got = std::move(answer); },
                 [&](const caf::error& why) { got = tl::unexpected(protocol::read_error(why)); });
    return got;
  }

  /// What is published at the port, as the node's middleman finds it.
  template <class Door = v1::door_actor>
  answered<Door> door(std::uint16_t port, const std::string& host = "127.0.0.1") {
    answered<Door> got = tl::unexpected(protocol::failure{});
    const auto net = system_->has_openssl_manager() ? system_->openssl_manager().actor_handle()
                                                    : system_->middleman().actor_handle();
    caf::scoped_actor self{*system_};
    self->request(net, patience, caf::connect_atom::value, host, port)
        .receive(
            [&](const caf::node_id&, const caf::strong_actor_ptr& at,
                const std::set<std::string>& interface) {
              const auto wanted = system_->message_types(caf::detail::type_list<Door>{});
              if (std::includes(interface.begin(), interface.end(), wanted.begin(), wanted.end())) {
                got = caf::actor_cast<Door>(at);
              } else {
                got = tl::unexpected(protocol::failure{errc::wrong_version, "interface", 0});
              }
            },
            [&](const caf::error& why) { got = tl::unexpected(protocol::read_error(why)); });
    return got;
  }

 private:
  caf::actor_system_config config_;
  std::unique_ptr<caf::actor_system> system_;
  std::vector<client::link_actor> links_;
  std::vector<caf::actor> actors_;
};

}  // namespace mutirao::gateway
