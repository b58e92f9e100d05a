#include "http/server.hpp"

#include <utility>

#include "http/site.hpp"

namespace mutirao::http {

expected<std::unique_ptr<server>> server::start(caf::actor_system& system, service what,
                                                const listen_address& address, int threads,
                                                const edge_limits& limits) {
  auto made = std::unique_ptr<server>(new server);
  made->site_ = std::make_shared<site>(system, std::move(what));
  auto edge = edge_server::start(address, threads, limits, hooks_of(made->site_));
  if (!edge) return tl::unexpected(edge.error());
  made->edge_ = *std::move(edge);
  return made;
}

server::~server() {
  stop();
}

std::uint16_t server::port() const {
  return edge_->port();
}

void server::drain() {
  edge_->drain();
}

void server::stop() {
  if (site_) site_->end_streams();  // while their last words can still be sent
  if (edge_) edge_->stop();
  if (site_) site_->stop();
}

edge_counters server::counters() const {
  return edge_->counters();
}

}  // namespace mutirao::http
