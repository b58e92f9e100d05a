// A socket that keeps what it is sent, and takes it when the test says so.
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "http/socketio/socket.hpp"
#include "tests/support/socket_client.hpp"

namespace mutirao::http {

class recorded_socket final : public socketio::socket {
 public:
  bool send(std::string packet) override {
    const std::lock_guard hold(mutex_);
    sent_.push_back(std::move(packet));
    return !gone_;
  }
  std::size_t outstanding() const override {
    const std::lock_guard hold(mutex_);
    return outstanding_;
  }
  void on_room(std::function<void()> then) override {
    const std::lock_guard hold(mutex_);
    room_ = std::move(then);
  }
  void on_taken(std::function<void()> then) override {
    const std::lock_guard hold(mutex_);
    taken_ = std::move(then);
  }
  void on_gone(std::function<void()> then) override {
    const std::lock_guard hold(mutex_);
    left_ = std::move(then);
  }
  void close() override {
    const std::lock_guard hold(mutex_);
    closed_ = true;
  }

  std::vector<std::string> sent() const {
    const std::lock_guard hold(mutex_);
    return sent_;
  }
  /// Waits until there are so many; the names of the events, or the packets that are none.
  std::vector<std::string> names(std::size_t count) const {
    tests::eventually([&] { return sent().size() >= count; });
    std::vector<std::string> all;
    for (const auto& packet : sent()) {
      const auto end = packet.find('"', 4);
      all.push_back(packet.starts_with("42[\"") ? packet.substr(4, end - 4) : packet);
    }
    return all;
  }
  bool closed() const {
    return tests::eventually([this] {
      const std::lock_guard hold(mutex_);
      return closed_;
    });
  }
  /// Waits until somebody wants to know that all was taken.
  bool take_all() { return call(taken_); }
  void fill(std::size_t bytes) {
    const std::lock_guard hold(mutex_);
    outstanding_ = bytes;
  }
  /// Waits until somebody waits for room.
  bool empty() {
    const bool waited_for = tests::eventually([this] {
      const std::lock_guard hold(mutex_);
      return room_ != nullptr;
    });
    fill(0);
    return waited_for && call(room_);
  }
  bool leave() {
    {
      const std::lock_guard hold(mutex_);
      gone_ = true;
    }
    return call(left_);
  }

 private:
  bool call(std::function<void()>& which) {
    std::function<void()> now;
    tests::eventually([&] {
      const std::lock_guard hold(mutex_);
      now = std::exchange(which, nullptr);
      return now != nullptr;
    });
    if (now) now();
    return now != nullptr;
  }

  mutable std::mutex mutex_;
  std::vector<std::string> sent_;
  std::function<void()> room_, taken_, left_;
  std::size_t outstanding_ = 0;
  bool closed_ = false;
  bool gone_ = false;
};

}  // namespace mutirao::http
