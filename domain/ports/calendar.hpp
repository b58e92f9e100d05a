// Wall clocks of the world, injected: what a clock in a named time zone shows, and when it shows
// something.
#pragma once

#include <string>

#include "domain/cron.hpp"
#include "domain/date.hpp"

namespace mutirao {

/// Safe to call from any thread. errc::invalid_time_zone with the name where there is no such zone.
class calendar {
 public:
  virtual ~calendar() = default;

  virtual expected<local_minute> local(const std::string& zone, instant at) const = 0;

  /// The first instant at which a clock in `zone` shows `what`; where it never does, because it is
  /// put forward over it, the first instant after.
  virtual expected<instant> first_instant(const std::string& zone, local_minute what) const = 0;
};

}  // namespace mutirao
