// When something is due again, said as cron says it: minutes of a civil calendar, without a zone.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>

#include "domain/error.hpp"

namespace mutirao {

/// Date and time on a wall clock, to the minute.
using local_minute = std::chrono::local_time<std::chrono::minutes>;

/// Bit n stands for the value n.
struct cron_rule {
  std::uint64_t minutes = 0;   // 0..59
  std::uint64_t hours = 0;     // 0..23
  std::uint64_t days = 0;      // of the month, 1..31
  std::uint64_t months = 0;    // 1..12
  std::uint64_t weekdays = 0;  // 0..6, 0 is Sunday
  /// Where neither day field begins with '*', a day that one of them names is enough.
  bool either_day = false;
};

/// Five fields: minute, hour, day of month, month, day of week, each of `*`, numbers, names
/// (jan..dec, sun..sat), ranges, lists and steps (`*/n`, `a-b/n`); 7 is Sunday too. Or one of
/// @yearly, @annually, @monthly, @weekly, @daily, @midnight, @hourly. errc::invalid_cron with the
/// field and what was received; errc::cron_never_comes with what was received (30 February).
expected<cron_rule> parse_cron(std::string_view text);

/// The first minute after `after` that the rule names; nothing where there is none.
std::optional<local_minute> next_after(const cron_rule& rule, local_minute after);

}  // namespace mutirao
