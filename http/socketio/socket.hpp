// One connected client, as those see it who have something to tell it.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

namespace mutirao::http::socketio {

/// Every member may be called from any thread and does not wait. What is called back comes from the
/// sockets' thread, must not wait either, and comes at most once; a later call of the same member
/// replaces an earlier one that was not called yet.
class socket {
 public:
  virtual ~socket() = default;

  /// Queues a packet. False: the client is gone; send no more. One that has limits::waiting_bytes
  /// outstanding is cut: look at outstanding() first.
  virtual bool send(std::string packet) = 0;
  /// Bytes that the kernel has not taken yet.
  virtual std::size_t outstanding() const = 0;
  /// When outstanding() is below limits::low_water, at once if it is already.
  virtual void on_room(std::function<void()> then) = 0;
  /// When the kernel has taken all that was sent before.
  virtual void on_taken(std::function<void()> then) = 0;
  /// When the client is gone, at once if it is already.
  virtual void on_gone(std::function<void()> then) = 0;
  /// Closes the transport once what was sent is taken.
  virtual void close() = 0;
};

}  // namespace mutirao::http::socketio
