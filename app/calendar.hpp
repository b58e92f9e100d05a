// The time zones of the tz database.
#pragma once

#include "domain/ports/calendar.hpp"

namespace mutirao::app {

class tz_calendar final : public calendar {
 public:
  expected<local_minute> local(const std::string& zone, instant at) const override;
  expected<instant> first_instant(const std::string& zone, local_minute what) const override;
};

}  // namespace mutirao::app
