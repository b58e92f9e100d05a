#include "http/push/streams.hpp"

#include <caf/actor_system.hpp>
#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/event_based_actor.hpp>
#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <chrono>
#include <unordered_map>
#include <utility>

#include "http/push/job_listener.hpp"
#include "http/push/socket_listener.hpp"
#include "http/push/user_listener.hpp"

namespace mutirao::http::push {
namespace {

using tick_atom = actors::tick_atom;
using close_atom = caf::atom_constant<caf::atom("close")>;

constexpr std::chrono::seconds between_beats{1};

struct opening {
  client who;
  wanted_stream what;
};

using place = std::variant<user_id, job_id>;

// One timer for all streams, and only while there are any: a timer of its own would keep each
// stream's actor until it goes off, long after its client has left.
class desk final : public caf::event_based_actor {
 public:
  using caf::event_based_actor::event_based_actor;

 protected:
  caf::behavior make_behavior() override {
    set_down_handler([this](const caf::down_msg& down) { forget(down.source); });
    return {[this](const opening& what) { open(what); }, [this](tick_atom) { beat(); },
            [this](close_atom) { close(); }};
  }

 private:
  void open(const opening& what) {
    if (closing_) return what.who.out->refuse({errc::draining, {}});
    const auto stream =
        std::visit([&](const auto& wanted) { return spawn_for(what.who, wanted); }, what.what);
    monitor(stream);
    open_.emplace(stream.address(), stream);
    if (!std::exchange(ticking_, true)) delayed_send(this, between_beats, tick_atom::value);
  }

  stream_actor spawn_for(const client& who, const job_stream& wanted) {
    return system().spawn(run_listener<job_listener, job_id>, who, place(wanted.job), wanted.job);
  }
  stream_actor spawn_for(const client& who, const user_stream& wanted) {
    return system().spawn(run_listener<user_listener, std::optional<position>>, who,
                          place(who.who->user), wanted.after);
  }
  stream_actor spawn_for(const client& who, const socket_stream& wanted) {
    return system().spawn(run_listener<socket_listener, std::shared_ptr<socketio::socket>>, who,
                          place(who.who->user), wanted.to);
  }

  void beat() {
    ticking_ = !open_.empty();
    if (!ticking_) return;
    for (const auto& [address, stream] : open_) caf::anon_send(stream, beat_atom::value);
    delayed_send(this, between_beats, tick_atom::value);
  }

  void forget(const caf::actor_addr& stream) {
    open_.erase(stream);
    if (closing_ && open_.empty()) quit();
  }

  void close() {
    closing_ = true;
    for (const auto& [address, stream] : open_) caf::anon_send(stream, end_atom::value);
    if (open_.empty()) quit();
  }

  std::unordered_map<caf::actor_addr, stream_actor> open_;
  bool ticking_ = false;
  bool closing_ = false;
};

}  // namespace
}  // namespace mutirao::http::push

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mutirao::http::push::opening)

namespace mutirao::http::push {

streams::streams(caf::actor_system& system) : system_(system), desk_(system.spawn<desk>()) {}

streams::~streams() {
  stop();
}

void streams::open(client who, wanted_stream what) const {
  caf::anon_send(desk_, opening{std::move(who), std::move(what)});
}

void streams::stop() {
  caf::anon_send(desk_, close_atom::value);
  caf::scoped_actor(system_)->wait_for(desk_);
}

}  // namespace mutirao::http::push
