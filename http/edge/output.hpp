// The sending side of one connection: answers in the order of their requests, whoever gives them
// first. Not safe by itself: the connection's mutex guards it. Never blocks, never copies a body.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "http/edge/response.hpp"

namespace mutirao::http {

class owed_answer;

using steady_time = std::chrono::steady_clock::time_point;

class output {
 public:
  enum class answer : std::uint8_t { none, streaming, complete };

  /// One request's place in the order.
  struct slot {
    answer state = answer::none;
    bool close_after = false;
    std::vector<payload> parts;  // empty ones are never kept
    std::size_t next_part = 0;
    std::size_t offset = 0;                     // into parts[next_part]
    std::size_t bytes = 0;                      // of this slot, not taken by the kernel
    steady_time asked_at = steady_time::max();  // max: the request is not whole yet
    std::weak_ptr<owed_answer> owner;
    std::function<void()> on_room;
    std::function<void()> on_gone;
  };

  enum class result : std::uint8_t {
    drained,  // nothing to send now
    blocked,  // the kernel takes no more for now
    ended,    // the answer that ends the connection is out
    failed,   // the client is gone
  };

  explicit output(int fd) : fd_(fd) {}

  /// A new place behind all others; its number is good until the slot is sent.
  std::uint64_t open();
  /// Null: sent whole already, or cut off by an answer that ended the connection.
  slot* find(std::uint64_t number);
  const slot* find(std::uint64_t number) const;
  void append(slot& where, payload bytes);

  /// Sends what may go.
  result flush(steady_time now);

  /// Takes every slot away; their callbacks are the caller's to make.
  std::vector<slot> clear();

  std::vector<slot>& slots() { return slots_; }
  const std::vector<slot>& slots() const { return slots_; }
  std::size_t answers() const { return slots_.size(); }
  std::size_t bytes() const { return bytes_; }
  bool idle() const { return slots_.empty(); }

  bool blocked() const { return blocked_; }
  /// While blocked: when the client was last seen to take a byte, here or from the kernel's queue
  /// (which tells us that it has room only when a third of it is free).
  steady_time progress_at() const { return progress_at_; }
  steady_time checked_at() const { return checked_at_; }
  void check_progress(steady_time now);

 private:
  void drop_sent();
  void advance(std::size_t sent);

  int fd_;
  std::vector<slot> slots_;  // at most edge_limits::waiting_answers and one
  std::uint64_t first_ = 0;  // number of slots_.front()
  std::size_t bytes_ = 0;
  bool blocked_ = false;
  bool ended_ = false;
  steady_time progress_at_{};
  steady_time checked_at_{};
  int kernel_bytes_ = 0;  // in the kernel's queue when last looked at
};

}  // namespace mutirao::http
