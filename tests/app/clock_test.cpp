#include "app/clock.hpp"

#include <gtest/gtest.h>

#include "app/randomness.hpp"

namespace mutirao::app {
namespace {

TEST(SystemClock, TodayIsTheDateInItsZone) {
  // 26 hours apart: never the same date.
  const auto west = system_clock_in("Etc/GMT+12");
  const auto east = system_clock_in("Etc/GMT-14");
  ASSERT_TRUE(west && east);
  const auto before =
      std::chrono::floor<std::chrono::days>((*west)->now() - std::chrono::hours(12));
  const date west_today = (*west)->today();
  const date east_today = (*east)->today();
  const auto after = std::chrono::floor<std::chrono::days>((*west)->now() - std::chrono::hours(12));
  EXPECT_GE(west_today, before);
  EXPECT_LE(west_today, after);
  EXPECT_GT(east_today, west_today);
}

TEST(SystemClock, TellsTheTimeOfAnotherSourceWhereThereIsOne) {
  const auto then = *parse_instant("2027-01-01T02:30:00.000Z");
  const auto made = system_clock_in("America/Sao_Paulo", [then] { return then; });
  ASSERT_TRUE(made);
  EXPECT_EQ((*made)->now(), then);
  EXPECT_EQ((*made)->today(), parse_date("2026-12-31"));
}

TEST(SystemClock, AnUnknownZoneIsAnErrorThatNamesIt) {
  for (const char* zone : {"Mars/Olympus", "", "../../etc/passwd", "America"}) {
    const auto made = system_clock_in(zone);
    ASSERT_FALSE(made) << zone;
    EXPECT_EQ(made.error().code, errc::invalid_field);
    EXPECT_NE(made.error().detail.find(std::string("\"") + zone + "\""), std::string::npos);
  }
}

TEST(SystemRandomness, GivesOtherNumbersEachTime) {
  system_randomness chance;
  EXPECT_NE(chance.next(), chance.next());
}

}  // namespace
}  // namespace mutirao::app
