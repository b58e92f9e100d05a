#include "domain/schedule.hpp"

namespace mutirao {

expected<instant> next_due(const cron_rule& rule, const std::string& zone, instant after,
                           const calendar& zones) {
  const auto begin = zones.local(zone, after);
  if (!begin) return tl::unexpected(begin.error());
  auto at = next_after(rule, *begin);
  while (at) {
    auto due = zones.first_instant(zone, *at);
    // Not so where the clock shows a time for the second time.
    if (!due || *due > after) return due;
    at = next_after(rule, *at);
  }
  return fail(errc::cron_never_comes);
}

expected<date> today_in(const std::string& zone, instant now, const calendar& zones) {
  return zones.local(zone, now).map([](local_minute shown) {
    return date(std::chrono::floor<std::chrono::days>(shown.time_since_epoch()));
  });
}

}  // namespace mutirao
