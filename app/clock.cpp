#include "app/clock.hpp"

#include <date/tz.h>

#include <chrono>
#include <exception>
#include <utility>

namespace mutirao::app {
namespace {

class zoned_clock final : public clock {
 public:
  zoned_clock(const ::date::time_zone* zone, time_source source)
      : zone_(zone), source_(std::move(source)) {}

  instant now() const override {
    if (source_) return source_();
    return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  }

  mutirao::date today() const override {
    const auto seconds = std::chrono::floor<std::chrono::seconds>(now());
    const auto local = zone_->to_local(seconds);
    return mutirao::date(std::chrono::floor<std::chrono::days>(local.time_since_epoch()));
  }

 private:
  const ::date::time_zone* zone_;  // lives as long as the process
  time_source source_;
};

}  // namespace

expected<std::unique_ptr<clock>> system_clock_in(const std::string& zone, time_source source) {
  try {
    auto made = std::make_unique<zoned_clock>(::date::locate_zone(zone), std::move(source));
    (void)made->today();  // the zone's file is read here
    return made;
  } catch (const std::exception&) {
    return fail(errc::invalid_field,
                "unknown time zone \"" + zone +
                    "\"; give a name such as America/Sao_Paulo or UTC (package tzdata)");
  }
}

}  // namespace mutirao::app
