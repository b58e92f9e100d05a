// The HTTP server: the edge, with every route behind it.
#pragma once

#include <caf/fwd.hpp>
#include <cstdint>
#include <memory>

#include "http/edge/limits.hpp"
#include "http/edge/server.hpp"
#include "http/service.hpp"

namespace mutirao::http {

class site;
namespace socketio {
class server;
}

class server {
 public:
  /// Listens and answers on `threads` threads. Fails as edge_server::start does.
  static expected<std::unique_ptr<server>> start(caf::actor_system& system, service what,
                                                 const listen_address& address, int threads,
                                                 const edge_limits& limits = {});
  ~server();
  server(const server&) = delete;
  server& operator=(const server&) = delete;

  std::uint16_t port() const;

  /// New requests get 503; those that were taken before still get their answers.
  void drain();

  /// Ends streams and sockets in order, closes every connection and ends the actors that carry
  /// questions. Call it before the actors that are asked end, and before the actor system goes.
  /// Again: nothing.
  void stop();

  edge_counters counters() const;

 private:
  server() = default;

  std::shared_ptr<site> site_;
  std::shared_ptr<socketio::server> sockets_;
  std::unique_ptr<edge_server> edge_;
};

}  // namespace mutirao::http
