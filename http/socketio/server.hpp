// All sockets: one thread on which Boost.Beast speaks WebSocket with every client. A socket's
// descriptor is its own from take() on, and is closed by this thread alone.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "domain/ports/clock.hpp"
#include "http/edge/handed_socket.hpp"
#include "http/socketio/limits.hpp"
#include "http/socketio/socket.hpp"

namespace mutirao::http::socketio {

/// Called from the sockets' thread; must not wait.
struct hooks {
  /// The client says by `token` who it is. Whoever knows better closes the socket.
  std::function<void(std::shared_ptr<socket>, std::string token)> named;
  /// How many there are, whenever that changes.
  std::function<void(std::size_t)> count;
  /// One was cut because it takes nothing, or too little.
  std::function<void()> cut_slow;
};

class server {
 public:
  /// A client that takes nothing for `take_deadline` is cut. `chance` outlives this.
  server(const limits& within, std::chrono::milliseconds take_deadline, randomness& chance,
         hooks call);
  /// Stops.
  ~server();
  server(const server&) = delete;
  server& operator=(const server&) = delete;

  /// Takes a request that asks for a WebSocket, and answers it. False: it stops. From any thread.
  bool take(handed_socket&& from);

  /// Closes every transport in order, cuts those that take too long, and ends the thread. Again:
  /// nothing.
  void stop();

 private:
  class impl;
  std::unique_ptr<impl> impl_;
};

}  // namespace mutirao::http::socketio
