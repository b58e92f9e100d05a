// A plain TCP client for tests: sends bytes as given, reads answers, hangs up in every way.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace mutirao::tests {

/// Looks at `condition` until it holds; false after `limit`, which is no bound of what is tested
/// but far beyond what a busy machine takes.
inline bool eventually(const std::function<bool()>& condition,
                       std::chrono::milliseconds limit = std::chrono::seconds(60)) {
  const auto end = std::chrono::steady_clock::now() + limit;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

struct received_answer {
  int status = 0;
  std::string reason;
  std::string head;  // status line and headers, with the empty line
  std::string body;  // de-chunked

  /// The first header `name` (as spelled), without white space; empty if there is none.
  std::string header(std::string_view name) const {
    const std::string wanted = "\r\n" + std::string(name) + ": ";
    const auto at = head.find(wanted);
    if (at == std::string::npos) return {};
    const auto from = at + wanted.size();
    return head.substr(from, head.find("\r\n", from) - from);
  }
};

class socket_client {
 public:
  /// Connects to 127.0.0.1. `receive_bytes`: a small receive buffer, to be filled fast.
  explicit socket_client(std::uint16_t port, int receive_bytes = 0) {
    fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int one = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (receive_bytes > 0) {
      ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof receive_bytes);
    }
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) close();
  }
  socket_client(socket_client&& other) noexcept
      : fd_(std::exchange(other.fd_, -1)), unread_(std::move(other.unread_)) {}
  socket_client& operator=(socket_client&& other) noexcept {
    close();
    fd_ = std::exchange(other.fd_, -1);
    unread_ = std::move(other.unread_);
    return *this;
  }
  ~socket_client() { close(); }

  bool connected() const { return fd_ >= 0; }
  int fd() const { return fd_; }

  /// False: the connection broke first.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent < 0 && errno != EINTR) return false;
      if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  /// Bytes that fit now; 0 where none do; nullopt: the connection broke.
  std::optional<std::size_t> try_send(std::string_view bytes) {
    const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent >= 0) return static_cast<std::size_t>(sent);
    return errno == EAGAIN ? std::optional<std::size_t>(0) : std::nullopt;
  }

  void end_sending() { ::shutdown(fd_, SHUT_WR); }
  void close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }
  /// Closes by a reset, as a crashing client's kernel does.
  void reset() {
    const linger at_once{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close();
  }

  /// The next answer, or nothing if the connection ends or `limit` passes first. `to_head`: an
  /// answer to HEAD. A body without length lasts until the connection ends.
  std::optional<received_answer> read_answer(bool to_head = false,
                                             std::chrono::milliseconds limit = patience) {
    const auto end = std::chrono::steady_clock::now() + limit;
    std::size_t at = 0;
    while ((at = unread_.find("\r\n\r\n")) == std::string::npos) {
      if (!read_more(end)) return std::nullopt;
    }
    received_answer answer;
    answer.head = take(at + 4);
    if (answer.head.size() < 14 || answer.head.compare(0, 9, "HTTP/1.1 ") != 0) return std::nullopt;
    answer.status = std::atoi(answer.head.c_str() + 9);
    answer.reason = answer.head.substr(13, answer.head.find("\r\n") - 13);
    const bool bodiless = answer.status < 200 || answer.status == 204 || answer.status == 304;
    if (to_head || bodiless) return answer;
    if (!read_body(answer, end)) return std::nullopt;
    return answer;
  }

  /// One byte chunk of a chunked body; empty for the last; nothing if the connection ends first.
  std::optional<std::string> read_chunk(std::chrono::milliseconds limit = patience) {
    return read_chunk_until(std::chrono::steady_clock::now() + limit);
  }

  /// All bytes until the server ends the connection; nothing if it does not in time.
  std::optional<std::string> read_to_end(std::chrono::milliseconds limit = patience) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (read_more(end)) {
    }
    if (!ended_) return std::nullopt;
    return take(unread_.size());
  }
  /// True once the server has ended the connection, orderly or by a reset.
  bool closed_by_server(std::chrono::milliseconds limit = patience) {
    return read_to_end(limit).has_value();
  }
  /// True if the last read met a reset.
  bool was_reset() const { return reset_; }

  /// Waits for `count` bytes; true if they came.
  bool read_bytes(std::size_t count, std::chrono::milliseconds limit = patience) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (unread_.size() < count) {
      if (!read_more(end)) return false;
    }
    return true;
  }
  const std::string& unread() const { return unread_; }

  static constexpr std::chrono::milliseconds patience{20'000};

 private:
  using time_point = std::chrono::steady_clock::time_point;

  std::string take(std::size_t count) {
    std::string front = unread_.substr(0, count);
    unread_.erase(0, count);
    return front;
  }

  bool read_more(time_point end) {
    using std::chrono::milliseconds;
    const auto left =
        std::chrono::duration_cast<milliseconds>(end - std::chrono::steady_clock::now());
    pollfd wanted{fd_, POLLIN, 0};
    if (ended_ || fd_ < 0 || left.count() < 0 ||
        ::poll(&wanted, 1, static_cast<int>(left.count()) + 1) <= 0) {
      return false;
    }
    char buffer[16384];
    const ssize_t got = ::recv(fd_, buffer, sizeof buffer, 0);
    if (got <= 0) {
      ended_ = true;
      reset_ = got < 0;
      return false;
    }
    unread_.append(buffer, static_cast<std::size_t>(got));
    return true;
  }

  bool read_body(received_answer& answer, time_point end) {
    if (answer.header("Transfer-Encoding") == "chunked") {
      while (auto chunk = read_chunk_until(end)) {
        if (chunk->empty()) return true;
        answer.body += *chunk;
      }
      return false;
    }
    const std::string length = answer.header("Content-Length");
    if (length.empty()) {
      while (read_more(end)) {
      }
      answer.body = take(unread_.size());
      return ended_;
    }
    const std::size_t count = std::strtoull(length.c_str(), nullptr, 10);
    while (unread_.size() < count) {
      if (!read_more(end)) return false;
    }
    answer.body = take(count);
    return true;
  }

  std::optional<std::string> read_chunk_until(time_point end) {
    std::size_t line = 0;
    while ((line = unread_.find("\r\n")) == std::string::npos) {
      if (!read_more(end)) return std::nullopt;
    }
    const std::size_t count = std::strtoull(unread_.substr(0, line).c_str(), nullptr, 16);
    while (unread_.size() < line + 2 + count + 2) {
      if (!read_more(end)) return std::nullopt;
    }
    std::string bytes = unread_.substr(line + 2, count);
    unread_.erase(0, line + 2 + count + 2);
    return bytes;
  }

  int fd_ = -1;
  bool ended_ = false;
  bool reset_ = false;
  std::string unread_;
};

}  // namespace mutirao::tests
