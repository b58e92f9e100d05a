#include "app/duration.hpp"

#include <array>
#include <charconv>
#include <cstdint>

namespace mutirao::app {
namespace {

struct unit {
  std::string_view name;
  std::int64_t milliseconds;
};

// The largest first.
constexpr std::array<unit, 5> units{{
    {"d", 86'400'000},
    {"h", 3'600'000},
    {"m", 60'000},
    {"s", 1'000},
    {"ms", 1},
}};

constexpr std::int64_t longest = 3653 * units[0].milliseconds;

}  // namespace

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) {
  std::int64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, failure] = std::from_chars(text.data(), end, number);
  if (failure != std::errc{} || text.front() == '-') return std::nullopt;
  const std::string_view name(rest, static_cast<std::size_t>(end - rest));
  for (const unit& each : units) {
    if (each.name != name) continue;
    if (number > longest / each.milliseconds) return std::nullopt;
    return std::chrono::milliseconds(number * each.milliseconds);
  }
  return std::nullopt;
}

std::string format_duration(std::chrono::milliseconds length) {
  for (const unit& each : units) {
    if (length.count() % each.milliseconds == 0 && length.count() != 0) {
      return std::to_string(length.count() / each.milliseconds) + std::string(each.name);
    }
  }
  return std::to_string(length.count()) + "ms";
}

}  // namespace mutirao::app
