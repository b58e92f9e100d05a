// A WebSocket client for tests that says whatever it is told, also what no real one would.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "tests/support/socket_client.hpp"

namespace mutirao::tests {

class web_socket_client {
 public:
  static constexpr std::string_view path = "/socket.io/?EIO=4&transport=websocket";
  static std::string request(std::string_view target = path) {
    return "GET " + std::string(target) +
           " HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
           "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
  }

  /// `first`: sent together with the request.
  explicit web_socket_client(std::uint16_t port, std::string_view first = {}, int receive_bytes = 0)
      : socket_(port, receive_bytes) {
    socket_.send(request() + std::string(first));
    const auto answer = socket_.read_answer();
    status_ = answer ? answer->status : 0;
  }

  int status() const { return status_; }
  socket_client& socket() { return socket_; }

  /// 1: text, 2: binary, 8: close, 9: ping. Masked, as clients must.
  static std::string frame(std::string_view data, unsigned opcode = 1) {
    std::string bytes(1, static_cast<char>(0x80U | opcode));
    if (data.size() < 126) {
      bytes += static_cast<char>(0x80U | data.size());
    } else {
      const bool large = data.size() >= 65'536;
      bytes += static_cast<char>(0x80U | (large ? 127U : 126U));
      for (unsigned at = large ? 64 : 16; at > 0; at -= 8) {
        bytes += static_cast<char>(data.size() >> (at - 8));
      }
    }
    return bytes.append(4, '\0').append(data);  // a mask of zeros
  }
  bool say(std::string_view text) { return socket_.send(frame(text)); }
  /// As the front end does: connects to the namespace and says who it is.
  bool name(std::string_view token) {
    return say("40") && say(R"(42["auth:init",{"token":")" + std::string(token) + "\"}]");
  }

  /// The next text; nothing where the transport is closed, or `limit` passes.
  std::optional<std::string> next(std::chrono::milliseconds limit = socket_client::patience) {
    if (!socket_.read_bytes(at_ + 2, limit)) return std::nullopt;
    const auto byte = [&](std::size_t at) {
      return static_cast<unsigned char>(socket_.unread()[at]);
    };
    const unsigned opcode = byte(at_) & 15U;
    std::size_t head = 2;
    std::size_t size = byte(at_ + 1);
    if (size >= 126) {
      head += size == 126 ? 2 : 8;
      size = 0;
      if (!socket_.read_bytes(at_ + head, limit)) return std::nullopt;
      for (std::size_t at = at_ + 2; at < at_ + head; ++at) size = size << 8U | byte(at);
    }
    if (!socket_.read_bytes(at_ + head + size, limit)) return std::nullopt;
    auto data = socket_.unread().substr(at_ + head, size);
    at_ += head + size;
    closed_ = opcode == 8;
    return closed_ ? std::nullopt : std::optional(std::move(data));
  }
  /// Skips what is not it; true once it has come.
  bool hears(std::string_view wanted) {
    for (auto text = next(); text; text = next()) {
      if (text->find(wanted) != std::string::npos) return true;
    }
    return false;
  }
  /// Whether the last thing that came was an orderly close.
  bool closed() const { return closed_; }
  /// True once nothing more can come; whatever comes before is skipped.
  bool ends() {
    while (next()) {
    }
    return closed_ || socket_.closed_by_server();
  }

 private:
  socket_client socket_;
  int status_ = 0;
  std::size_t at_ = 0;  // of what was read, what is taken
  bool closed_ = false;
};

}  // namespace mutirao::tests
