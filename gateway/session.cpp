#include "gateway/session.hpp"

#include <algorithm>

namespace mutirao::gateway {

using protocol::errc;
using protocol::failure;

session_core::session_core(caf::scheduled_actor* self, surroundings_ptr around,
                           session_slot_ptr slot)
    : self_(self), around_(std::move(around)), slot_(std::move(slot)) {
  // Whoever knows the actor's number may send it an exit message; only a kill cannot be ignored.
  self_->set_exit_handler([](caf::exit_msg&) {});
  self_->set_down_handler([this](caf::down_msg&) { end(); });
  self_->monitor(around_->anchor);
}

session_core::~session_core() {
  for (auto& [id, each] : subscriptions_) leave(each, streaming::over);
}

bool session_core::is_peer() const {
  const auto& sender = self_->current_sender();
  return sender && sender->node() == peer_;
}

failure session_core::not_the_peer() {
  return {errc::forbidden, "another node's session", 0};
}

void session_core::end() {
  if (std::exchange(ended_, true)) return;
  for (auto& [number, each] : std::exchange(pending_, {})) {
    each.refused({errc::link_lost, "the session has ended", 0});
  }
  for (auto& [id, each] : subscriptions_) leave(each, streaming::over);
  subscriptions_.clear();
  self_->demonitor(around_->anchor.address());
  self_->quit();
}

std::function<void(std::function<void()>)> session_core::within() const {
  return [self = caf::actor_cast<caf::actor>(self_)](std::function<void()> what) {
    caf::anon_send(self, continuation{std::move(what)});
  };
}

std::uint64_t session_core::ask_service(checked<rest::request> what,
                                        std::function<void(rest::answer&)> done,
                                        std::function<void(failure)> refused) {
  if (!what) {
    refused(what.error());
    return 0;
  }
  if (pending_.size() >= around_->limits.requests) {
    refused({errc::busy, "too many requests of this session wait", 1});
    return 0;
  }
  what->headers.push_back(authorization_);
  what->deadline = around_->limits.request_deadline;
  const auto number = ++numbers_;
  pending_.emplace(number, waiting{std::move(done), std::move(refused)});
  around_->service->ask(*std::move(what), [this, number, post = within()](rest::answer&& came) {
    post([this, number, came = std::move(came)]() mutable {
      const auto found = pending_.find(number);
      if (found == pending_.end()) return;
      const auto answer = std::move(found->second.done);
      pending_.erase(found);
      answer(came);
    });
  });
  return number;
}

caf::typed_response_promise<v1::subscribed> session_core::subscribe(const v1::subscribe_job& to) {
  return subscribe(to_request(to), to.window, false);
}

caf::typed_response_promise<v1::subscribed> session_core::subscribe(const v1::subscribe_user& to) {
  return subscribe(to_request(to), to.window, true);
}

caf::typed_response_promise<v1::subscribed> session_core::subscribe(checked<rest::request> from,
                                                                    std::uint32_t window,
                                                                    bool durable) {
  const bool allowed = is_peer();
  auto promise = self_->make_response_promise<v1::subscribed>();
  const auto refuse = refusing(promise);
  if (!allowed) from = tl::unexpected(not_the_peer());
  if (from && subscriptions_.size() >= around_->limits.subscriptions) {
    from = tl::unexpected<failure>(
        {errc::too_many_sessions, "too many subscriptions of this session", 0});
  }
  if (!from) {
    refuse(from.error());
    return promise;
  }
  const auto id = ++numbers_;
  const auto answer = ++numbers_;
  // Answered where the stream has begun, by the number that it begins at.
  pending_.emplace(answer, waiting{[promise, id](rest::answer& begun) mutable {
                                     promise.deliver(v1::subscribed{id, std::move(begun.body)});
                                   },
                                   refuse});
  const auto made = subscriptions_.emplace(
      id, subscription{flow(id, window, around_->limits.flow), *std::move(from), durable, answer});
  listen(id, made.first->second);
  return promise;
}

void session_core::listen(std::uint64_t id, subscription& to) {
  auto request = to.from;
  if (to.durable && !to.events.last().empty()) {
    std::erase_if(request.headers, [](const auto& each) { return each.first == "Last-Event-ID"; });
    request.headers.emplace_back("Last-Event-ID", to.events.last());
  }
  request.headers.push_back(authorization_);
  request.deadline = around_->limits.request_deadline;
  const auto generation = ++to.generation;
  const auto post = within();
  rest::stream_hooks hooks;
  hooks.opened = [this, id, generation, post](const std::string& number) {
    post([this, id, generation, number] { opened(id, generation, number); });
  };
  hooks.event = [this, id, generation, post](rest::server_event&& event) {
    post([this, id, generation, event = std::move(event)] { heard(id, generation, event); });
  };
  hooks.ended = [this, id, generation, post](rest::answer&& how) {
    post([this, id, generation, how = std::move(how)] { broke_off(id, generation, how); });
  };
  to.now = streaming::open;
  to.stream = around_->service->listen(std::move(request), std::move(hooks));
}

void session_core::leave(subscription& of, streaming then) {
  if (of.now == streaming::open) around_->service->close(of.stream);
  ++of.generation;
  of.now = then;
}

session_core::subscription* session_core::find(std::uint64_t id, std::uint64_t generation) {
  const auto found = subscriptions_.find(id);
  if (found == subscriptions_.end() || found->second.generation != generation) return nullptr;
  return &found->second;
}

void session_core::opened(std::uint64_t id, std::uint64_t generation, const std::string& number) {
  auto* const to = find(id, generation);
  if (to == nullptr) return;
  if (to->durable && !number.empty() && to->events.last().empty()) to->events.begin_at(number);
  const auto waits = pending_.find(to->answer);
  if (waits == pending_.end()) return;
  const auto answer = std::move(waits->second.done);
  pending_.erase(waits);
  rest::answer begun;
  begun.body = to->events.last();
  answer(begun);
}

void session_core::heard(std::uint64_t id, std::uint64_t generation,
                         const rest::server_event& event) {
  auto* const to = find(id, generation);
  if (to == nullptr) return;
  const std::string number = to->durable ? event.id : std::string();
  if (event.name == "notification") {
    if (auto what = notification_of(event.data)) {
      to->events.put(v1::notification_event{0, 0, number, *std::move(what)});
    }
  } else if (auto what = job_of(event.data)) {
    to->events.put(v1::job_event{0, 0, number, event.name, *std::move(what)});
  }
  pump(id, *to);
  // What the service says from now on is fetched from behind the last number, once there is room.
  if (to->durable && to->events.full()) leave(*to, streaming::paused);
}

void session_core::broke_off(std::uint64_t id, std::uint64_t generation, const rest::answer& how) {
  auto* const to = find(id, generation);
  if (to == nullptr) return;
  const auto waits = pending_.find(to->answer);
  if (waits != pending_.end()) {  // it never began
    const auto refuse = std::move(waits->second.refused);
    pending_.erase(waits);
    subscriptions_.erase(id);
    return refuse(read_failure(how));
  }
  const bool refused = how.status != 0 && how.status != 200 && how.status != 503;
  if (refused) return close(id, read_failure(how));
  // A job's stream ends with its job; a user's where the service stops or the token expires.
  const bool in_order = how.status == 200 && how.problem.empty();
  to->now = in_order && !to->durable ? streaming::over : streaming::resting;
  if (to->now == streaming::over) return pump(id, *to);
  caf::delayed_anon_send(caf::actor_cast<caf::actor>(self_), around_->limits.stream_pause,
                         continuation{[this, id, generation] {
                           auto* const again = find(id, generation);
                           if (again && again->now == streaming::resting) listen(id, *again);
                         }});
}

void session_core::pump() {
  for (auto at = subscriptions_.begin(); at != subscriptions_.end();) {
    const auto now = at++;  // the end of a subscription takes it away
    pump(now->first, now->second);
  }
}

void session_core::pump(std::uint64_t id, subscription& to) {
  std::size_t out = 0;
  for (const auto& [each, of] : subscriptions_) out += of.events.unacknowledged_bytes();
  const auto limit = around_->limits.unacknowledged_bytes;
  while (auto event = to.events.next(limit - std::min(limit, out))) {
    out += size_of(*event);
    tell(*std::move(event));
  }
  if (to.events.waits()) return;
  if (to.now == streaming::paused) listen(id, to);
  if (to.now == streaming::over) close(id, {}, true);
}

void session_core::tell(told&& event) {
  std::visit(
      [this](auto& each) {
        caf::send_as(caf::actor_cast<caf::actor>(self_), listener_, std::move(each));
      },
      event);
}

void session_core::close(std::uint64_t id, failure why, bool in_order) {
  const auto found = subscriptions_.find(id);
  if (found == subscriptions_.end()) return;
  leave(found->second, streaming::over);
  subscriptions_.erase(found);
  const auto code = in_order ? std::uint8_t{0} : static_cast<std::uint8_t>(why.code);
  caf::send_as(caf::actor_cast<caf::actor>(self_), listener_,
               v1::subscription_ended{id, code, std::move(why.text)});
}

void session_core::acknowledge(const v1::acknowledge& what) {
  const auto found = subscriptions_.find(what.subscription);
  if (!is_peer() || found == subscriptions_.end()) return;
  found->second.events.acknowledge(what.serial);
  pump();
}

void session_core::unsubscribe(const v1::unsubscribe& what) {
  const auto found = subscriptions_.find(what.subscription);
  if (!is_peer() || found == subscriptions_.end()) return;
  if (const auto waits = pending_.find(found->second.answer); waits != pending_.end()) {
    waits->second.refused({errc::conflict, "unsubscribed before it began", 0});
    pending_.erase(waits);
  }
  leave(found->second, streaming::over);
  subscriptions_.erase(found);
}

v1_session::behavior_type run_v1_session(v1_session::pointer self, surroundings_ptr around,
                                         session_slot_ptr slot) {
  const auto server = around->server;
  const auto core = std::make_shared<session_core>(self, std::move(around), std::move(slot));
  return {
      [core, self, server](const v1::hello& said) {
        return core->begin(said.major_version, v1::major, said.client, said.token, said.listener,
                           v1::welcome{caf::actor_cast<v1::session_actor>(self), server});
      },
      [core](const v1::submit_unit& what) { return core->ask(to_request(what), read_accepted); },
      [core](const v1::submit_job& what) { return core->ask(to_request(what), read_accepted); },
      [core](const v1::get_job& what) { return core->ask(to_request(what), read_job); },
      [core](const v1::list_jobs& what) { return core->ask(to_request(what), read_page); },
      [core](const v1::cancel_job& what) { return core->ask(to_request(what), read_job); },
      [core](const v1::subscribe_job& to) { return core->subscribe(to); },
      [core](const v1::subscribe_user& to) { return core->subscribe(to); },
      [core](const v1::acknowledge& what) { core->acknowledge(what); },
      [core](const v1::unsubscribe& what) { core->unsubscribe(what); },
      [](continuation& what) { what.run(); }};
}

}  // namespace mutirao::gateway
