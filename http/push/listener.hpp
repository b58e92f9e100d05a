// What every listener does, whatever it tells and over whichever line: an actor that is one client.
// It subscribes first and looks at the store then, so that nothing falls between; it says something
// only while the client takes what is said; it ends with the client, the token, or the service.
#pragma once

#include <caf/send.hpp>
#include <caf/typed_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <variant>

#include "actors/interfaces.hpp"
#include "http/context.hpp"
#include "http/push/line.hpp"

namespace mutirao::http::push {

using beat_atom = caf::atom_constant<caf::atom("beat")>;
using room_atom = caf::atom_constant<caf::atom("room")>;
using gone_atom = caf::atom_constant<caf::atom("gone")>;
using taken_atom = caf::atom_constant<caf::atom("taken")>;
using end_atom = caf::atom_constant<caf::atom("end")>;

/// A listener_actor that is one client.
using stream_actor = actors::listener_actor::extend<
    // About once a second: time for a heartbeat, or for the end.
    caf::reacts_to<beat_atom>,
    // The client has taken most of what was said.
    caf::reacts_to<room_atom>,
    // The kernel has taken all that was said before this was asked for.
    caf::reacts_to<taken_atom>,
    // The client has left.
    caf::reacts_to<gone_atom>,
    // The service stops: end the stream in order.
    caf::reacts_to<end_atom>>;

class listener {
 public:
  /// Beats without a word before a heartbeat.
  static constexpr int quiet_beats = 15;
  /// A line with so many bytes outstanding is told nothing more until there is room; as
  /// edge_limits::low_water and socketio::limits::low_water.
  static constexpr std::size_t roomy_bytes = 64 * 1024;

  listener(stream_actor::pointer self, client who);
  virtual ~listener() = default;
  listener(const listener&) = delete;
  listener& operator=(const listener&) = delete;

  /// Subscribes; refuses the request where the user listens too often.
  void start(std::variant<user_id, job_id> to);

  virtual void hear(const actors::news& what) = 0;
  virtual void room() = 0;
  virtual void taken() {}
  void beat();
  /// Ends the line in order (or refuses because the service stops, where it has not begun), and the
  /// actor. Again: nothing.
  void end();

 protected:
  /// Subscribed: from now on everything is heard. Nothing is sent yet.
  virtual void joined() = 0;
  /// A beat, for who has something to try again.
  virtual void try_again() {}

  /// Says the problem, or where the line has begun logs it and ends; then ends the actor.
  void refuse(const error& why);

  void begin(const std::optional<position>& from);
  bool begun() const { return begun_; }
  bool has_room() const { return !ended_ && to_.out->outstanding() < roomy_bytes; }
  /// room() follows once there is.
  void wait_for_room();
  void say(std::string_view event, std::string_view data,
           const std::optional<position>& at = std::nullopt);
  /// The job object without the lines of its result; shared with all who show it.
  std::shared_ptr<const std::string> object_of(const job_view& job) const;

  /// Asks; `then` gets the answer as it came, unless this has ended meanwhile.
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

  /// Asks for a job that another process has changed; looked_up() follows, unless it is not to be
  /// had. Of questions for one job at most one waits.
  void look_up(const job_id& job);
  virtual void looked_up(const job_view&) {}
  bool looks_up(const job_id& job) const { return looking_.contains(job); }

  const context& site() const { return *to_.site; }
  const caller& who() const { return *to_.who; }

  /// What another thread calls to have the actor hear `Atom`.
  template <class Atom>
  std::function<void()> told_by() const {
    return [whom = stream_actor(self_)] { caf::anon_send(whom, Atom::value); };
  }

 private:
  void leave();

  stream_actor::pointer self_;
  client to_;  // its line: until this ends
  bool begun_ = false;
  bool ended_ = false;
  int quiet_ = 0;
  std::unordered_map<job_id, bool> looking_;  // whether once more
};

/// The actor over a kind of listener. `to`: what it listens to.
template <class Kind, class... Arguments>
stream_actor::behavior_type run_listener(stream_actor::pointer self, client who,
                                         std::variant<user_id, job_id> to, Arguments... arguments) {
  auto state = std::make_shared<Kind>(self, std::move(who), std::move(arguments)...);
  state->start(to);
  return {[state](const actors::news& what) { state->hear(what); },
          [state](beat_atom) { state->beat(); },
          [state](room_atom) { state->room(); },
          [state](taken_atom) { state->taken(); },
          [state](gone_atom) { state->end(); },
          [state](end_atom) { state->end(); }};
}

}  // namespace mutirao::http::push
