// One client's side of the protocol, as values: what it sent, or that time has passed, goes in;
// what must be done comes out. No I/O, no clock.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/socketio/limits.hpp"
#include "http/socketio/packet.hpp"

namespace mutirao::http::socketio {

class conversation {
 public:
  using time = std::chrono::steady_clock::time_point;

  struct reaction {
    std::vector<std::string> packets;  // to send, in order
    std::optional<std::string> token;  // who the client says that it is; once
    bool close = false;                // the transport, behind the packets
  };

  /// Begins at `now`, with the open packet still to be sent.
  conversation(const limits& within, std::string transport_id, std::string socket_id, time now);

  std::string opening() const;

  /// A text message of the transport. Nothing is to be taken after a close.
  reaction take(std::string_view text, time now);
  reaction wait(time now);

 private:
  reaction take_event(const packet& event);

  limits limits_;
  std::string transport_id_;
  std::string socket_id_;
  bool connected_ = false;            // to the namespace "/"
  bool pinged_ = false;               // the pong has not come
  std::optional<std::string> named_;  // by this token
  time auth_until_;
  time next_beat_;  // a ping is due, or its pong is late
};

}  // namespace mutirao::http::socketio
