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

}  // namespace

listeners::listeners(std::uint16_t port, std::size_t count, const std::string& request)
    : poll_(::epoll_create1(EPOLL_CLOEXEC)), texts_(count) {
  require(poll_ >= 0, "no epoll");
  for (std::size_t i = 0; i < count; ++i) {
    sockets_.push_back(connect_to(port));
    epoll_event wanted{};
    wanted.events = EPOLLIN;
    wanted.data.u64 = i;
    require(::epoll_ctl(poll_, EPOLL_CTL_ADD, sockets_.back(), &wanted) == 0, "epoll refuses");
    require(::send(sockets_.back(), request.data(), request.size(), MSG_NOSIGNAL) ==
                static_cast<ssize_t>(request.size()),
            "a request cannot be sent");
  }
  receive("retry: ", stopwatch());
}

listeners::~listeners() {
  for (const int socket : sockets_) ::close(socket);
  ::close(poll_);
}

std::vector<double> listeners::next_event(const stopwatch& since) {
  return receive("\nevent: ", since);
}

std::vector<double> listeners::receive(std::string_view mark, const stopwatch& since) {
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
      require(got > 0, "a stream broke off");
      auto& text = texts_[at];
      text.append(bytes.data(), static_cast<std::size_t>(got));
      if (text.find(mark) == std::string::npos || !text.ends_with("\n\n\r\n")) continue;
      text.clear();
      times.push_back(since.milliseconds());
    }
  }
  return times;
}

}  // namespace mutirao::bench
