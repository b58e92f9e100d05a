// Two zones whose clocks are never put forward or back.
#pragma once

#include "domain/ports/calendar.hpp"

namespace mutirao::testing {

class fixed_calendar final : public calendar {
 public:
  expected<local_minute> local(const std::string& zone, instant at) const override {
    return ahead(zone).map([&](std::chrono::hours by) {
      return local_minute(std::chrono::floor<std::chrono::minutes>(at.time_since_epoch() + by));
    });
  }
  expected<instant> first_instant(const std::string& zone, local_minute what) const override {
    return ahead(zone).map(
        [&](std::chrono::hours by) { return instant(what.time_since_epoch() - by); });
  }

 private:
  static expected<std::chrono::hours> ahead(const std::string& zone) {
    if (zone == "UTC") return std::chrono::hours(0);
    if (zone == "America/Sao_Paulo") return std::chrono::hours(-3);
    return fail(errc::invalid_time_zone, zone);
  }
};

}  // namespace mutirao::testing
