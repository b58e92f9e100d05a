#include "gateway/connection_guard.hpp"

#include <arpa/inet.h>
#include <dirent.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <memory>
#include <optional>
#include <vector>

namespace mutirao::gateway {
namespace {

struct connection {
  int descriptor = -1;
  std::uint64_t received = 0;  // bytes
  std::chrono::milliseconds silent{0};
};

std::uint16_t port_of(const sockaddr_storage& address) {
  if (address.ss_family == AF_INET) {
    sockaddr_in v4{};
    std::memcpy(&v4, &address, sizeof v4);
    return ntohs(v4.sin_port);
  }
  if (address.ss_family != AF_INET6) return 0;
  sockaddr_in6 v6{};
  std::memcpy(&v6, &address, sizeof v6);
  return ntohs(v6.sin6_port);
}

// Nothing for a descriptor that is no connection accepted at `port`.
std::optional<connection> connection_at(int descriptor, std::uint16_t port) {
  sockaddr_storage own{};
  sockaddr_storage peer{};
  socklen_t size = sizeof own;
  if (::getsockname(descriptor, reinterpret_cast<sockaddr*>(&own), &size) != 0) return {};
  if (port_of(own) != port) return {};
  size = sizeof peer;
  if (::getpeername(descriptor, reinterpret_cast<sockaddr*>(&peer), &size) != 0) return {};
  tcp_info info{};
  size = sizeof info;
  if (::getsockopt(descriptor, IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return {};
  return connection{descriptor, info.tcpi_bytes_received,
                    std::chrono::milliseconds(info.tcpi_last_data_recv)};
}

std::vector<connection> connections_at(std::uint16_t port) {
  std::vector<connection> found;
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir("/proc/self/fd"), ::closedir);
  if (!folder) return found;
  while (const dirent* const entry = ::readdir(folder.get())) {
    int descriptor = -1;
    const char* const end = entry->d_name + std::strlen(entry->d_name);
    if (std::from_chars(entry->d_name, end, descriptor).ec != std::errc{}) continue;
    if (const auto one = connection_at(descriptor, port)) found.push_back(*one);
  }
  return found;
}

}  // namespace

guard_sight guard_connections(std::uint16_t port, const guard_limits& limits) {
  auto all = connections_at(port);
  std::sort(all.begin(), all.end(), [](const connection& one, const connection& other) {
    return one.received < other.received;
  });
  const std::size_t too_many = all.size() - std::min(all.size(), limits.connections);
  guard_sight seen{all.size(), 0};
  for (const auto& one : all) {
    if (seen.cut >= too_many && one.silent <= limits.silence) continue;
    // Another connection may have got the number by now: then that peer connects again.
    ::shutdown(one.descriptor, SHUT_RDWR);
    ++seen.cut;
  }
  return seen;
}

}  // namespace mutirao::gateway
