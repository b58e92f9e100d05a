#include "gateway/gateway.hpp"

#include <caf/io/middleman.hpp>
#include <caf/openssl/manager.hpp>
#include <caf/scoped_actor.hpp>

#include "gateway/door.hpp"

namespace mutirao::gateway {
namespace {

constexpr std::size_t scheduler_threads = 2;
constexpr std::chrono::seconds patience_to_open{10};
constexpr std::chrono::seconds longest_pause_of_ticks{5};
// Beyond the silence of a link, so that CAF cuts those that it watches itself.
constexpr std::chrono::milliseconds guard_slack{2'000};

// A class, since CAF binds a null reference where a function has no arguments.
class anchor final : public caf::event_based_actor {
 public:
  using caf::event_based_actor::event_based_actor;

 protected:
  caf::behavior make_behavior() override {
    return {[](again_atom) {}};
  }
};

void add_v1_types(caf::actor_system_config& config) {
  config.add_message_types<caf::id_block::mutirao_v1>();
}

caf::strong_actor_ptr spawn_v1_door(caf::actor_system& system, surroundings_ptr around) {
  return caf::actor_cast<caf::strong_actor_ptr>(
      system.spawn(run_door<version_1>, std::move(around)));
}

std::set<std::string> v1_interface(const caf::actor_system& system) {
  return system.message_types(caf::detail::type_list<door_of<version_1>>{});
}

}  // namespace

served_versions version_1_alone() {
  return {add_v1_types, {std::string(v1::app_identifier)}, spawn_v1_door, v1_interface};
}

tl::expected<std::unique_ptr<running_gateway>, std::string> running_gateway::start(
    gateway_options options, const served_versions& versions) {
  std::unique_ptr<running_gateway> made(new running_gateway(std::move(options)));
  if (auto opened = made->open(versions); !opened) return tl::unexpected(opened.error());
  return made;
}

tl::expected<void, std::string> running_gateway::open(const served_versions& versions) {
  if (options_.tls) {
    auto files = tls_files::load(*options_.tls);
    if (!files) return tl::unexpected(files.error());
    tls_.emplace(*std::move(files));
    config_.openssl_certificate = tls_->paths().certificate;
    config_.openssl_key = tls_->paths().key;
    config_.openssl_cafile = tls_->paths().ca;
  }
  versions.add_types(config_);
  config_.set("middleman.app-identifiers", versions.app_identifiers);
  config_.set("middleman.heartbeat-interval", caf::timespan(options_.heartbeat));
  config_.set("middleman.connection-timeout", caf::timespan(options_.silence));
  config_.set("scheduler.max-threads", scheduler_threads);
  config_.set("scheduler.policy", caf::atom("sharing"));
  config_.load<caf::io::middleman>();
  if (tls_) config_.load<caf::openssl::manager>();

  service_ = std::make_unique<rest::transfers>(options_.url);
  system_ = std::make_unique<caf::actor_system>(config_);
  anchor_ = system_->spawn<anchor>();
  auto around = std::make_shared<surroundings>();
  around->service = service_.get();
  around->server = options_.server;
  around->limits = options_.limits;
  around->anchor = anchor_;
  around->log = options_.log;
  around_ = around;

  publication what;
  what.spawn_door = [around = around_, spawn = versions.spawn_door](caf::actor_system& system) {
    return spawn(system, around);
  };
  what.interface = versions.interface(*system_);
  what.net = tls_ ? system_->openssl_manager().actor_handle() : system_->middleman().actor_handle();
  what.host = options_.host;
  what.port = options_.port;
  what.log = options_.log;
  keeper_ = system_->spawn(run_keeper, std::move(what));

  std::string problem;
  caf::scoped_actor self{*system_};
  self->request(keeper_, patience_to_open, open_atom::value)
      .receive([this](std::uint16_t port) { port_ = port; },
               [&problem](const caf::error& why) { problem = caf::to_string(why); });
  if (problem.empty()) return {};
  return tl::unexpected("cannot listen on " + options_.host + ":" + std::to_string(options_.port) +
                        ": " + problem + "; choose another address with --listen HOST:PORT");
}

bool running_gateway::tick(std::chrono::milliseconds patience) {
  const auto seen =
      guard_connections(port_, {options_.silence + guard_slack, options_.connections});
  if (seen.cut > 0) {
    options_.log("gateway_connections_cut", {{"cut", std::to_string(seen.cut)},
                                             {"open", std::to_string(seen.open - seen.cut)}});
  }
  const auto now = steady::now();
  // After a halt of the whole process nobody had the time to stir.
  const bool was_halted = now - std::exchange(last_tick_, now) > longest_pause_of_ticks;
  if (was_halted) *stirred_ = now.time_since_epoch().count();
  caf::anon_send(keeper_, continuation{[stirred = stirred_] {
                   *stirred = steady::now().time_since_epoch().count();
                 }});
  const steady::time_point last{steady::duration(stirred_->load())};
  return now - last < patience;
}

// No actor may be left, nor a handle, when the system goes: it would wait for them for ever.
running_gateway::~running_gateway() {
  if (keeper_) caf::anon_send_exit(keeper_, caf::exit_reason::user_shutdown);
  if (anchor_) caf::anon_send_exit(anchor_, caf::exit_reason::user_shutdown);
  keeper_ = nullptr;
  anchor_ = nullptr;
  around_.reset();
  if (service_) service_->stop();  // it holds handles of who asked
  system_.reset();
}

}  // namespace mutirao::gateway
