#include "app/telemetry.hpp"

#include <spdlog/async.h>
#include <spdlog/async_logger.h>
#include <unistd.h>

#include "app/descriptor_sink.hpp"
#include "app/logfmt.hpp"

namespace mutirao::app {
namespace {

constexpr std::size_t waiting_lines = 8192;

}  // namespace

service_telemetry::service_telemetry(log_level least, const clock& time)
    : service_telemetry(least, time, std::make_shared<descriptor_sink>(STDERR_FILENO)) {}

service_telemetry::service_telemetry(log_level least, const clock& time,
                                     std::shared_ptr<spdlog::sinks::sink> sink)
    : least_(least),
      time_(time),
      writer_(std::make_shared<spdlog::details::thread_pool>(waiting_lines, 1)),
      lines_(std::make_shared<spdlog::async_logger>(
          "mutirao", std::move(sink), writer_, spdlog::async_overflow_policy::overrun_oldest)) {
  lines_->set_pattern("%v");
  lines_->set_level(spdlog::level::trace);
}

service_telemetry::~service_telemetry() {
  for (const auto& sink : lines_->sinks()) {
    if (auto* slow = dynamic_cast<descriptor_sink*>(sink.get())) slow->hurry();
  }
}

void service_telemetry::log_span(log_level level, std::string_view event,
                                 std::span<const log_field> fields) {
  if (level < least_) return;
  const std::string line = render_line(time_.now(), level, event, fields);
  lines_->log(spdlog::level::info, spdlog::string_view_t(line.data(), line.size()));
}

std::string service_telemetry::render_metrics() {
  metrics_.set_dropped_lines(writer_->overrun_counter());
  return metrics_.render();
}

}  // namespace mutirao::app
