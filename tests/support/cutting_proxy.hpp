// A TCP proxy of the loopback that cuts connections where a test says, or stops passing bytes on
// while it keeps them open.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <functional>
#include <limits>
#include <list>
#include <mutex>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace mutirao::testing {

class cutting_proxy {
 public:
  static constexpr std::uint64_t never = std::numeric_limits<std::uint64_t>::max();

  explicit cutting_proxy(std::uint16_t target)
      : cutting_proxy([target] { return connected_to(AF_INET, loopback(target)); }) {}
  /// To a socket of this machine's files.
  explicit cutting_proxy(const std::string& path)
      : cutting_proxy([path] {
          sockaddr_un at{};
          at.sun_family = AF_UNIX;
          path.copy(at.sun_path, sizeof at.sun_path - 1);
          return connected_to(AF_UNIX, at);
        }) {}
  ~cutting_proxy() {
    ends_ = true;
    accepting_.join();
    for (auto& each : passing_) each.join();
    ::close(listener_);
  }
  cutting_proxy(const cutting_proxy&) = delete;
  cutting_proxy& operator=(const cutting_proxy&) = delete;

  std::uint16_t port() const { return port_; }

  /// The connection that passes byte number `bytes` from now on, in whichever direction, is cut by
  /// a reset just before it; once.
  void cut_after(std::uint64_t bytes) { cut_at_ = passed_ + bytes; }
  /// Every connection, now.
  void cut_all() { ++cuts_; }
  /// Bytes are taken and go nowhere; nobody is told.
  void swallow(bool so) { swallows_ = so; }
  /// The same, behind the first bytes with `last` that pass after some with `first`.
  void swallow_behind(std::string first, std::string last) {
    const std::lock_guard hold(marks_held_);
    marks_ = {std::move(first), std::move(last)};
  }

  std::uint64_t passed_bytes() const { return passed_; }
  int connections() const { return connections_; }

 private:
  static constexpr int look_ms = 5;

  explicit cutting_proxy(std::function<int()> target) : target_(std::move(target)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto at = loopback(0);
    socklen_t size = sizeof at;
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&at), size) != 0 ||
        ::listen(listener_, 64) != 0 ||
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&at), &size) != 0) {
      throw std::runtime_error("cannot listen");
    }
    port_ = ntohs(at.sin_port);
    accepting_ = std::thread([this] { accept_all(); });
  }

  static sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return at;
  }

  void accept_all() {
    while (!ends_) {
      pollfd wanted{listener_, POLLIN, 0};
      if (::poll(&wanted, 1, look_ms) <= 0) continue;
      const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (client < 0) continue;
      ++connections_;
      passing_.emplace_back([this, client] { pass(client); });
    }
  }

  template <class Address>
  static int connected_to(int family, const Address& at) {
    const int made = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (::connect(made, reinterpret_cast<const sockaddr*>(&at), sizeof at) == 0) return made;
    ::close(made);
    return -1;
  }

  // A reset, not an end in order.
  static void cut(int socket) {
    const linger now{1, 0};
    ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    ::close(socket);
  }

  void pass(int client) {
    const int cuts_before = cuts_;
    const int server = target_();
    bool open = server >= 0;
    while (open && !ends_ && cuts_ == cuts_before) {
      pollfd both[2]{{client, POLLIN, 0}, {server, POLLIN, 0}};
      if (::poll(both, 2, look_ms) <= 0) continue;
      if (both[0].revents != 0) open = pass_on(client, server);
      if (open && both[1].revents != 0) open = pass_on(server, client);
    }
    cut(client);
    cut(server);
  }

  bool pass_on(int from, int to) {
    char buffer[4096];
    const auto got = ::recv(from, buffer, sizeof buffer, 0);
    if (got <= 0) return false;
    if (swallows_) return true;
    auto count = static_cast<std::uint64_t>(got);
    const std::uint64_t cut_at = cut_at_;
    const bool cuts = passed_ + count >= cut_at;
    if (cuts) {
      count = cut_at - std::min<std::uint64_t>(passed_, cut_at);
      cut_at_ = never;
    }
    passed_ += count;
    for (std::uint64_t sent = 0; sent < count;) {
      const auto more = ::send(to, buffer + sent, count - sent, MSG_NOSIGNAL);
      if (more <= 0) return false;
      sent += static_cast<std::uint64_t>(more);
    }
    if (is_last_mark({buffer, count})) swallows_ = true;
    return !cuts;
  }

  bool is_last_mark(std::string_view passed) {
    const std::lock_guard hold(marks_held_);
    while (!marks_.empty()) {
      const auto at = passed.find(marks_.front());
      if (at == std::string_view::npos) return false;
      passed.remove_prefix(at);
      marks_.pop_front();
      if (marks_.empty()) return true;
    }
    return false;
  }

  std::function<int()> target_;  // a connection; negative: none is to be had
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> ends_ = false;
  std::atomic<bool> swallows_ = false;
  std::atomic<int> cuts_ = 0;
  std::atomic<int> connections_ = 0;
  std::atomic<std::uint64_t> passed_ = 0;
  std::atomic<std::uint64_t> cut_at_ = never;
  std::mutex marks_held_;
  std::list<std::string> marks_;  // to come, in this order
  std::thread accepting_;
  std::list<std::thread> passing_;
};

}  // namespace mutirao::testing
