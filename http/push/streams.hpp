// All streams of events that are open: spawned, given their beats, and ended in order at a stop.
#pragma once

#include <caf/actor.hpp>
#include <caf/fwd.hpp>
#include <memory>
#include <optional>
#include <variant>

#include "domain/ids.hpp"
#include "http/push/event_text.hpp"

namespace mutirao::http {
struct exchange;
}

namespace mutirao::http::push {

struct job_stream {
  job_id job;
};
/// Of the caller, behind `after`; nothing: from now on.
struct user_stream {
  std::optional<position> after;
};
using wanted_stream = std::variant<job_stream, user_stream>;

class streams {
 public:
  /// `system` outlives this.
  explicit streams(caf::actor_system& system);
  /// Stops.
  ~streams();
  streams(const streams&) = delete;
  streams& operator=(const streams&) = delete;

  /// Answers the request with the stream, or with a problem. Does not wait. From any thread. After
  /// stop() the request goes unanswered.
  void open(std::shared_ptr<const exchange> at, wanted_stream what) const;

  /// Ends every stream; returns when all have ended. Again: nothing.
  void stop();

 private:
  caf::actor_system& system_;
  caf::actor desk_;
};

}  // namespace mutirao::http::push
