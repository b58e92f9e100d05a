// The running service as one thing: database, actors and HTTP, started and stopped in order.
#pragma once

#include <array>
#include <atomic>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "app/calendar.hpp"
#include "app/heap_trimmer.hpp"
#include "app/options.hpp"
#include "app/randomness.hpp"
#include "app/telemetry.hpp"
#include "app/wiring.hpp"
#include "domain/error.hpp"
#include "http/server.hpp"
#include "storage/open.hpp"

namespace mutirao::app {

class service_runtime {
 public:
  /// Opens the database, spawns the actors, listens, then takes up what an earlier process left.
  /// Block the signals that are waited for before: every thread begins here. The error's detail is
  /// for the operator.
  static expected<std::unique_ptr<service_runtime>> start(const serve_options& options);
  ~service_runtime();
  service_runtime(const service_runtime&) = delete;
  service_runtime& operator=(const service_runtime&) = delete;

  /// `http://127.0.0.1:5000`
  std::string url() const;

  /// The units that are stored, for the token of --dev.
  std::vector<named_unit> units();

  /// What is done now and then: jobs by state are counted, memory that an onslaught left is given
  /// back. Call it about once a second; it takes at most a fiftieth of a processor.
  void tick();

  /// New requests get 503, readiness goes false, running batches commit, unfinished jobs are given
  /// back; then everything ends. False where batches were still out at the end of the patience;
  /// their jobs are taken up at the next start.
  bool drain_and_stop();

  const clock& time() const { return *time_; }
  telemetry& log() { return *telemetry_; }

  /// How the gateway beside this service does, for the measures.
  void show_gateway(std::uint64_t restarts, bool up);

 private:
  explicit service_runtime(const serve_options& options);
  expected<void> open();
  expected<void> listen();
  void log_start();
  void read_measures(metrics& to) const;
  void count_jobs_by_state();
  void give_memory_back();

  serve_options options_;
  job_types types_;
  std::unique_ptr<clock> time_;
  tz_calendar zones_;
  system_randomness chance_;
  secret_randomness secrets_;
  std::unique_ptr<password_hasher> hasher_;
  std::unique_ptr<service_telemetry> telemetry_;
  webhook_rules webhooks_;
  std::unique_ptr<storage::database> database_;
  std::unique_ptr<reads> own_reader_;  // of the thread that calls tick()
  caf::actor_system_config actor_config_;
  std::unique_ptr<caf::actor_system> actors_;
  std::unique_ptr<wiring> wiring_;
  std::unique_ptr<http::server> server_;
  std::atomic<bool> ready_ = false;
  std::array<std::atomic<std::int64_t>, job_state_count> jobs_by_state_{};
  std::chrono::steady_clock::time_point next_count_;
  heap_trimmer trimmer_;
};

/// `http://HOST:PORT`, an IPv6 address in brackets.
std::string url_of(const std::string& host, std::uint16_t port);

}  // namespace mutirao::app
