#include "app/service_runtime.hpp"

#include <malloc.h>

#include <algorithm>
#include <caf/typed_event_based_actor.hpp>
#include <thread>
#include <utility>

#include "app/clock.hpp"
#include "app/import/reading.hpp"
#include "app/job_types.hpp"
#include "app/made_up_users.hpp"
#include "app/passwords.hpp"
#include "app/signals.hpp"
#include "app/version.hpp"
#include "app/webhooks/payload.hpp"
#include "app/webhooks/sender.hpp"

namespace mutirao::app {
namespace {

// Actors without a thread of their own do little; more threads would only steal from each other.
std::size_t scheduler_threads() {
  return std::clamp<std::size_t>(std::thread::hardware_concurrency(), 2, 4);
}

// Webhooks on their way at a time. Each takes a socket, and a pair while its name is looked up.
constexpr std::size_t most_transfers = 64;
constexpr std::size_t descriptors_a_transfer = 3;

std::size_t transfers() {
  return std::clamp<std::size_t>(descriptor_limit() / 32, 4, most_transfers);
}

webhook_wiring webhook_wiring_of(const webhook_options& options) {
  auto with = std::make_shared<sender_options>();
  with->secrets = options.secrets;
  with->allowed = options.allowed;
  with->timeout = options.timeout;
  with->connect_timeout = std::min(with->connect_timeout, options.timeout);
  webhook_wiring made;
  made.spawn_sender = [with =
                           std::shared_ptr<const sender_options>(with)](caf::actor_system& system) {
    return system.spawn<caf::detached>(run_sender, with);
  };
  made.courier.retry = options.retry;
  made.courier.transfers = transfers();
  made.courier.for_silent = transfers() / 2;
  return made;
}

// Of the time within which a dead process's jobs go to others; the rest is for their look.
milliseconds lease_of(const service_limits& limits) {
  return 4 * limits.lease / 5;
}

wiring_options wiring_of(const serve_options& options) {
  wiring_options made;
  made.readers = static_cast<std::size_t>(options.readers);
  made.pool.workers = static_cast<std::size_t>(options.workers);
  made.supervisor.live_jobs = static_cast<std::size_t>(options.limits.max_live_jobs);
  made.pool.stall_after = made.run.stall_after = options.limits.stall_after;
  made.run.deadline = options.limits.job_deadline;
  made.supervisor.deaths = options.limits.crash_limit;
  made.supervisor.crash_limit = options.limits.crash_limit;
  made.retention.emplace().keep = options.retention;
  made.notifier.listeners_per_user = static_cast<std::size_t>(options.limits.max_streams_per_user);
  if (options.webhooks.on()) made.webhooks = webhook_wiring_of(options.webhooks);
  made.supervisor.lease = lease_of(options.limits);
  // So many that some may be late.
  made.supervisor.heartbeat = options.limits.lease / 5;
  made.listening.look_again = std::min(made.listening.look_again, options.limits.lease / 10);
  if (options.role == node_role::web) made.supervisor.live_jobs = 0;
  made.supervisor.admission = {options.limits.max_jobs_per_user, options.limits.max_jobs};
  return made;
}

std::string_view name_of(node_role role) {
  return role == node_role::web ? "web" : role == node_role::worker ? "worker" : "all";
}

// Left of the time for draining once the connections and actors have to end too.
milliseconds patience_of(milliseconds timeout) {
  return timeout - std::min(milliseconds(1000), timeout / 4);
}

}  // namespace

std::string url_of(const std::string& host, std::uint16_t port) {
  const bool bare_ipv6 = host.find(':') != std::string::npos && host.front() != '[';
  return "http://" + (bare_ipv6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

service_runtime::service_runtime(const serve_options& options)
    : options_(options), types_(registered_job_types(options.dev)) {
  // Also where none are sent now: what happens meanwhile is told once they are.
  webhooks_.endpoints = options_.webhooks.endpoints;
  webhooks_.render = [this](std::string_view type, instant at, const job_view& job) {
    return render_webhook(type, at, job, types_);
  };
  actor_config_.set("scheduler.max-threads", scheduler_threads());
  // As fast as stealing here, at half the processor time while there is little to do.
  actor_config_.set("scheduler.policy", caf::atom("sharing"));
}

expected<std::unique_ptr<service_runtime>> service_runtime::start(const serve_options& options) {
  std::unique_ptr<service_runtime> made(new service_runtime(options));
  if (auto opened = made->open(); !opened) return tl::unexpected(opened.error());
  if (options.role != node_role::worker) {
    if (auto listening = made->listen(); !listening) return tl::unexpected(listening.error());
  }
  made->tick();
  made->log_start();
  made->wiring_->recover();
  made->ready_ = true;
  return made;
}

expected<void> service_runtime::open() {
  auto database = storage::open_database(options_.database, types_,
                                         {.owner = "mutirao serve",
                                          .webhooks = &webhooks_,
                                          .lease = lease_of(options_.limits),
                                          .direct = options_.database_direct});
  if (!database) return tl::unexpected(database.error());
  database_ = std::move(*database);
  time_source source;
  if (database_->now()) source = [from = database_.get()] { return *from->now(); };
  auto time = system_clock_in(options_.timezone, std::move(source));
  if (!time) return tl::unexpected(time.error());
  time_ = std::move(*time);
  auto reader = database_->reader();
  if (!reader) return tl::unexpected(reader.error());
  own_reader_ = std::move(*reader);
  telemetry_ = std::make_unique<service_telemetry>(options_.log.level, *time_);
  telemetry_->measures().before_render([this](metrics& to) { read_measures(to); });
  auto hasher = argon2id_hasher();
  if (!hasher) return tl::unexpected(hasher.error());
  hasher_ = std::move(*hasher);
  actors_ = std::make_unique<caf::actor_system>(actor_config_);
  auto wired = wiring::start(*actors_,
                             {.database = database_.get(),
                              .types = &types_,
                              .time = time_.get(),
                              .chance = &chance_,
                              .log = telemetry_.get(),
                              .zones = &zones_,
                              .hasher = hasher_.get()},
                             wiring_of(options_));
  if (!wired) return tl::unexpected(wired.error());
  wiring_ = std::move(*wired);
  return {};
}

expected<void> service_runtime::listen() {
  http::service what;
  what.supervisor = wiring_->supervisor();
  what.store = wiring_->store();
  what.readers = wiring_->readers();
  what.notifier = wiring_->notifier();
  what.passwords = wiring_->passwords();
  if (options_.dev) what.made_up_users = made_up_users(units());
  what.types = &types_;
  auto names = own_reader_->read(list_names{});
  if (!names) return tl::unexpected(names.error());
  what.names = *std::move(names);
  what.read_import = read_import;
  what.clock = time_.get();
  what.zones = &zones_;
  what.options.time_zone = options_.timezone;
  what.log = telemetry_.get();
  what.chance = &secrets_;
  what.auth.secret = options_.jwt_secret;
  what.auth.admin_cargos = options_.admin_cargos;
  what.options.cors_origins = options_.cors_origins;
  what.options.callbacks = {options_.webhooks.takes_callbacks(), options_.webhooks.allowed};
  what.metrics_text = [this] { return telemetry_->render_metrics(); };
  what.ready = [this] {
    return ready_.load() && telemetry_->measures().value_of(gauge::database_away) == 0;
  };
  what.build.version = version();
  what.build.commit = commit();
  http::edge_limits limits;
  limits.take_deadline = options_.limits.client_timeout;
  limits.max_connections = static_cast<std::size_t>(options_.max_connections);
  if (options_.webhooks.on()) limits.spare_descriptors += descriptors_a_transfer * transfers();
  auto server = http::server::start(*actors_, std::move(what), options_.listen,
                                    options_.http_threads, limits);
  if (!server) {
    return fail(server.error().code,
                "cannot listen on " + url_of(options_.listen.host, options_.listen.port) + ": " +
                    server.error().detail + "; choose another address with --listen HOST:PORT");
  }
  server_ = std::move(*server);
  return {};
}

void service_runtime::log_start() {
  telemetry_->log(log_level::info, "service_started",
                  {{"version", version()},
                   {"commit", commit()},
                   {"url", url()},
                   {"role", name_of(options_.role)},
                   {"database", storage::shown(options_.database)},
                   {"schema", std::int64_t{database_->schema().now}},
                   {"interrupted_jobs", database_->interrupted()},
                   {"timezone", options_.timezone},
                   {"workers", std::int64_t{options_.workers}}});
}

std::string service_runtime::url() const {
  return server_ ? url_of(options_.listen.host, server_->port()) : std::string();
}

std::vector<named_unit> service_runtime::units() {
  list_units everything;
  everything.by.admin = true;
  return own_reader_->read(everything).value_or(std::vector<named_unit>{});
}

void service_runtime::show_gateway(std::uint64_t restarts, bool up) {
  telemetry_->measures().set_gateway(restarts, up);
}

void service_runtime::tick() {
  count_jobs_by_state();
  give_memory_back();
}

void service_runtime::give_memory_back() {
  if (!server_) return;
  const auto now = server_->counters();
  if (!trimmer_.is_due(now.accepted, now.open)) return;
  const auto before = resident_bytes();
  ::malloc_trim(0);
  const auto after = resident_bytes();
  trimmer_.gave_back(before - std::min(before, after));
}

void service_runtime::count_jobs_by_state() {
  const auto began = std::chrono::steady_clock::now();
  if (began < next_count_) return;
  const auto counts = own_reader_->read(count_jobs{});
  const auto ended = std::chrono::steady_clock::now();
  next_count_ = ended + 50 * (ended - began);
  if (!counts) {
    telemetry_->log(
        log_level::warning, "jobs_not_counted",
        {{"reason", to_string(counts.error().code)}, {"detail", counts.error().detail}});
    return;
  }
  for (std::size_t i = 0; i < counts->size(); ++i) jobs_by_state_[i] = (*counts)[i];
}

void service_runtime::read_measures(metrics& to) const {
  std::array<std::int64_t, job_state_count> counts{};
  for (std::size_t i = 0; i < counts.size(); ++i) counts[i] = jobs_by_state_[i];
  to.set_jobs(counts);
  if (server_) to.set_connections(server_->counters());
}

bool service_runtime::drain_and_stop() {
  ready_ = false;
  telemetry_->log(log_level::info, "service_draining",
                  {{"timeout_ms", std::int64_t{options_.drain_timeout.count()}}});
  if (server_) server_->drain();
  const auto released = wiring_->drain(patience_of(options_.drain_timeout));
  if (server_) server_->stop();
  wiring_->stop();
  telemetry_->log(log_level::info, "service_stopped",
                  {{"released_jobs", released.value_or(0)},
                   {"drained", std::string_view(released ? "yes" : "no")}});
  return released.has_value();
}

service_runtime::~service_runtime() {
  ready_ = false;
  if (server_) server_->stop();
  if (wiring_) wiring_->stop();
}

}  // namespace mutirao::app
