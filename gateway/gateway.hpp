// The gateway as one thing: an actor system with an open port, started and stopped in order.
#pragma once

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <tl/expected.hpp>

#include "gateway/connection_guard.hpp"
#include "gateway/keeper.hpp"
#include "gateway/surroundings.hpp"
#include "gateway/tls_files.hpp"

namespace mutirao::gateway {

struct gateway_options {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;
  std::string url = "http://127.0.0.1:5000";  // of the service
  std::optional<tls_paths> tls;               // nothing: plain text, for this machine alone
  std::chrono::milliseconds heartbeat{protocol::usual_heartbeat_ms};
  std::chrono::milliseconds silence{protocol::usual_silence_ms};
  std::size_t connections = 2'000;
  std::string server;  // a version, for the welcome
  session_limits limits;
  log_line log = [](auto, const auto&) {};
};

/// Which versions are served: what a node must know of them. See version_1 in door.hpp.
struct served_versions {
  void (*add_types)(caf::actor_system_config&);
  std::vector<std::string> app_identifiers;
  caf::strong_actor_ptr (*spawn_door)(caf::actor_system&, surroundings_ptr);
  std::set<std::string> (*interface)(const caf::actor_system&);
};
served_versions version_1_alone();

class running_gateway {
 public:
  /// Block the signals that are waited for before. The error is for the operator.
  static tl::expected<std::unique_ptr<running_gateway>, std::string> start(
      gateway_options options, const served_versions& versions = version_1_alone());
  ~running_gateway();
  running_gateway(const running_gateway&) = delete;
  running_gateway& operator=(const running_gateway&) = delete;

  std::uint16_t port() const { return port_; }
  std::size_t sessions() const { return *around_->sessions; }

  /// Cuts silent connections. Call it about once a second. False: the door has not stirred for
  /// `patience`, so that nobody is served any more and the process had better end.
  bool tick(std::chrono::milliseconds patience = std::chrono::seconds(20));

 private:
  explicit running_gateway(gateway_options options) : options_(std::move(options)) {}
  tl::expected<void, std::string> open(const served_versions& versions);

  gateway_options options_;
  std::optional<tls_files> tls_;
  std::unique_ptr<rest::transfers> service_;
  caf::actor_system_config config_;
  std::unique_ptr<caf::actor_system> system_;
  std::shared_ptr<const surroundings> around_;
  caf::actor anchor_;
  caf::actor keeper_;
  std::uint16_t port_ = 0;
  using steady = std::chrono::steady_clock;
  std::shared_ptr<std::atomic<steady::rep>> stirred_ =
      std::make_shared<std::atomic<steady::rep>>(steady::now().time_since_epoch().count());
  steady::time_point last_tick_;
};

}  // namespace mutirao::gateway
