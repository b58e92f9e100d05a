// Logs and measures of the running service: logfmt lines through spdlog, measures through
// prometheus-cpp.
#pragma once

#include <memory>
#include <span>
#include <string>

#include "app/metrics.hpp"
#include "domain/ports/clock.hpp"
#include "domain/ports/telemetry.hpp"

namespace spdlog {
class async_logger;
namespace details {
class thread_pool;
}
namespace sinks {
class sink;
}
}  // namespace spdlog

namespace mutirao::app {

/// Lines are written by a thread of their own. Where the reader of stderr is slow, the oldest
/// waiting lines are dropped and counted, so that logging never holds an actor up.
class service_telemetry final : public telemetry {
 public:
  /// Lines below `least` are not rendered. `time` outlives this.
  service_telemetry(log_level least, const clock& time);
  /// Writes to `sink` instead of stderr.
  service_telemetry(log_level least, const clock& time, std::shared_ptr<spdlog::sinks::sink> sink);
  /// Writes what waits; what stderr does not take within a second is lost.
  ~service_telemetry() override;

  void log(log_level level, std::string_view event,
           std::initializer_list<log_field> fields) override {
    log_span(level, event, {fields.begin(), fields.size()});
  }
  /// The same for fields that are counted at run time.
  void log_span(log_level level, std::string_view event, std::span<const log_field> fields);
  void add(counter what, double amount) override { metrics_.add(what, amount); }
  void set(gauge what, double value) override { metrics_.set(what, value); }
  void commit_took(std::chrono::duration<double> length) override { metrics_.commit_took(length); }
  void request_took(std::string_view route, int status,
                    std::chrono::duration<double> length) override {
    metrics_.request_took(route, status, length);
  }

  metrics& measures() { return metrics_; }
  std::string render_metrics();

 private:
  log_level least_;
  const clock& time_;
  metrics metrics_;
  std::shared_ptr<spdlog::details::thread_pool> writer_;
  std::shared_ptr<spdlog::async_logger> lines_;
};

}  // namespace mutirao::app
