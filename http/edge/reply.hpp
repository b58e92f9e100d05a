// The right to answer one request, once: a small handle that may be copied, sent to other threads
// and kept. The last copy dropped without an answer answers 503.
#pragma once

#include <memory>
#include <string_view>
#include <utility>

#include "http/edge/response.hpp"
#include "http/edge/stream.hpp"

namespace mutirao::http {

/// What a reply answers to: a connection, or a test's stand-in.
class answer_sink {
 public:
  virtual ~answer_sink() = default;
  virtual bool send(response answer) = 0;
  virtual stream begin_stream(response head) = 0;
  virtual bool client_gone() const = 0;
  virtual void set_route(std::string_view) {}
};

class reply {
 public:
  reply() = default;
  explicit reply(std::shared_ptr<answer_sink> sink) : sink_(std::move(sink)) {}

  /// False: answered already (also by the deadline's 504), or the client is gone. Answers leave in
  /// the order of the requests, whatever the order of these calls.
  bool send(response answer) const { return sink_ && sink_->send(std::move(answer)); }

  /// Sends `head` (its body is not used) and gives the stream of the body. A stream whose writes
  /// return false if it was answered already or the client is gone.
  stream begin_stream(response head) const {
    return sink_ ? sink_->begin_stream(std::move(head)) : stream();
  }

  /// True once nobody will read the answer any more. A client that only ended its own sending is
  /// still there.
  bool client_gone() const { return !sink_ || sink_->client_gone(); }

  /// Names the route for edge_hooks::observe; text with static lifetime.
  void set_route(std::string_view pattern) const {
    if (sink_) sink_->set_route(pattern);
  }

 private:
  std::shared_ptr<answer_sink> sink_;
};

}  // namespace mutirao::http
