#include "domain/jobs/noop.hpp"

#include <gtest/gtest.h>

#include "tests/support/empty_directory.hpp"

namespace mutirao {
namespace {

TEST(Noop, WaitsForEachItemAndCreatesNothing) {
  std::chrono::microseconds waited{0};
  const noop type([&](std::chrono::microseconds time) { waited += time; });
  testing::empty_directory directory;
  const auto request = type.validate({{"items", "3"}, {"micros", "7"}}, {}, {}).value();
  const auto items = type.list(directory, request.arguments).value();
  EXPECT_EQ(items, (std::vector<item_id>{{1}, {2}, {3}}));
  const auto plans = type.plan(directory, request.arguments, items).value();
  ASSERT_EQ(plans.size(), 3U);
  EXPECT_EQ(waited, std::chrono::microseconds(21));
  for (const auto& each : plans) EXPECT_EQ(each.counted(), 0U);
}

TEST(Noop, ItemsThatTakeLongAreFewAtATime) {
  const noop type([](std::chrono::microseconds) {});
  const auto at_once = [&](const char* micros) {
    return type.at_once(type.validate({{"items", "1000"}, {"micros", micros}}, {}, {})->arguments);
  };
  EXPECT_EQ(at_once("0"), 500U);
  EXPECT_EQ(at_once("200"), 500U);
  EXPECT_EQ(at_once("1000"), 100U);
  EXPECT_EQ(at_once("60000"), 1U);
  EXPECT_EQ(at_once("60000000"), 1U);
}

TEST(Noop, RefusesWhatIsOutOfItsBounds) {
  const noop type([](std::chrono::microseconds) {});
  const auto refused = [&](argument_reader given) { return type.validate(given, {}, {}).error(); };
  EXPECT_EQ(refused({}), (error{errc::invalid_field, "items"}));
  for (const auto* items : {"0", "100001", "x", "-1"}) {
    EXPECT_EQ(refused({{"items", items}}), (error{errc::invalid_field, "items"}));
  }
  EXPECT_EQ(refused({{"items", "1"}, {"micros", "60000001"}}),
            (error{errc::invalid_field, "micros"}));
  EXPECT_TRUE(type.validate({{"items", "100000"}, {"micros", "60000000"}}, {}, {}));
}

}  // namespace
}  // namespace mutirao
