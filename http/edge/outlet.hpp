// The sending side of one connection, for every thread: answers, streams, deadlines, the end.
//
// Replies hold it, so it outlives the connection; once gone() nothing touches the descriptor, which
// the worker thread closes then. While the worker is at work on the connection (begin_work ..
// end_work) others only queue: it sends for all of them at its end.
#pragma once

#include <sys/socket.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/edge/core.hpp"
#include "http/edge/output.hpp"
#include "http/edge/owed_answer.hpp"

namespace mutirao::http {

/// Makes the worker thread look at a connection again.
class socket_waker {
 public:
  virtual ~socket_waker() = default;
  virtual void wake(int fd) noexcept = 0;
};

class outlet : public std::enable_shared_from_this<outlet> {
 public:
  /// `waker` is used until gone() at the latest.
  outlet(std::shared_ptr<edge_core> core, worker_counters& counters, socket_waker& waker, int fd);

  // From any thread. Slots are numbers from open(); one that was answered or cut is no error.

  bool answerable(std::uint64_t slot) const;
  /// False: answered before, or the client is gone; so for all below.
  bool answer(std::uint64_t slot, std::string head, payload body, bool close_after);
  bool begin_stream(std::uint64_t slot, std::string head, bool close_after);
  /// One piece of a stream's body with its framing around it.
  bool write(std::uint64_t slot, std::string_view before, payload bytes, std::string_view after);
  std::size_t outstanding(std::uint64_t slot) const;
  void on_room(std::uint64_t slot, std::function<void()> then);
  void on_gone(std::uint64_t slot, std::function<void()> then);
  void bound_kernel_queue(std::uint64_t slot, int bytes);
  void finish_stream(std::uint64_t slot, std::string_view last);
  /// Ends a stream that was not finished so that the client notices. `framed`: the missing last
  /// chunk tells it; else only a reset does.
  void abandon_stream(std::uint64_t slot, bool framed);
  /// Nothing sent from now on arrives.
  bool gone() const;

  steady_time deadline() const { return steady_time(steady_duration(deadline_.load())); }
  /// Does what the deadlines that have passed ask for.
  void expire(steady_time now);
  /// The edge stops: gone at once. The descriptor stays open.
  void stop();

  edge_core& core() const { return *core_; }
  worker_counters& counters() const { return counters_; }
  int fd() const { return fd_; }

  // From the worker thread.

  /// How far reading has come, for the deadlines and the end.
  struct reading {
    bool idle = true;                           // between requests
    bool closed = false;                        // the client sends no more
    bool broken = false;                        // the connection is of no more use
    steady_time deadline = steady_time::max();  // of the head or body being read
  };

  void begin_work();
  /// False: the connection is at its end; remove and close it.
  bool end_work(const reading& now_reading);
  std::uint64_t open();
  std::shared_ptr<owed_answer> ask(std::uint64_t slot, asked about);
  void send_interim(std::uint64_t slot, std::string_view bytes);
  /// False: too much is unanswered or unsent; read no more until woken.
  bool has_room();
  bool idle() const;
  /// Brings another event, whether or not the socket has news.
  void poll_again();
  /// The descriptor has another owner now: gone, without ending the connection.
  void hand_over();

  std::size_t registry_index = 0;  // the registry's

 private:
  using steady_duration = std::chrono::steady_clock::duration;
  using callbacks = std::vector<std::function<void()>>;

  output::slot* live(std::uint64_t slot, output::answer state);
  const output::slot* live(std::uint64_t slot, output::answer state) const;
  /// Does `how` to the slot where it is in `state`, and what is due then outside the lock.
  template <class Change>
  bool change(std::uint64_t slot, output::answer state, Change&& how);
  void wake();
  bool has_room_again() const;
  bool finished() const { return reading_.closed && out_.idle(); }
  void send_now(steady_time now, callbacks& due);
  void tidy(callbacks& due);
  void begin_linger(steady_time now, callbacks& due);
  void cut(callbacks& due, int how = SHUT_RDWR);
  void reset(callbacks& due);
  static void drop_callbacks(output::slot& of, callbacks& to);
  void drop_all(callbacks& due);
  void take_due(callbacks& due);
  bool any_due() const;
  steady_time next_deadline() const;
  void refresh_deadline() { deadline_.store(next_deadline().time_since_epoch().count()); }
  void cut_overdue(steady_time now, callbacks& due);
  static void run(callbacks& due);

  const std::shared_ptr<edge_core> core_;
  worker_counters& counters_;
  socket_waker& waker_;
  const int fd_;

  mutable std::mutex mutex_;
  output out_;
  reading reading_;
  bool gone_ = false;
  bool working_ = false;
  bool paused_ = false;
  bool lingering_ = false;
  bool write_polled_ = false;
  steady_time idle_until_;
  steady_time linger_until_{};
  std::atomic<steady_duration::rep> deadline_;
};

}  // namespace mutirao::http
