// A reply that keeps what was sent, instead of a connection.
#pragma once

#include <gtest/gtest.h>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "http/edge/reply.hpp"

namespace mutirao::http {

/// Keeps what a stream was told. The test says when there is room, and when the client leaves.
class recorded_stream final : public stream_sink {
 public:
  bool write(payload bytes) override {
    const std::lock_guard hold(mutex_);
    if (gone_) return false;
    text_ += bytes.view();
    ++writes_;
    changed_.notify_all();
    return true;
  }
  std::size_t outstanding() const override {
    const std::lock_guard hold(mutex_);
    return full_ ? std::size_t{1} << 20 : 0;
  }
  void on_room(std::function<void()> then) override {
    std::function<void()> replaced;  // may hold what holds this
    std::unique_lock hold(mutex_);
    replaced = std::exchange(waiting_, std::move(then));
    ++waits_;
    changed_.notify_all();
  }
  void on_gone(std::function<void()> then) override {
    const std::lock_guard hold(mutex_);
    left_ = std::move(then);
  }
  void bound_kernel_queue(int) override {}
  void finish() override {
    std::function<void()> dropped;  // may hold what holds this
    const std::lock_guard hold(mutex_);
    finished_ = true;
    dropped.swap(left_);
    changed_.notify_all();
  }

  /// Waits until the writer waits for room, then tells it that there is some; false where it
  /// finished instead.
  bool make_room() {
    std::function<void()> then;
    {
      std::unique_lock hold(mutex_);
      const bool came = changed_.wait_for(hold, std::chrono::seconds(20),
                                          [this] { return waiting_ || finished_; });
      EXPECT_TRUE(came) << "the writer neither waits for room nor finished";
      then = std::exchange(waiting_, nullptr);
    }
    if (then) then();
    return static_cast<bool>(then);
  }
  void lose_client() {
    std::function<void()> then;
    {
      const std::lock_guard hold(mutex_);
      gone_ = true;
      then.swap(left_);
    }
    if (then) then();
  }
  /// Drops who waits: it may hold what holds this.
  void forget() {
    std::function<void()> room;
    std::function<void()> left;
    const std::lock_guard hold(mutex_);
    room.swap(waiting_);
    left.swap(left_);
  }
  /// The client takes nothing, or all again.
  void set_full(bool full) {
    const std::lock_guard hold(mutex_);
    full_ = full;
  }
  /// How often the writer asked to be told of room.
  int waits() const {
    const std::lock_guard hold(mutex_);
    return waits_;
  }
  std::string text() const {
    const std::lock_guard hold(mutex_);
    return text_;
  }
  bool finished() const {
    const std::lock_guard hold(mutex_);
    return finished_;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::string text_;
  int writes_ = 0;
  int waits_ = 0;
  bool gone_ = false;
  bool full_ = false;
  bool finished_ = false;
  std::function<void()> waiting_;
  std::function<void()> left_;
};

class recorded_reply final : public answer_sink {
 public:
  ~recorded_reply() override = default;

  bool send(response answer) override {
    const std::lock_guard hold(mutex_);
    if (sent_) return false;
    sent_ = std::move(answer);
    changed_.notify_all();
    return true;
  }
  stream begin_stream(response head) override {
    const std::lock_guard hold(mutex_);
    if (sent_) return {};
    sent_ = std::move(head);
    stream_ = std::make_shared<recorded_stream>();
    changed_.notify_all();
    return stream(stream_);
  }
  bool client_gone() const override { return false; }
  void set_route(std::string_view pattern) override { route_ = pattern; }

  /// Waits for the answer, or the head of a streamed one.
  response wait() {
    std::unique_lock hold(mutex_);
    if (!changed_.wait_for(hold, std::chrono::seconds(20), [this] { return sent_.has_value(); })) {
      ADD_FAILURE() << "no answer came";
      return {};
    }
    return *sent_;
  }
  bool answered() const {
    const std::lock_guard hold(mutex_);
    return sent_.has_value();
  }
  std::shared_ptr<recorded_stream> streamed() const {
    const std::lock_guard hold(mutex_);
    return stream_;
  }
  std::string_view route() const { return route_; }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<response> sent_;
  std::shared_ptr<recorded_stream> stream_;
  std::string_view route_;
};

}  // namespace mutirao::http
