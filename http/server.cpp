#include "http/server.hpp"

#include <utility>

#include "http/site.hpp"
#include "http/socketio/handshake.hpp"
#include "http/socketio/server.hpp"

namespace mutirao::http {
namespace {

std::shared_ptr<socketio::server> open_sockets(const std::shared_ptr<site>& of,
                                               const edge_limits& limits) {
  const auto& given = of->given();
  socketio::hooks hooks;
  hooks.named = [of](const std::shared_ptr<socketio::socket>& who, const std::string& token) {
    of->name_socket(who, token);
  };
  hooks.count = [log = given.log](std::size_t open) {
    log->set(gauge::sockets, static_cast<double>(open));
  };
  hooks.cut_slow = [log = given.log] {
    log->add(counter::sockets_cut_slow, 1);
    log->log(log_level::debug, "socket_cut_slow", {});
  };
  return std::make_shared<socketio::server>(given.options.sockets, limits.take_deadline,
                                            *given.chance, std::move(hooks));
}

}  // namespace

expected<std::unique_ptr<server>> server::start(caf::actor_system& system, service what,
                                                const listen_address& address, int threads,
                                                const edge_limits& limits) {
  auto made = std::unique_ptr<server>(new server);
  made->site_ = std::make_shared<site>(system, std::move(what));
  made->sockets_ = open_sockets(made->site_, limits);
  auto hooks = hooks_of(made->site_);
  hooks.upgrade = [sockets = made->sockets_](const request& wanted, handed_socket&& socket) {
    if (!socketio::is_socket_path(wanted.path) || socketio::refuse(wanted, true)) return false;
    return sockets->take(std::move(socket));
  };
  auto edge = edge_server::start(address, threads, limits, std::move(hooks));
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
  if (sockets_) sockets_->stop();
  if (edge_) edge_->stop();
  if (site_) site_->stop();
}

edge_counters server::counters() const {
  return edge_->counters();
}

}  // namespace mutirao::http
