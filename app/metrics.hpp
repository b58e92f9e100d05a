// The measures of the service, as Prometheus reads them. Names begin with mutirao_; durations are
// in seconds.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "domain/job_state.hpp"
#include "domain/ports/telemetry.hpp"
#include "http/edge/server.hpp"

namespace mutirao::app {

/// Safe from any thread.
class metrics {
 public:
  metrics();
  ~metrics();
  metrics(const metrics&) = delete;
  metrics& operator=(const metrics&) = delete;

  void add(counter what, double amount);
  void set(gauge what, double value);
  double value_of(gauge what) const;
  void commit_took(std::chrono::duration<double> length);
  /// `route` is a pattern: few different ones.
  void request_took(std::string_view route, int status, std::chrono::duration<double> length);

  void set_jobs(const std::array<std::int64_t, job_state_count>& by_state);
  void set_connections(const http::edge_counters& counters);
  void set_dropped_lines(std::uint64_t lines);
  void set_gateway(std::uint64_t restarts, bool up);

  /// Called before each render, to set what is read rather than counted. Must not wait, and be safe
  /// from any thread. Set once, before the first render.
  void before_render(std::function<void(metrics&)> refresh);

  /// Prometheus text format 0.0.4.
  std::string render();

 private:
  struct families;
  std::unique_ptr<families> families_;
};

}  // namespace mutirao::app
