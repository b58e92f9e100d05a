// Zones whose clocks are put forward and back, and what becomes of times that never or twice come.
#include "app/calendar.hpp"

#include <gtest/gtest.h>

#include "domain/schedule.hpp"

namespace mutirao::app {
namespace {

const std::string sao_paulo = "America/Sao_Paulo";
const std::string new_york = "America/New_York";
const std::string lisbon = "Europe/Lisbon";

instant utc(const std::string& text) {
  return parse_instant(text).value();
}

local_minute shown(const std::string& text) {
  return local_minute(std::chrono::floor<std::chrono::minutes>(
      parse_instant(text + "Z").value().time_since_epoch()));
}

class Calendar : public ::testing::Test {
 protected:
  /// When the rule comes, again and again, from behind `after`.
  std::vector<std::string> times(const std::string& cron, const std::string& zone,
                                 const std::string& after, int count) {
    const auto rule = parse_cron(cron).value();
    std::vector<std::string> all;
    auto at = utc(after);
    for (int i = 0; i < count; ++i) {
      at = next_due(rule, zone, at, zones_).value();
      all.push_back(format_instant(at).substr(0, 16));
    }
    return all;
  }

  tz_calendar zones_;
};

using texts = std::vector<std::string>;

TEST_F(Calendar, TellsWhatAClockShows) {
  EXPECT_EQ(zones_.local(sao_paulo, utc("2026-11-28T02:30:59.999Z")), shown("2026-11-27T23:30"));
  EXPECT_EQ(zones_.local("UTC", utc("2026-11-28T02:30Z")), shown("2026-11-28T02:30"));
  EXPECT_EQ(zones_.first_instant(sao_paulo, shown("2026-11-27T23:30")), utc("2026-11-28T02:30Z"));
  EXPECT_EQ(today_in(sao_paulo, utc("2027-01-01T02:59Z"), zones_).value(),
            parse_date("2026-12-31").value());
  EXPECT_EQ(today_in(sao_paulo, utc("2027-01-01T03:00Z"), zones_).value(),
            parse_date("2027-01-01").value());
}

TEST_F(Calendar, AnUnknownZoneIsAnErrorThatNamesIt) {
  for (const auto* zone : {"Mars/Olympus", "", "../../etc/passwd", "America"}) {
    const auto asked = zones_.local(zone, utc("2026-11-28T02:30Z"));
    ASSERT_FALSE(asked) << zone;
    EXPECT_EQ(asked.error(), (error{errc::invalid_time_zone, zone}));
    EXPECT_EQ(zones_.first_instant(zone, shown("2026-11-27T23:30")).error().code,
              errc::invalid_time_zone);
  }
}

TEST_F(Calendar, AMidnightThatNeverComesIsTheFirstInstantOfItsDay) {
  // 4 November 2018: Brazilian clocks went from 00:00 to 01:00.
  EXPECT_EQ(zones_.first_instant(sao_paulo, shown("2018-11-04T00:00")), utc("2018-11-04T03:00Z"));
  EXPECT_EQ(zones_.first_instant(sao_paulo, shown("2018-11-04T00:59")), utc("2018-11-04T03:00Z"));
  EXPECT_EQ(times("0 0 * * *", sao_paulo, "2018-11-03T03:00Z", 3),
            (texts{"2018-11-04T03:00", "2018-11-05T02:00", "2018-11-06T02:00"}));
}

TEST_F(Calendar, AnHourThatComesTwiceCountsOnce) {
  // 18 February 2018: from 00:00 back to 23:00 of the 17th.
  EXPECT_EQ(times("30 23 * * *", sao_paulo, "2018-02-16T12:00Z", 3),
            (texts{"2018-02-17T01:30", "2018-02-18T01:30", "2018-02-19T02:30"}));
  // 1 November 2026: from 02:00 back to 01:00.
  EXPECT_EQ(times("30 1 * * *", new_york, "2026-10-31T12:00Z", 2),
            (texts{"2026-11-01T05:30", "2026-11-02T06:30"}));
  EXPECT_EQ(times("*/30 * * * *", new_york, "2026-11-01T05:00Z", 2),
            (texts{"2026-11-01T05:30", "2026-11-01T07:00"}));
  EXPECT_EQ(times("30 1 * * *", new_york, "2026-11-01T06:10Z", 1), texts{"2026-11-02T06:30"})
      << "asked in the second of the two hours";
}

TEST_F(Calendar, AnHourThatIsSkippedRunsOnceBehindTheGap) {
  // 14 March 2027: from 02:00 to 03:00.
  EXPECT_EQ(times("30 2 * * *", new_york, "2027-03-13T12:00Z", 2),
            (texts{"2027-03-14T07:00", "2027-03-15T06:30"}));
  EXPECT_EQ(times("*/20 2-3 * * *", new_york, "2027-03-14T06:59Z", 3),
            (texts{"2027-03-14T07:00", "2027-03-14T07:20", "2027-03-14T07:40"}));
  // 28 March 2027: from 01:00 to 02:00, which is 01:00 UTC.
  EXPECT_EQ(times("15 1 * * *", lisbon, "2027-03-27T12:00Z", 2),
            (texts{"2027-03-28T01:00", "2027-03-29T00:15"}));
}

TEST_F(Calendar, YearsGoBy) {
  EXPECT_EQ(times("0 6 2 1 *", sao_paulo, "2026-11-28T12:00Z", 3),
            (texts{"2027-01-02T09:00", "2028-01-02T09:00", "2029-01-02T09:00"}));
}

}  // namespace
}  // namespace mutirao::app
