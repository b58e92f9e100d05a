#include "app/commands/serve_options.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <thread>

#include "app/clock.hpp"
#include "app/commands/common.hpp"
#include "app/logfmt.hpp"
#include "app/secret.hpp"
#include "storage/open.hpp"

namespace mutirao::app {
namespace {

using kind = option_spec::kind;
using std::chrono::hours;

constexpr std::int64_t any_size = std::numeric_limits<std::int64_t>::max();
constexpr int most_threads = 64;
constexpr hours longest_lease{1};

int processors() {
  return static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
}

int threads(option_reader& given, std::string_view option, int fallback) {
  return static_cast<int>(given.optional_integer(option, 1, most_threads).value_or(fallback));
}

service_limits read_limits(option_reader& given, bool dev) {
  service_limits limits;
  limits.max_jobs_per_user = given.integer("max-jobs-per-user", 1, any_size);
  limits.max_jobs = given.integer("max-jobs", 1, any_size);
  limits.max_live_jobs = given.integer("max-live-jobs", 1, 100'000);
  limits.job_deadline = given.duration("job-deadline", milliseconds(1));
  limits.stall_after = given.duration("stall-after", milliseconds(1));
  limits.crash_limit = static_cast<int>(given.integer("crash-limit", 1, 1000));
  limits.max_streams_per_user = given.integer("max-streams-per-user", 1, any_size);
  limits.client_timeout = given.duration("client-timeout", milliseconds(1));
  if (!given.flag("lift-limits")) return limits;
  if (!dev) given.complain("lift-limits", "only with --dev");
  limits.max_jobs_per_user = limits.max_jobs = limits.max_streams_per_user = any_size;
  return limits;
}

void read_listen(option_reader& given, serve_options& options) {
  if (const auto address = parse_listen(given.text("listen"))) {
    options.listen = *address;
  } else {
    given.complain("listen", "\"" + given.text("listen") +
                                 "\" is not HOST:PORT, e.g. 127.0.0.1:5000 or [::1]:0");
  }
  if (options.dev && !is_loopback(options.listen)) {
    given.complain("listen",
                   "--dev answers on this machine only; give a loopback address, e.g. "
                   "127.0.0.1:5000, or leave --dev out and set MUTIRAO_JWT_SECRET");
  }
}

// What only a database that several processes work on has a use for.
void read_place_among_others(option_reader& given, serve_options& options) {
  const bool alone = !storage::is_postgres(options.database);
  options.database_direct = given.text("database-direct");
  if (!options.database_direct.empty() && !storage::is_postgres(options.database_direct)) {
    given.complain("database-direct", "is no postgres:// URL");
  }
  options.limits.lease = given.duration("lease", std::chrono::seconds(1));
  if (options.limits.lease > longest_lease) given.complain("lease", "is 1h at most");
  const auto role = given.text("role");
  if (role == "web") {
    options.role = node_role::web;
  } else if (role == "worker") {
    options.role = node_role::worker;
  } else if (role != "all") {
    given.complain("role", "\"" + role + "\" is not all, web or worker");
  }
  for (const std::string_view option : {"with-gateway", "listen"}) {
    if (options.role == node_role::worker && given.given(option)) {
      given.complain(option, "goes with a process that takes requests; --role worker takes none");
    }
  }
  for (const std::string_view option : {"role", "database-direct", "lease"}) {
    if (alone && given.given(option)) {
      given.complain(option, "goes with --database postgres://..., which several processes share");
    }
  }
}

std::vector<option_spec> gateway_child_table() {
  return {
      {"with-gateway", kind::flag, "", "start a gateway for CAF nodes beside, and keep it", ""},
      {"gateway-listen", kind::value, "HOST:PORT", "its address", "127.0.0.1:5001"},
      {"gateway-certificate", kind::value, "FILE", "its certificate, PEM (see `mutirao certs`)",
       ""},
      {"gateway-key", kind::value, "FILE", "the certificate's key, PEM", ""},
      {"gateway-ca", kind::value, "FILE", "the CA that its peers' certificates come from", ""},
      {"gateway-insecure", kind::flag, "", "plain text; loopback only", ""},
  };
}

// What stands in them is the gateway's own business: it does not start where it is wrong.
std::optional<gateway_child_options> read_gateway(option_reader& given) {
  if (!given.flag("with-gateway")) {
    for (const auto& each : gateway_child_table()) {
      if (given.given(each.name)) given.complain(each.name, "goes with --with-gateway");
    }
    return std::nullopt;
  }
  gateway_child_options options;
  options.listen = given.text("gateway-listen");
  for (const std::string part : {"certificate", "key", "ca"}) {
    const auto file = given.text("gateway-" + part);
    if (file.empty() && !given.flag("gateway-insecure")) {
      given.complain("gateway-" + part,
                     "is missing: make certificates with `mutirao certs`, or try it out with "
                     "--gateway-insecure on a loopback address");
    }
    if (file.empty()) continue;
    options.arguments.insert(options.arguments.end(), {"--" + part, file});
  }
  if (given.flag("gateway-insecure")) options.arguments.push_back("--insecure");
  return options;
}

}  // namespace

std::vector<option_spec> serve_option_table() {
  std::vector<option_spec> all{
      {"listen", kind::value, "HOST:PORT", "address of the HTTP API; port 0: any free one",
       "127.0.0.1:5000"},
      database_option(),
      {"database-direct", kind::value, "URL",
       "the server itself, where --database names a pooler before it", ""},
      {"role", kind::value, "ROLE",
       "all; web: takes requests, runs no job; worker: runs jobs, opens no port", "all"},
      {"lease", kind::value, "TIME",
       "PostgreSQL: a dead process's jobs go to others within it, 1s to 1h", "5s"},
      {"timezone", kind::value, "ZONE", "whose date is today", "America/Sao_Paulo"},
      {"workers", kind::value, "N", "planners of batches (the processors, 2 to 8)", ""},
      {"readers", kind::value, "N", "connections that answer questions (as workers)", ""},
      {"http-threads", kind::value, "N", "threads of the HTTP edge (the processors, 1 to 4)", ""},
      {"drain-timeout", kind::value, "TIME", "how long SIGTERM lets running batches commit", "30s"},
      {"retention", kind::value, "TIME",
       "how long ended jobs and read notifications are kept, 1h at least", "24h"},
      {"max-jobs-per-user", kind::value, "N", "unfinished jobs of a user; more: 429", "1000"},
      {"max-jobs", kind::value, "N", "unfinished jobs of all; more: 503", "100000"},
      {"max-live-jobs", kind::value, "N", "jobs that run at a time; others wait", "512"},
      {"job-deadline", kind::value, "TIME", "how long a job may run; waiting does not count", "1h"},
      {"stall-after", kind::value, "TIME",
       "a batch that nothing comes back of for so long is given out again once, then failed",
       "60s"},
      {"crash-limit", kind::value, "N",
       "deaths of the process by one suspect job before it is failed", "3"},
      {"max-streams-per-user", kind::value, "N", "open streams and sockets of a user", "3000"},
      {"client-timeout", kind::value, "TIME", "a client that takes nothing for so long is cut",
       "30s"},
      {"max-connections", kind::value, "N", "more are answered 503; 0: from the descriptor limit",
       "0"},
      {"cors-origin", kind::list, "ORIGIN", "origin that browsers may call from (repeatable)", ""},
      {"admin-cargos", kind::list, "N,N", "values of the claim cargoId that mean admin", ""},
      secret_file_option(),
      {"log-level", kind::value, "LEVEL", "debug, info, warning or error", "info"},
      {"dev", kind::flag, "", "make up a secret, print a ready token; loopback only", ""},
      {"lift-limits", kind::flag, "",
       "with --dev: any number of unfinished jobs and of streams, for load tests", ""},
  };
  for (auto& option : webhook_option_table()) all.push_back(std::move(option));
  for (auto& option : gateway_child_table()) all.push_back(std::move(option));
  return all;
}

serve_options read_serve_options(option_reader& given) {
  serve_options options;
  options.dev = given.flag("dev");
  read_listen(given, options);
  options.database = read_database(given);
  options.timezone = given.text("timezone");
  if (const auto zone = system_clock_in(options.timezone); !zone) {
    given.complain("timezone", zone.error().detail);
  }
  options.workers = threads(given, "workers", std::clamp(processors(), 2, 8));
  options.readers = threads(given, "readers", options.workers);
  options.http_threads = threads(given, "http-threads", std::clamp(processors(), 1, 4));
  options.drain_timeout = given.duration("drain-timeout", milliseconds(1));
  options.retention = given.duration("retention", hours(1));
  options.limits = read_limits(given, options.dev);
  read_place_among_others(given, options);
  options.max_connections = given.integer("max-connections", 0, 1'000'000);
  options.cors_origins = given.texts("cors-origin");
  options.admin_cargos = given.integers("admin-cargos", 0);
  options.webhooks = read_webhook_options(given);
  options.gateway = read_gateway(given);
  if (const auto level = parse_log_level(given.text("log-level"))) {
    options.log.level = *level;
  } else {
    given.complain("log-level",
                   "\"" + given.text("log-level") + "\" is not debug, info, warning or error");
  }
  return options;
}

std::optional<http::listen_address> parse_listen(std::string_view text) {
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0) return std::nullopt;
  std::string_view host = text.substr(0, colon);
  if (host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  } else if (host.find(':') != std::string_view::npos) {
    return std::nullopt;
  }
  const std::string_view digits = text.substr(colon + 1);
  http::listen_address address;
  const char* const end = digits.data() + digits.size();
  const auto [rest, failure] = std::from_chars(digits.data(), end, address.port);
  if (failure != std::errc{} || rest != end || host.empty()) return std::nullopt;
  address.host = host;
  return address;
}

bool is_loopback(const http::listen_address& address) {
  return address.host == "localhost" || address.host == "::1" || address.host.starts_with("127.");
}

}  // namespace mutirao::app
