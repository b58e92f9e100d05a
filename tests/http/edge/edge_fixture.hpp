// A running edge with handlers that tests steer, and a few ways to ask it.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/edge/server.hpp"
#include "tests/support/socket_client.hpp"

namespace mutirao::http {

using std::chrono::milliseconds;
using tests::eventually;
using tests::received_answer;
using tests::socket_client;

inline std::string get(std::string_view path, std::string_view more = {}) {
  return "GET " + std::string(path) + " HTTP/1.1\r\nHost: a\r\n" + std::string(more) + "\r\n";
}

inline std::string post(std::string_view path, std::string_view body) {
  return "POST " + std::string(path) +
         " HTTP/1.1\r\nHost: a\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
         std::string(body);
}

/// How many descriptors of this process are links that begin so; all without `kind`.
inline std::size_t open_descriptors(std::string_view kind = {}) {
  namespace fs = std::filesystem;
  std::size_t count = 0;
  std::error_code gone;  // one may be closed while we look
  for (const auto& entry : fs::directory_iterator("/proc/self/fd")) {
    const std::string link = fs::read_symlink(entry.path(), gone).string();
    if (!gone && link.starts_with(kind)) ++count;
  }
  return count;
}

inline std::size_t open_sockets() {
  return open_descriptors("socket:");
}

/// Requests that a handler put aside, for the test to answer later from its own thread.
class held_requests {
 public:
  struct held {
    request wanted;
    reply answer;
  };

  void put(request&& wanted, reply answer) {
    const std::lock_guard guard(mutex_);
    held_.push_back({std::move(wanted), std::move(answer)});
    changed_.notify_all();
  }
  /// Waits for the next one.
  held take() {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, std::chrono::seconds(20), [this] { return !held_.empty(); })) {
      ADD_FAILURE() << "no request came";
      return {};
    }
    held front = std::move(held_.front());
    held_.pop_front();
    return front;
  }
  std::size_t size() const {
    const std::lock_guard guard(mutex_);
    return held_.size();
  }
  void clear() {
    std::deque<held> dropped;  // answers 503: not under the lock
    const std::lock_guard guard(mutex_);
    dropped.swap(held_);
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<held> held_;
};

/// Stands still until told.
class hand_clock {
 public:
  using steady = std::chrono::steady_clock;
  steady::time_point now() const { return steady::time_point(steady::duration(now_.load())); }
  void advance(steady::duration by) { now_ += by.count(); }

 private:
  std::atomic<steady::rep> now_ = steady::now().time_since_epoch().count();
};

/// For the edge time stands still but for time.advance and as_time_passes.
class edge_test : public ::testing::Test {
 protected:
  /// Paths: /echo gives the body back, /hold waits for the test, /size/N answers N bytes, /drop
  /// forgets the reply; any other gives its own path back.
  static void serve(held_requests& held, request&& wanted, const reply& answer) {
    if (wanted.path == "/echo") {
      answer.send({200, "text/plain", {}, std::move(wanted.body)});
    } else if (wanted.path.starts_with("/hold")) {
      held.put(std::move(wanted), answer);
    } else if (wanted.path.starts_with("/size/")) {
      answer.send({200, "text/plain", {}, std::string(std::stoul(wanted.path.substr(6)), 'x')});
    } else if (wanted.path != "/drop") {
      answer.send({200, "text/plain", {}, wanted.path});
    }
  }

  // A reply kept by what its own handler captured would keep the edge alive.
  ~edge_test() override { held_->clear(); }

  void start(int threads = 2) {
    if (!hooks.handle) {
      hooks.handle = [held = held_](request&& wanted, const reply& answer) {
        serve(*held, std::move(wanted), answer);
      };
    }
    hooks.now = [this] { return time.now(); };
    limits.deadline_check = milliseconds(1);
    auto started = edge_server::start({}, threads, limits, hooks);
    ASSERT_TRUE(started) << started.error().detail;
    server = std::move(*started);
  }
  socket_client connect(int receive_bytes = 0) {
    return socket_client(server->port(), receive_bytes);
  }

  /// One request on its own connection.
  std::optional<received_answer> ask(std::string_view bytes) {
    auto client = connect();
    client.send(bytes);
    return client.read_answer();
  }
  bool open_connections(std::size_t count) {
    return eventually([this, count] { return server->counters().open == count; });
  }
  bool all_closed() { return open_connections(0); }
  /// Takes steps of time, and lets the edge come after each, until `condition` holds.
  bool as_time_passes(milliseconds step, const std::function<bool()>& condition) {
    for (int steps = 0; steps < 200; ++steps) {
      time.advance(step);
      if (eventually(condition, milliseconds(50))) return true;
    }
    return false;
  }

  held_requests& held() { return *held_; }

  hand_clock time;
  edge_limits limits;
  edge_hooks hooks;
  std::unique_ptr<edge_server> server;

 private:
  std::shared_ptr<held_requests> held_ = std::make_shared<held_requests>();
};

}  // namespace mutirao::http
