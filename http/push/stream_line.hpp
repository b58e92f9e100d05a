// A line that is a stream of server-sent events: the answer to a request.
#pragma once

#include "http/edge/stream.hpp"
#include "http/exchange.hpp"
#include "http/push/line.hpp"

namespace mutirao::http::push {

class stream_line final : public line {
 public:
  /// What the kernel may hold of a stream; it takes it twice.
  static constexpr int kernel_bytes = 32 * 1024;

  explicit stream_line(exchange_ptr at) : at_(std::move(at)) {}

  void refuse(const error& why) override { at_->refuse(why); }
  void begin(const std::optional<position>& from) override;
  bool say(std::string_view event, std::string_view data,
           const std::optional<position>& at) override {
    return out_.write(event_text(event, data, at));
  }
  bool say_nothing() override { return out_.write(heartbeat); }
  std::size_t outstanding() const override { return out_.outstanding(); }
  void on_room(std::function<void()> then) override { out_.on_room(std::move(then)); }
  void on_gone(std::function<void()> then) override { out_.on_gone(std::move(then)); }
  void finish() override { out_.finish(); }

 private:
  exchange_ptr at_;  // until the stream begins
  stream out_;
};

}  // namespace mutirao::http::push
