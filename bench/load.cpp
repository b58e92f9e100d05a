#include "bench/load.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <memory>

#include "bench/connection.hpp"
#include "bench/failure.hpp"
#include "bench/stopwatch.hpp"

namespace mutirao::bench {
namespace {

using clock = std::chrono::steady_clock;

struct lane {
  explicit lane(std::uint16_t port) : socket(connect_to(port)) {}
  ~lane() { close(socket); }
  lane(const lane&) = delete;
  lane& operator=(const lane&) = delete;

  int socket;
  response_reader reader;
  std::string_view request;
  clock::time_point sent_at;
  bool waiting = false;
};

class generator {
 public:
  explicit generator(const load_options& options) : options_(options), poll_(epoll_create1(0)) {
    for (std::size_t i = 0; i < options.connections; ++i) {
      lanes_.push_back(std::make_unique<lane>(options.port));
      epoll_event watch{};
      watch.events = EPOLLIN;
      watch.data.ptr = lanes_.back().get();
      require(epoll_ctl(poll_, EPOLL_CTL_ADD, lanes_.back()->socket, &watch) == 0, "epoll_ctl");
    }
  }
  ~generator() { close(poll_); }
  generator(const generator&) = delete;
  generator& operator=(const generator&) = delete;

  load_result run() {
    start_ = clock::now();
    end_ = start_ + std::chrono::duration_cast<clock::duration>(
                        std::chrono::duration<double>(options_.seconds));
    for (auto& each : lanes_) send_next(*each, start_);
    while (waiting_ > 0) turn();
    result_.seconds = std::chrono::duration<double>(end_ - start_).count();
    return std::move(result_);
  }

 private:
  void turn() {
    std::array<epoll_event, 64> events;
    const int ready = epoll_wait(poll_, events.data(), static_cast<int>(events.size()), 10'000);
    require(ready > 0, "no answer within 10 s");
    for (int i = 0; i < ready; ++i) {
      receive(*static_cast<lane*>(events[static_cast<std::size_t>(i)].data.ptr));
    }
  }

  void send_next(lane& on, clock::time_point now) {
    if (now >= end_) return;
    const auto request = options_.next();
    if (!request) {
      end_ = now;
      return;
    }
    on.request = *request;
    on.sent_at = now;
    on.waiting = true;
    ++waiting_;
    // One small request on an idle connection: the kernel takes it whole.
    const auto sent = send(on.socket, request->data(), request->size(), MSG_NOSIGNAL);
    require(sent == static_cast<ssize_t>(request->size()), "a request was not taken whole");
  }

  void receive(lane& on) {
    constexpr std::size_t room = 16'384;
    const auto got = recv(on.socket, on.reader.space(room), room, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return;
    require(got > 0, "a connection was closed under load");
    on.reader.received(static_cast<std::size_t>(got));
    response answer;
    if (!on.reader.next(answer)) return;
    require(on.waiting, "an answer that nobody asked for");
    const auto now = clock::now();
    count(on, answer, now);
    send_next(on, now);
  }

  void count(lane& on, const response& answer, clock::time_point now) {
    on.waiting = false;
    --waiting_;
    require(options_.right(on.request, answer),
            "a wrong answer under load: " + std::to_string(answer.status) + " " +
                std::string(answer.body.substr(0, 500)));
    ++(now < end_ ? result_.answered : result_.late);
    result_.nanoseconds.push_back(static_cast<std::uint32_t>((now - on.sent_at).count()));
  }

  const load_options& options_;
  int poll_;
  std::vector<std::unique_ptr<lane>> lanes_;
  std::size_t waiting_ = 0;
  clock::time_point start_, end_;
  load_result result_;
};

}  // namespace

double load_result::milliseconds_at(double share) const {
  return quantile(nanoseconds, share) / 1e6;
}

load_result put_load(const load_options& options) {
  return generator(options).run();
}

}  // namespace mutirao::bench
