// Durations as people write them in options: 500ms, 30s, 5m, 1h, 7d.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace mutirao::app {

/// One whole number and one of the units ms, s, m, h, d, without a space; zero is taken. Nothing
/// for any other text, or for more than ten years.
std::optional<std::chrono::milliseconds> parse_duration(std::string_view text);

/// The same form, with the largest unit that leaves a whole number: 90000 ms is 90s.
std::string format_duration(std::chrono::milliseconds length);

}  // namespace mutirao::app
