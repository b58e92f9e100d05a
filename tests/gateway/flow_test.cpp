#include "gateway/flow.hpp"

#include <gtest/gtest.h>

namespace mutirao::gateway {
namespace {

namespace v1 = protocol::v1;

constexpr std::size_t plenty = 1 << 20;

told progress(std::int64_t current) {
  v1::job job;
  job.id = "j";
  job.current = current;
  return v1::job_event{0, 0, "", "progress", job};
}
told stored(int number, std::size_t bytes = 0) {
  v1::notification what;
  what.id = number;
  what.message.assign(bytes, 'x');
  return v1::notification_event{0, 0, std::to_string(number), what};
}
std::uint64_t serial_of(const told& event) {
  return std::visit([](const auto& each) { return each.serial; }, event);
}
std::int64_t current_of(const told& event) {
  return std::get<v1::job_event>(event).what.current;
}

TEST(Flow, SendsNoMoreThanTheWindowUntilItIsAcknowledged) {
  flow events(5, 2);
  for (int i = 1; i <= 4; ++i) events.put(stored(i));
  const auto first = events.next(plenty);
  ASSERT_TRUE(first);
  EXPECT_EQ(serial_of(*first), 1U);
  EXPECT_EQ(std::get<v1::notification_event>(*first).subscription, 5U);
  EXPECT_TRUE(events.next(plenty));
  EXPECT_FALSE(events.next(plenty));
  events.acknowledge(1);
  const auto third = events.next(plenty);
  ASSERT_TRUE(third);
  EXPECT_EQ(number_of(*third), "3");
  EXPECT_FALSE(events.next(plenty));
  events.acknowledge(3);  // both at once
  EXPECT_EQ(number_of(events.next(plenty).value()), "4");
  EXPECT_FALSE(events.waits());
}

TEST(Flow, MergesProgressThatWaits) {
  flow events(1, 1);
  for (int i = 1; i <= 100'000; ++i) events.put(progress(i));
  EXPECT_LT(events.waiting_bytes(), 2'000U);
  EXPECT_EQ(current_of(events.next(plenty).value()), 100'000);
  events.put(progress(100'001));
  events.put(progress(100'002));
  EXPECT_FALSE(events.next(plenty));
  events.acknowledge(1);
  EXPECT_EQ(current_of(events.next(plenty).value()), 100'002);
}

TEST(Flow, IsFullByCountOrBytesAndKnowsWhereToGoOn) {
  flow_limits few;
  few.waiting_events = 3;
  few.waiting_bytes = 10'000;
  flow events(1, 1, few);
  events.begin_at("7");
  EXPECT_EQ(events.last(), "7");
  events.put(stored(8));
  events.put(stored(9));
  EXPECT_FALSE(events.full());
  events.put(stored(10));
  EXPECT_TRUE(events.full());
  EXPECT_EQ(events.last(), "10");

  flow large(1, 1, few);
  large.put(stored(1, 9'800));
  EXPECT_TRUE(large.full());
}

TEST(Flow, KeepsToTheRoomButLetsOneEventGo) {
  flow events(1, 10);
  events.put(stored(1, 5'000));
  events.put(stored(2, 5'000));
  EXPECT_TRUE(events.next(100));  // however large: it must get on
  EXPECT_GT(events.unacknowledged_bytes(), 5'000U);
  EXPECT_FALSE(events.next(100));
  events.acknowledge(1);
  EXPECT_EQ(events.unacknowledged_bytes(), 0U);
  EXPECT_TRUE(events.next(100));
}

TEST(Flow, TakesWindowsOfNothingAndOfTooMuch) {
  flow none(1, 0);
  none.put(stored(1));
  none.put(stored(2));
  EXPECT_TRUE(none.next(plenty));
  EXPECT_FALSE(none.next(plenty));
  flow many(1, 4'000'000'000U);
  for (int i = 0; i < 300; ++i) many.put(stored(i));
  int sent = 0;
  while (many.next(plenty)) ++sent;
  EXPECT_EQ(sent, 256);
  many.acknowledge(1'000'000);  // of what was never sent
  EXPECT_EQ(many.unacknowledged_bytes(), 0U);
}

}  // namespace
}  // namespace mutirao::gateway
