#include "bench/listeners.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

#include "bench/connection.hpp"
#include "bench/failure.hpp"

namespace mutirao::bench {
namespace {

constexpr int patience_ms = 10'000;
constexpr piece end_of_event{"\nevent: ", "\n\n\r\n"};

/// A text of less than 64 KiB in a frame, masked by zeros.
std::string framed(std::string_view text) {
  std::string frame = "\x81";
  if (text.size() < 126) {
    frame += static_cast<char>(0x80U | text.size());
  } else {
    frame += '\xfe';
    frame += static_cast<char>(text.size() >> 8U);
    frame += static_cast<char>(text.size());
  }
  return frame.append(4, '\0').append(text);
}

}  // namespace

way_to_listen by_stream(const std::string& token) {
  return {{{request_text("GET", "/api/notificacoes/stream", token), {"retry: ", end_of_event.end}}},
          end_of_event};
}

way_to_listen by_socket(const std::string& token) {
  const std::string upgrade =
      "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\n"
      "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
  const std::string naming = framed("40") + framed(R"(42["auth:init",{"token":")" + token + "\"}]");
  return {{{upgrade, {"0{", "}"}}, {naming, {"40{", "}"}}}, {R"(42["job:progress",)", "}]"}};
}

void wait_until_told(connection& control, std::size_t count) {
  const auto wanted = "\nmutirao_listeners " + std::to_string(count) + "\n";
  const stopwatch watch;
  while (control.ask(request_text("GET", "/metrics", "")).body.find(wanted) ==
         std::string_view::npos) {
    require(watch.seconds() < 10, "not all are told");
    usleep(10'000);
  }
}

listeners::listeners(std::uint16_t port, std::size_t count, const way_to_listen& way)
    : event_(way.event), poll_(::epoll_create1(EPOLL_CLOEXEC)), texts_(count) {
  require(poll_ >= 0, "no epoll");
  for (std::size_t i = 0; i < count; ++i) {
    sockets_.push_back(connect_to(port));
    epoll_event wanted{};
    wanted.events = EPOLLIN;
    wanted.data.u64 = i;
    require(::epoll_ctl(poll_, EPOLL_CTL_ADD, sockets_.back(), &wanted) == 0, "epoll refuses");
  }
  for (const auto& step : way.steps) {
    say(step.said);
    receive(step.answered, stopwatch());
  }
}

listeners::~listeners() {
  for (const int socket : sockets_) ::close(socket);
  ::close(poll_);
}

void listeners::say(const std::string& text) {
  for (const int socket : sockets_) {
    require(
        ::send(socket, text.data(), text.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(text.size()),
        "a request cannot be sent");
  }
}

std::vector<double> listeners::receive(const piece& wanted, const stopwatch& since) {
  std::vector<double> times;
  std::array<epoll_event, 256> ready{};
  std::array<char, 16'384> bytes{};
  while (times.size() < sockets_.size()) {
    const int count =
        ::epoll_wait(poll_, ready.data(), static_cast<int>(ready.size()), patience_ms);
    require(count > 0, "an event does not come");
    for (int i = 0; i < count; ++i) {
      const auto at = ready[static_cast<std::size_t>(i)].data.u64;
      const auto got = ::recv(sockets_[at], bytes.data(), bytes.size(), MSG_DONTWAIT);
      require(got > 0, "a listener was cut");
      auto& text = texts_[at];
      text.append(bytes.data(), static_cast<std::size_t>(got));
      if (text.find(wanted.mark) == std::string::npos || !text.ends_with(wanted.end)) continue;
      text.clear();
      times.push_back(since.milliseconds());
    }
  }
  return times;
}

}  // namespace mutirao::bench
