// What every stream of events does, whatever it tells: an actor that is one client. It subscribes
// first and looks at the store then, so that nothing falls between; it writes only while the client
// takes what is written; it ends with the client, with the token, or with the service.
#pragma once

#include <caf/typed_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "actors/interfaces.hpp"
#include "http/edge/stream.hpp"
#include "http/exchange.hpp"
#include "http/push/event_text.hpp"

namespace mutirao::http::push {

using beat_atom = caf::atom_constant<caf::atom("beat")>;
using room_atom = caf::atom_constant<caf::atom("room")>;
using gone_atom = caf::atom_constant<caf::atom("gone")>;
using end_atom = caf::atom_constant<caf::atom("end")>;

/// A listener_actor that is one stream.
using stream_actor = actors::listener_actor::extend<
    // About once a second: time for a heartbeat, or for the end.
    caf::reacts_to<beat_atom>,
    // The client has taken what was written.
    caf::reacts_to<room_atom>,
    // The client has left.
    caf::reacts_to<gone_atom>,
    // The service stops: end the stream in order.
    caf::reacts_to<end_atom>>;

class listener {
 public:
  /// Beats without a word before a heartbeat.
  static constexpr int quiet_beats = 15;
  /// A stream with so many bytes outstanding is told nothing more until there is room; as
  /// edge_limits::low_water.
  static constexpr std::size_t roomy_bytes = 64 * 1024;
  /// What the kernel may hold of a stream beside that; it takes it twice.
  static constexpr int kernel_bytes = 32 * 1024;

  listener(stream_actor::pointer self, exchange_ptr at);
  virtual ~listener() = default;
  listener(const listener&) = delete;
  listener& operator=(const listener&) = delete;

  /// Subscribes; refuses the request where the user listens too often.
  void start(std::variant<user_id, job_id> to);

  virtual void hear(const actors::news& what) = 0;
  virtual void room() = 0;
  void beat();
  /// Ends the stream in order (or answers that the service stops, where it has not begun), and the
  /// actor. Again: nothing.
  void end();

 protected:
  /// Subscribed: from now on everything is heard. Nothing is sent yet.
  virtual void joined() = 0;
  /// A beat, for who has something to try again.
  virtual void try_again() {}

  /// Answers the problem, or where the stream has begun logs it and ends; then ends the actor.
  void refuse(const error& why);

  void begin(const std::optional<position>& from);
  bool begun() const { return begun_; }
  bool has_room() const { return out_.outstanding() < roomy_bytes; }
  /// room() follows once there is.
  void wait_for_room();
  void write(std::string_view text);
  /// The job object without the lines of its result; shared with all streams that show it.
  std::shared_ptr<const std::string> object_of(const job_view& job) const;

  /// Asks; `then` gets the answer as it came, unless the stream has ended meanwhile.
  template <class Handle, class Message, class Then>
  void ask(const Handle& whom, Message message, Then then) {
    self_->request(whom, caf::infinite, std::move(message))
        .then(
            [this, then](actors::answer_to<Message>& answer) {
              if (!ended_) then(std::move(answer.value));
            },
            [this](const caf::error&) {
              refuse({errc::internal, "the receiver is gone"});
            });
  }

  const context& site() const { return *site_; }
  const caller& who() const { return *who_; }

 private:
  /// What an edge's thread calls to have the actor hear `Atom`.
  template <class Atom>
  std::function<void()> tell() const;
  void leave();

  stream_actor::pointer self_;
  std::shared_ptr<const context> site_;
  std::shared_ptr<const caller> who_;
  std::optional<instant> until_;  // the token's end
  exchange_ptr at_;               // until the stream begins
  stream out_;
  bool begun_ = false;
  bool ended_ = false;
  int quiet_ = 0;
};

/// The actor over a kind of listener. `to`: what it listens to.
template <class Kind, class... Arguments>
stream_actor::behavior_type run_listener(stream_actor::pointer self, exchange_ptr at,
                                         std::variant<user_id, job_id> to, Arguments... arguments) {
  auto state = std::make_shared<Kind>(self, std::move(at), std::move(arguments)...);
  state->start(to);
  return {[state](const actors::news& what) { state->hear(what); },
          [state](beat_atom) { state->beat(); }, [state](room_atom) { state->room(); },
          [state](gone_atom) { state->end(); }, [state](end_atom) { state->end(); }};
}

}  // namespace mutirao::http::push
