#include "http/socketio/handshake.hpp"

#include "http/query.hpp"

namespace mutirao::http::socketio {

bool is_socket_path(std::string_view path) {
  return path == "/socket.io/" || path == "/socket.io";
}

std::optional<refusal> refuse(const request& what, bool upgrades) {
  const query asked(what.query);
  if (asked.get("transport").value_or("") != "websocket") return refusal{0, "Transport unknown"};
  if (asked.get("sid")) return refusal{1, "Session ID unknown"};
  if (what.method != method::get) return refusal{2, "Bad handshake method"};
  if (asked.get("EIO").value_or("") != "4") return refusal{5, "Unsupported protocol version"};
  if (!upgrades) return refusal{3, "Bad request"};
  return std::nullopt;
}

std::string to_json(const refusal& why) {
  return "{\"code\":" + std::to_string(why.code) + ",\"message\":\"" + std::string(why.message) +
         "\"}";
}

}  // namespace mutirao::http::socketio
