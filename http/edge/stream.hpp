// An answer whose body is written bit by bit: chunked for HTTP/1.1, ended by closing for HTTP/1.0.
// Copies share one stream; every member may be called from any thread.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "http/edge/response.hpp"

namespace mutirao::http {

/// What a stream writes to: a connection, or a test's stand-in.
class stream_sink {
 public:
  virtual ~stream_sink() = default;
  virtual bool write(payload bytes) = 0;
  virtual std::size_t outstanding() const = 0;
  virtual void on_room(std::function<void()> then) = 0;
  virtual void on_gone(std::function<void()> then) = 0;
  virtual void bound_kernel_queue(int bytes) = 0;
  virtual void finish() = 0;
};

/// The last copy dropped without finish() cuts the connection, so that the client sees that the
/// body is not whole.
class stream {
 public:
  stream() = default;
  explicit stream(std::shared_ptr<stream_sink> sink) : sink_(std::move(sink)) {}

  /// Queues `bytes` and sends what the kernel takes. False: the client is gone, was cut, or asked
  /// for the head only; write no more. A writer that does not wait for room and finds the limit of
  /// waiting output (edge_limits::waiting_bytes) reached loses its client: check outstanding().
  bool write(std::string_view bytes) const { return sink_ && sink_->write(payload(bytes)); }
  /// The same for bytes that many streams share: not copied.
  bool write(std::shared_ptr<const std::string> bytes) const {
    return sink_ && sink_->write(payload(std::move(bytes)));
  }

  /// Bytes queued that the kernel has not taken yet.
  std::size_t outstanding() const { return sink_ ? sink_->outstanding() : 0; }

  /// Calls `then` once: when outstanding() is below the low-water mark (edge_limits::low_water), at
  /// once if it is already, or when the client is gone. Comes from one of the edge's threads, never
  /// from inside on_room() while the client is there; must not wait. A later call replaces an
  /// earlier one that has not been called yet.
  void on_room(std::function<void()> then) const {
    if (sink_) sink_->on_room(std::move(then));
  }

  /// Calls `then` once: when the client is gone, was cut, or sends no more, which of an endless
  /// answer's client means that it has left; at once if so already. From any thread, also from
  /// inside on_gone(); must not wait. Not called after finish(). A later call replaces an earlier
  /// one.
  void on_gone(std::function<void()> then) const {
    if (sink_) {
      sink_->on_gone(std::move(then));
    } else {
      then();
    }
  }

  /// Lets the kernel hold about so many unread bytes, instead of the megabytes that it grows to by
  /// itself: for answers without end, of which it would hide for hours that nobody reads them.
  void bound_kernel_queue(int bytes) const {
    if (sink_) sink_->bound_kernel_queue(bytes);
  }

  /// Ends the body. Later writes return false.
  void finish() const {
    if (sink_) sink_->finish();
  }

 private:
  std::shared_ptr<stream_sink> sink_;
};

}  // namespace mutirao::http
