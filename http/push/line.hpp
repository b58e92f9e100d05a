// The way from a listener to its one client, whatever carries it: a stream of events, or a socket.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "domain/caller.hpp"
#include "domain/date.hpp"
#include "domain/error.hpp"
#include "http/push/event_text.hpp"

namespace mutirao::http {
struct context;
}

namespace mutirao::http::push {

/// What is called back comes from another thread, must not wait, and comes at most once.
class line {
 public:
  virtual ~line() = default;

  /// Instead of begin(): says why nothing will come, and ends.
  virtual void refuse(const error& why) = 0;
  /// From here on there are events. `from`: where to resume if none comes.
  virtual void begin(const std::optional<position>& from) = 0;

  /// False: the client is gone. `data` is JSON.
  virtual bool say(std::string_view event, std::string_view data,
                   const std::optional<position>& at) = 0;
  /// Something that says that the service lives.
  virtual bool say_nothing() = 0;

  /// Bytes that the kernel has not taken yet.
  virtual std::size_t outstanding() const = 0;
  /// When there are few of them.
  virtual void on_room(std::function<void()> then) = 0;
  virtual void on_gone(std::function<void()> then) = 0;

  /// Ends in order.
  virtual void finish() = 0;
};

/// Who listens, with the line there.
struct client {
  std::shared_ptr<const context> site;
  std::shared_ptr<const caller> who;
  std::optional<instant> until;  // when the token that opened the line expires
  std::shared_ptr<line> out;
};

}  // namespace mutirao::http::push
