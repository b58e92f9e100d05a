#include "app/calendar.hpp"

#include <date/tz.h>

#include <exception>

namespace mutirao::app {
namespace {

// The library tells an unknown zone by throwing.
template <class Ask>
auto in_zone(const std::string& name, Ask ask)
    -> expected<std::invoke_result_t<Ask, const ::date::time_zone&>> try {
  return ask(*::date::locate_zone(name));
} catch (const std::exception&) {
  return fail(errc::invalid_time_zone, name);
}

}  // namespace

expected<local_minute> tz_calendar::local(const std::string& zone, instant at) const {
  return in_zone(zone, [&](const ::date::time_zone& in) {
    const auto shown = in.to_local(std::chrono::floor<std::chrono::seconds>(at));
    return local_minute(std::chrono::floor<std::chrono::minutes>(shown.time_since_epoch()));
  });
}

expected<instant> tz_calendar::first_instant(const std::string& zone, local_minute what) const {
  return in_zone(zone, [&](const ::date::time_zone& in) {
    const ::date::local_seconds shown(what.time_since_epoch());
    const auto found = in.get_info(shown);
    if (found.result == ::date::local_info::nonexistent) return instant(found.second.begin);
    return instant(std::chrono::seconds(shown.time_since_epoch() - found.first.offset));
  });
}

}  // namespace mutirao::app
