// A real HTTP server of the loopback that takes webhooks: answers, fails, redirects or hangs as a
// test says, and keeps what it was sent.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace mutirao::testing {

struct received_webhook {
  std::string path;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};

struct webhook_reply {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string body = {};
  bool hangs = false;  // takes the request and never answers
  bool cuts = false;   // ends the connection instead
};

class web_receiver {
 public:
  using answering = std::function<webhook_reply(const received_webhook&)>;

  /// On a free port, or on the one that is given. `answer` is called on several threads.
  explicit web_receiver(answering answer = {}, std::uint16_t port = 0)
      : answer_(std::move(answer)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int one = 1;
    ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    if (::bind(listener_, reinterpret_cast<sockaddr*>(&at), size) != 0 ||
        ::listen(listener_, 128) != 0 ||
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&at), &size) != 0) {
      throw std::runtime_error("cannot listen");
    }
    port_ = ntohs(at.sin_port);
    accepting_ = std::thread([this] { accept_all(); });
  }
  ~web_receiver() {
    ends_ = true;
    accepting_.join();
    for (auto& each : serving_) each.join();
    ::close(listener_);
  }
  web_receiver(const web_receiver&) = delete;
  web_receiver& operator=(const web_receiver&) = delete;

  std::uint16_t port() const { return port_; }
  std::string url(const std::string& path = "/hook") const {
    return "http://127.0.0.1:" + std::to_string(port_) + path;
  }
  std::vector<received_webhook> received() const {
    const std::lock_guard hold(mutex_);
    return received_;
  }
  std::size_t count(const std::string& path = "/hook") const {
    const std::lock_guard hold(mutex_);
    std::size_t sum = 0;
    for (const auto& one : received_) sum += one.path == path;
    return sum;
  }
  int connections() const { return connections_; }

 private:
  static constexpr int look_ms = 10;

  bool readable(int fd) const {
    pollfd wanted{fd, POLLIN, 0};
    while (!ends_) {
      if (::poll(&wanted, 1, look_ms) > 0) return true;
    }
    return false;
  }

  void accept_all() {
    while (readable(listener_)) {
      const int client = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (client < 0) continue;
      ++connections_;
      serving_.emplace_back([this, client] { serve(client); });
    }
  }

  bool read_until(int fd, std::string& bytes, const std::function<bool()>& enough) const {
    while (!enough()) {
      char buffer[4096];
      if (!readable(fd)) return false;
      const auto got = ::recv(fd, buffer, sizeof buffer, 0);
      if (got <= 0) return false;
      bytes.append(buffer, static_cast<std::size_t>(got));
    }
    return true;
  }

  void serve(int client) {
    std::string bytes;
    received_webhook one;
    std::size_t head_end = 0;
    const bool head = read_until(
        client, bytes, [&] { return (head_end = bytes.find("\r\n\r\n")) != std::string::npos; });
    if (head) {
      read_head(bytes.substr(0, head_end + 2), one);
      const auto length = std::strtoull(one.headers["content-length"].c_str(), nullptr, 10);
      if (read_until(client, bytes, [&] { return bytes.size() >= head_end + 4 + length; })) {
        one.body = bytes.substr(head_end + 4);
        reply(client, one);
      }
    }
    ::close(client);
  }

  static void read_head(const std::string& head, received_webhook& into) {
    std::size_t at = head.find("\r\n");
    const auto space = head.find(' ');
    into.path = head.substr(space + 1, head.find(' ', space + 1) - space - 1);
    while ((at += 2) < head.size()) {
      const auto end = head.find("\r\n", at);
      const auto colon = head.find(':', at);
      std::string name = head.substr(at, colon - at);
      for (char& c : name) c = static_cast<char>(std::tolower(c));
      into.headers[name] = head.substr(colon + 2, end - colon - 2);
      at = end;
    }
  }

  void reply(int client, const received_webhook& one) {
    {
      const std::lock_guard hold(mutex_);
      received_.push_back(one);
    }
    const auto with = answer_ ? answer_(one) : webhook_reply{};
    if (with.cuts) return;
    if (with.hangs) {
      readable(client);  // until it hangs up or the test ends
      return;
    }
    std::string text = "HTTP/1.1 " + std::to_string(with.status) +
                       " x\r\nContent-Length: " + std::to_string(with.body.size()) + "\r\n";
    for (const auto& [name, value] : with.headers) text += name + ": " + value + "\r\n";
    text += "\r\n" + with.body;
    std::string_view left = text;
    while (!left.empty()) {
      const auto sent = ::send(client, left.data(), left.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      left.remove_prefix(static_cast<std::size_t>(sent));
    }
  }

  answering answer_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<bool> ends_ = false;
  std::atomic<int> connections_ = 0;
  mutable std::mutex mutex_;
  std::vector<received_webhook> received_;
  std::thread accepting_;
  std::list<std::thread> serving_;
};

}  // namespace mutirao::testing
