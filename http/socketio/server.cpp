#include "http/socketio/server.hpp"

#include <algorithm>
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <thread>
#include <unordered_set>
#include <utility>
#include <vector>

#include "http/socketio/session.hpp"

namespace mutirao::http::socketio {
namespace {

namespace asio = boost::asio;

class open_sessions final : public hub, public std::enable_shared_from_this<open_sessions> {
 public:
  void start() { wait(); }

  void take(handed_socket&& from) {
    if (stopping_) return;  // which closes it
    const auto one = make_session(shared_from_this());
    open_.insert(one);
    call.count(open_.size());
    try {
      one->begin(std::move(from));
    } catch (...) {
      ended(one);  // no memory; its socket closes with it
    }
  }

  void ended(const std::shared_ptr<session>& one) override {
    open_.erase(one);
    call.count(open_.size());
    if (stopping_ && open_.empty()) leave();
  }

  /// The thread ends once nothing is open any more.
  void stop() {
    stopping_ = true;
    for (const auto& one : all()) one->close_within(within.stop_deadline);
    if (open_.empty()) leave();
  }

 private:
  // As of now: sessions end while they are told something.
  std::vector<std::shared_ptr<session>> all() const { return {open_.begin(), open_.end()}; }

  void wait() {
    timer_.expires_after(within.deadline_check);
    timer_.async_wait([self = shared_from_this()](boost::system::error_code cancelled) {
      if (!cancelled) self->beat();
    });
  }
  void beat() {
    if (stopping_ && open_.empty()) return;  // it was due already when it was cancelled
    wait();                                  // first: whatever is thrown below, the next beat comes
    const auto now = session::time::clock::now();
    for (const auto& one : all()) one->beat(now);
  }
  void leave() {
    timer_.cancel();
    io.stop();
  }

  std::unordered_set<std::shared_ptr<session>> open_;
  asio::steady_timer timer_{io};
  asio::executor_work_guard<asio::io_context::executor_type> busy_{io.get_executor()};
  bool stopping_ = false;
};

// What a handler throws (no memory) costs that client at most: its deadlines remain.
template <class Work>
void go_on_with(Work work) {
  for (;;) {
    try {
      work();
      return;
    } catch (...) {
    }
  }
}

}  // namespace

class server::impl {
 public:
  impl(const limits& within, std::chrono::milliseconds take_deadline, randomness& chance,
       hooks call)
      : all_(std::make_shared<open_sessions>()) {
    all_->within = within;
    all_->take_deadline = take_deadline;
    all_->chance = &chance;
    all_->call = std::move(call);
    all_->start();
    thread_ = std::thread([all = all_] { go_on_with([&] { all->io.run(); }); });
  }

  bool take(handed_socket&& from) {
    if (stopping_) return false;
    asio::post(all_->io, [all = all_.get(), from = std::move(from)]() mutable {
      all->take(std::move(from));
    });
    return true;
  }

  void stop() {
    if (stopping_.exchange(true)) return;
    asio::post(all_->io, [all = all_.get()] { all->stop(); });
    thread_.join();
    // What sessions that have ended still had to hear, but not Beast's timers, which would last.
    all_->io.restart();
    go_on_with([this] { all_->io.poll(); });
  }

 private:
  std::shared_ptr<open_sessions> all_;
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

server::server(const limits& within, std::chrono::milliseconds take_deadline, randomness& chance,
               hooks call)
    : impl_(std::make_unique<impl>(within, take_deadline, chance, std::move(call))) {}

server::~server() {
  stop();
}

bool server::take(handed_socket&& from) {
  return impl_->take(std::move(from));
}

void server::stop() {
  impl_->stop();
}

}  // namespace mutirao::http::socketio
