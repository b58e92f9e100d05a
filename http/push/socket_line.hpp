// A line that is a Socket.IO socket. Its client cannot resume: positions are not told.
#pragma once

#include <memory>
#include <utility>

#include "http/push/line.hpp"
#include "http/socketio/socket.hpp"

namespace mutirao::http::push {

class socket_line final : public line {
 public:
  explicit socket_line(std::shared_ptr<socketio::socket> to) : to_(std::move(to)) {}

  /// Event `auth:error` {message}, in Portuguese; then the transport closes.
  void refuse(const error& why) override;
  void begin(const std::optional<position>&) override {}
  bool say(std::string_view event, std::string_view data, const std::optional<position>&) override;
  bool say_nothing() override { return true; }  // pings are the protocol's own
  std::size_t outstanding() const override { return to_->outstanding(); }
  void on_room(std::function<void()> then) override { to_->on_room(std::move(then)); }
  void on_gone(std::function<void()> then) override { to_->on_gone(std::move(then)); }
  void finish() override { to_->close(); }

 private:
  std::shared_ptr<socketio::socket> to_;
};

}  // namespace mutirao::http::push
