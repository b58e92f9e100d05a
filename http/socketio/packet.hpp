// The packets of Engine.IO 4 and, inside its messages, of Socket.IO 5 (together: Socket.IO v4), as
// text. https://socket.io/docs/v4/engine-io-protocol/ and .../socket-io-protocol/
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace mutirao::http::socketio {

/// What clients send, as far as it matters here.
struct packet {
  enum class kind {
    connect,     // to a namespace
    event,       // of a namespace; with a name
    disconnect,  // from a namespace
    pong,
    close,    // of the transport
    ignored,  // well-formed, and nothing to us: acknowledgements, binary events, unknown ones
  };
  kind what = kind::ignored;
  std::string name_space = "/";
  std::string name;   // of an event
  std::string token;  // of an event: `token` of its first argument, where that is a text
};

/// Nothing: garbage, after which the transport is to be closed.
std::optional<packet> parse_packet(std::string_view text);

/// The first packet of a transport.
std::string open_packet(std::string_view sid, std::chrono::milliseconds ping_interval,
                        std::chrono::milliseconds ping_timeout, std::size_t max_payload);
inline constexpr std::string_view ping_packet = "2";

/// The answers to a connect; of the namespace "/", and of any other.
std::string connected_packet(std::string_view sid);
std::string connect_error_packet(std::string_view name_space, std::string_view message);

/// `name` is ours, without characters that JSON escapes; `argument` is JSON.
std::string event_packet(std::string_view name, std::string_view argument);

}  // namespace mutirao::http::socketio
