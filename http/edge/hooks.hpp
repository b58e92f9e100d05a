// What the edge asks of the rest of the service. Called from the edge's threads, several at a time.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "domain/error.hpp"
#include "http/edge/handed_socket.hpp"
#include "http/edge/reply.hpp"
#include "http/edge/request.hpp"
#include "http/edge/request_reader.hpp"
#include "http/edge/response.hpp"

namespace mutirao::http {

/// One answer, as metrics and logs want it. The views live during the call only.
struct observation {
  http::method method = http::method::other;  // `other` where it could not be read
  std::string_view path;
  std::string_view route;  // from reply::set_route, else empty
  int status = 0;
  std::chrono::nanoseconds duration{};  // head complete -> answer given (a stream: begun)
};

/// What an error of the edge's own answers; empty where it could not be read.
struct refused_request {
  std::string_view path;
  std::string_view accept_language;
  std::string_view origin;
};

struct edge_hooks {
  /// Must not wait: one thread serves many connections. What it throws becomes a 500 without text.
  std::function<void(request&&, reply)> handle;

  /// Bytes that the body of this request may have, or why not one of it is to be read. Without it
  /// edge_limits::body_bytes.
  request_reader::body_limit_function body_limit;

  /// Renders the edge's own errors: malformed_request, body_too_large, target_too_long,
  /// head_too_large, unsupported_transfer_coding, unsupported_version, unknown_route (a path with
  /// "//"), overloaded (the cap; a reply dropped unsent), draining, deadline, internal. Without it:
  /// bare statuses.
  std::function<response(errc, const refused_request&)> problem;

  /// A request that asks to upgrade (Connection: upgrade), without body and with nothing before it
  /// unanswered. True: `socket` was moved from and is no longer the edge's. False: it goes on as an
  /// ordinary request.
  std::function<bool(const request&, handed_socket&& socket)> upgrade;

  std::function<void(const observation&)> observe;

  /// What deadlines and durations are measured by. Tests stop it and turn it on by hand.
  std::function<std::chrono::steady_clock::time_point()> now = std::chrono::steady_clock::now;
};

}  // namespace mutirao::http
