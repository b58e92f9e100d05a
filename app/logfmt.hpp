// One log line: key=value pairs separated by spaces, safe against values that hold line ends.
#pragma once

#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "domain/date.hpp"
#include "domain/ports/telemetry.hpp"

namespace mutirao::app {

/// `ts=2026-11-23T21:15:41.123Z level=info event=job_started user=7`. Values with a space, a quote,
/// an equals sign, a control character or nothing in them are quoted; within quotes `"`, `\` and
/// control characters are escaped, so that a line is one line and a value cannot pass for a pair.
/// Keys are ours: other characters than letters, digits, `_`, `.` and `-` become `_`.
std::string render_line(instant at, log_level level, std::string_view event,
                        std::span<const log_field> fields);
inline std::string render_line(instant at, log_level level, std::string_view event,
                               std::initializer_list<log_field> fields) {
  return render_line(at, level, event, std::span(fields.begin(), fields.size()));
}

/// The four names; nothing for another text.
std::optional<log_level> parse_log_level(std::string_view text);
std::string_view to_string(log_level level);

}  // namespace mutirao::app
