// What a request for /socket.io/ must be to become a socket, and what it is told where it is not.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "http/edge/request.hpp"

namespace mutirao::http::socketio {

/// As engine.io answers, which its clients understand.
struct refusal {
  int code;
  std::string_view message;
};

bool is_socket_path(std::string_view path);

/// Nothing: it may become one. `upgrades`: it asks to.
std::optional<refusal> refuse(const request& what, bool upgrades);

/// The body of a 400.
std::string to_json(const refusal&);

}  // namespace mutirao::http::socketio
