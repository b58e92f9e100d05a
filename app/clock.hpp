// The wall clock and the civil date in the service's time zone: the one place that reads either.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "domain/error.hpp"
#include "domain/ports/clock.hpp"

namespace mutirao::app {

using time_source = std::function<instant()>;

/// A clock whose today() is the date in `zone`, a name of the tz database such as
/// America/Sao_Paulo. `source` tells the time, safe from any thread; nothing: this machine does.
/// errc::invalid_field where there is no such zone, or no tz database.
expected<std::unique_ptr<clock>> system_clock_in(const std::string& zone, time_source source = {});

}  // namespace mutirao::app
