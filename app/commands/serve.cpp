#include <algorithm>
#include <memory>
#include <ostream>

#include "app/commands/commands.hpp"
#include "app/commands/common.hpp"
#include "app/commands/serve_options.hpp"
#include "app/gateway_child.hpp"
#include "app/made_up_users.hpp"
#include "app/secret.hpp"
#include "app/service_runtime.hpp"
#include "app/signals.hpp"

namespace mutirao::app {
namespace {

constexpr std::chrono::seconds closing{2};  // beyond the time of the drain: the service, a gateway

expected<std::string> secret_for(const option_reader& given, bool dev) {
  auto secret = find_secret(given);
  if (!secret || !secret->empty()) return secret;
  if (dev) return make_secret();
  return fail(errc::invalid_field,
              "no secret to check tokens with: set MUTIRAO_JWT_SECRET or --jwt-secret-file (32 "
              "bytes or more), or try it out with --dev");
}

// The token of --dev: an admin's, good for a day, with the units that are stored.
expected<std::string> dev_token(service_runtime& service, const std::string& secret) {
  http::token_claims claims;
  const auto admin = made_up_admin();
  claims.user = admin.id;
  claims.name = admin.name;
  claims.email = admin.email;
  claims.units = service.units();
  if (claims.units.size() > http::most_units_of_token) claims.units.clear();
  claims.admin = true;
  claims.issued_at = service.time().now();
  claims.lifetime = std::chrono::hours(24);
  return http::sign(claims, secret);
}

// The service's own address, as this machine reaches it.
std::string local_url(const std::string& url) {
  const auto port = url.substr(url.rfind(':'));
  if (url.starts_with("http://0.0.0.0:")) return "http://127.0.0.1" + port;
  return url.starts_with("http://[::]:") ? "http://[::1]" + port : url;
}

void run_beside(service_runtime& service, gateway_child* gateway) {
  constexpr std::chrono::milliseconds look(1'000);
  while (!wait_for_stop_signal(gateway ? std::min(look, gateway->until_next_look()) : look)) {
    service.tick();
    if (gateway == nullptr) continue;
    gateway->look();
    service.show_gateway(gateway->restarts(), gateway->up());
  }
}

int run_until_stopped(const serve_options& options, const console& terminal) {
  block_stop_signals();
  raise_descriptor_limit();
  auto service = service_runtime::start(options);
  if (!service) return report_failure(terminal, "serve", service.error());
  if (options.role == node_role::worker) {
    terminal.out << "working on " << storage::shown(options.database) << '\n';
  } else {
    terminal.out << "listening on " << (*service)->url() << '\n';
  }
  std::unique_ptr<gateway_child> gateway;
  if (options.gateway) {
    gateway = std::make_unique<gateway_child>(*options.gateway, (*service)->log());
    const auto address = gateway->start(local_url((*service)->url()));
    if (!address) {
      return address.error().code == errc::invalid_field
                 ? report_wrong_use(terminal, "serve", address.error())
                 : report_failure(terminal, "serve", address.error());
    }
    (*service)->show_gateway(0, true);
    terminal.out << "listening on " << *address << '\n';
  }
  if (options.dev && options.role != node_role::worker) {
    const auto token = dev_token(**service, options.jwt_secret);
    if (!token) return report_failure(terminal, "serve", token.error());
    terminal.out << "token: " << *token << '\n';
  }
  terminal.out.flush();
  run_beside(**service, gateway.get());
  end_at_next_stop_signal();
  // A planner may be busy for longer; what it was given is taken up at the next start.
  end_anyway_after(std::chrono::ceil<std::chrono::seconds>(options.drain_timeout) + closing);
  if (gateway) gateway->ask_to_stop();
  (*service)->drain_and_stop();
  if (gateway) gateway->finish(closing);
  return exit_done;
}

int run_serve(option_reader& given, const console& terminal) {
  serve_options options = read_serve_options(given);
  if (!given.problems().empty()) return exit_wrong_use;
  auto secret = secret_for(given, options.dev);
  if (!secret) return report_wrong_use(terminal, "serve", secret.error());
  options.jwt_secret = std::move(*secret);
  return run_until_stopped(options, terminal);
}

}  // namespace

command_spec serve_command() {
  return {"serve",
          "runs the service",
          "MUTIRAO_JWT_SECRET=$(openssl rand -hex 32) mutirao serve --listen 0.0.0.0:5000 "
          "--database sqlite:/var/lib/mutirao/mutirao.db",
          serve_option_table(),
          {},
          run_serve};
}

}  // namespace mutirao::app
