// All listeners that there are: spawned, given their beats, and ended in order at a stop.
#pragma once

#include <caf/actor.hpp>
#include <caf/fwd.hpp>
#include <memory>
#include <optional>
#include <variant>

#include "domain/ids.hpp"
#include "http/push/event_text.hpp"

namespace mutirao::http::socketio {
class socket;
}

namespace mutirao::http::push {

struct client;

struct job_stream {
  job_id job;
};
/// Of the caller, behind `after`; nothing: from now on.
struct user_stream {
  std::optional<position> after;
};
/// The caller's over a socket, which is also the client's line.
struct socket_stream {
  std::shared_ptr<socketio::socket> to;
};
using wanted_stream = std::variant<job_stream, user_stream, socket_stream>;

class streams {
 public:
  /// `system` outlives this.
  explicit streams(caf::actor_system& system);
  /// Stops.
  ~streams();
  streams(const streams&) = delete;
  streams& operator=(const streams&) = delete;

  /// Begins the client's line, or refuses it. Does not wait. From any thread. After stop() nothing
  /// is said.
  void open(client who, wanted_stream what) const;

  /// Ends every stream; returns when all have ended. Again: nothing.
  void stop();

 private:
  caf::actor_system& system_;
  caf::actor desk_;
};

}  // namespace mutirao::http::push
