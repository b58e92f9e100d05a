// One WebSocket with what is said over it. All but what `socket` allows from anywhere is for the
// sockets' thread.
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <memory>

#include "http/edge/handed_socket.hpp"
#include "http/socketio/server.hpp"
#include "http/socketio/socket.hpp"

namespace mutirao::http::socketio {

class session;

/// What all sessions of one server share; it lives as long as the last of them.
class hub {
 public:
  virtual ~hub() = default;
  /// A session's last word. It may be dropped in the call.
  virtual void ended(const std::shared_ptr<session>&) = 0;

  boost::asio::io_context io{1};
  limits within;
  std::chrono::milliseconds take_deadline{0};
  randomness* chance = nullptr;
  hooks call;
};

class session : public socket {
 public:
  using time = std::chrono::steady_clock::time_point;

  /// Owns `from` from now on, and answers the request; calls hub::ended once, later.
  virtual void begin(handed_socket&& from) = 0;
  /// Time has passed: a ping, or a deadline.
  virtual void beat(time now) = 0;
  /// As close(), at once from here, with `allowed` to take what is left.
  virtual void close_within(std::chrono::milliseconds allowed) = 0;
};

std::shared_ptr<session> make_session(std::shared_ptr<hub> of);

}  // namespace mutirao::http::socketio
