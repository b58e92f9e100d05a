// A client of a stream of server-sent events, reading the bytes for itself.
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/support/socket_client.hpp"

namespace mutirao::tests {

struct event {
  std::string id;  // empty: it has none
  std::string name;
  std::string data;
};

class event_client {
 public:
  using headers = std::vector<std::pair<std::string, std::string>>;

  /// Asks for the stream, and does not wait for the answer. No token: no Authorization.
  event_client(std::uint16_t port, std::string_view path, std::string_view token,
               const headers& more = {}, int receive_bytes = 0)
      : socket_(port, receive_bytes) {
    std::string text = "GET " + std::string(path) + " HTTP/1.1\r\nHost: a\r\n";
    if (!token.empty()) text += "Authorization: Bearer " + std::string(token) + "\r\n";
    for (const auto& [name, value] : more) text += name + ": " + value + "\r\n";
    socket_.send(text + "\r\n");
  }

  /// The status; 0 where none comes. A body of another length than a stream's is left unread.
  int status(std::chrono::milliseconds limit = socket_client::patience) {
    if (!head_) head_ = socket_.read_answer(true, limit);
    return head_ ? head_->status : 0;
  }
  std::string header(std::string_view name) { return status() ? head_->header(name) : ""; }

  /// The next event; nothing if the stream ends or breaks off first, or `limit` passes.
  std::optional<event> next(std::chrono::milliseconds limit = socket_client::patience) {
    if (status(limit) != 200) return std::nullopt;
    const auto end = std::chrono::steady_clock::now() + limit;
    for (;;) {
      while (auto block = take_block()) {
        if (!block->data.empty()) return block;
      }
      const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
          end - std::chrono::steady_clock::now());
      const auto chunk = left.count() > 0 ? socket_.read_chunk(left) : std::nullopt;
      if (!chunk) return std::nullopt;
      if (chunk->empty()) ended_ = true;
      if (ended_) return std::nullopt;
      unread_ += *chunk;
    }
  }
  /// All events until the stream ends; see ended().
  std::vector<event> rest(std::chrono::milliseconds limit = socket_client::patience) {
    std::vector<event> all;
    const auto end = std::chrono::steady_clock::now() + limit;
    for (;;) {
      auto one = next(std::chrono::duration_cast<std::chrono::milliseconds>(
          end - std::chrono::steady_clock::now()));
      if (!one) return all;
      all.push_back(*std::move(one));
    }
  }
  /// True once the stream was ended in order: its last chunk has come.
  bool ended() const { return ended_; }
  /// The id to resume behind: of the last block that had one, an event or not.
  const std::string& last_id() const { return last_id_; }

  socket_client& socket() { return socket_; }

 private:
  std::optional<event> take_block() {
    const auto end = unread_.find("\n\n");
    if (end == std::string::npos) return std::nullopt;
    event made;
    for (std::size_t at = 0; at <= end;) {
      const auto line_end = unread_.find('\n', at);
      take_line(std::string_view(unread_).substr(at, line_end - at), made);
      at = line_end + 1;
    }
    unread_.erase(0, end + 2);
    if (!made.id.empty()) last_id_ = made.id;
    return made;
  }
  static void take_line(std::string_view line, event& into) {
    const auto value = [&](std::string_view name) -> std::optional<std::string_view> {
      if (!line.starts_with(name)) return std::nullopt;
      return line.substr(name.size());
    };
    if (const auto id = value("id: ")) into.id = *id;
    if (const auto name = value("event: ")) into.name = *name;
    if (const auto data = value("data: ")) into.data += *data;
  }

  socket_client socket_;
  std::optional<received_answer> head_;
  std::string unread_;
  std::string last_id_;
  bool ended_ = false;
};

}  // namespace mutirao::tests
