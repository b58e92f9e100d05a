// The service behind the edge: finds the route of a request, who asks, and lets the handler answer.
#pragma once

#include <caf/fwd.hpp>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "http/context.hpp"
#include "http/edge/hooks.hpp"
#include "http/router.hpp"
#include "http/socketio/socket.hpp"

namespace mutirao::http {

struct exchange;

/// Safe from any thread, but stop().
class site {
 public:
  site(caf::actor_system& system, service what);

  /// Answers through `out`, now or later. Does not wait.
  void handle(request&& what, reply out) const;

  /// Bytes that a body on this route may have.
  /// A route that takes more than others has its caller identified before the body is read.
  tl::expected<std::size_t, errc> body_limit(method verb, std::string_view path,
                                             const header_values& headers) const;

  /// The edge's own errors.
  response problem(errc why, const refused_request& what) const;

  /// A socket says by `token` who it is: it is told what concerns its user, or refused.
  void name_socket(const std::shared_ptr<socketio::socket>& who, const std::string& token) const;

  /// Measures an answer and logs it at debug.
  void observe(const observation& seen) const;

  /// Ends every listener in order; returns when all have ended.
  void end_streams();

  /// Asks nothing more and drops what was asked; returns when nothing runs any more.
  void stop();

  const service& given() const { return shared_->given; }
  const router& routes() const { return routes_; }

 private:
  void dispatch(const std::shared_ptr<exchange>& at) const;
  expected<verified_token> identify(const exchange& at, access how) const;
  void refuse_route(const exchange& at, const router::match& where) const;

  std::shared_ptr<context> shared_;
  router routes_;
};

/// Hooks that keep `of` alive.
edge_hooks hooks_of(std::shared_ptr<const site> of);

}  // namespace mutirao::http
