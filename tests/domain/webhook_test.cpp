#include "domain/webhook.hpp"

#include <gtest/gtest.h>

namespace mutirao {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr instant event_at{milliseconds(1'000'000)};
constexpr std::uint64_t no_spread = 512;  // the middle of the range

delivery_verdict after(const delivery_response& response, int attempts = 1,
                       milliseconds since = seconds(1), std::uint64_t chance = no_spread) {
  return judge(response, attempts, event_at, event_at + since, {}, chance);
}

milliseconds pause(const delivery_response& response, int attempts = 1,
                   std::uint64_t chance = no_spread) {
  const auto verdict = after(response, attempts, seconds(1), chance);
  EXPECT_EQ(verdict.state, delivery_state::pending);
  return verdict.next_try - (event_at + seconds(1));
}

delivery_response status(int code) {
  return {code, "", std::nullopt};
}

TEST(webhook, an_attempt_succeeds_by_a_2xx_alone) {
  for (const int code : {200, 201, 202, 204, 299}) {
    EXPECT_EQ(after(status(code)).state, delivery_state::delivered) << code;
  }
  for (const int code : {100, 199, 300, 301, 302, 307, 400, 404, 409, 429, 500, 503}) {
    EXPECT_EQ(after(status(code)).state, delivery_state::pending) << code;
  }
  EXPECT_EQ(after({0, "timeout", std::nullopt}).state, delivery_state::pending);
  EXPECT_EQ(after(status(410)).state, delivery_state::dead) << "its receiver wants no more";
}

TEST(webhook, pauses_grow_fourfold_up_to_the_longest) {
  EXPECT_EQ(pause(status(500), 1), seconds(5));
  EXPECT_EQ(pause(status(500), 2), seconds(20));
  EXPECT_EQ(pause(status(500), 3), seconds(80));
  EXPECT_EQ(pause(status(500), 7), seconds(20'480));
  EXPECT_EQ(pause(status(500), 8), hours(6));
  EXPECT_EQ(pause(status(500), 15), hours(6));
}

TEST(webhook, pauses_are_spread_by_a_quarter) {
  EXPECT_EQ(pause(status(500), 1, 0), milliseconds(3'750));
  EXPECT_EQ(pause(status(500), 1, 1024), milliseconds(6'250));
  for (std::uint64_t chance = 0; chance < 5'000; chance += 7) {
    EXPECT_GE(pause(status(500), 1, chance), milliseconds(3'750));
    EXPECT_LE(pause(status(500), 1, chance), milliseconds(6'250));
  }
}

TEST(webhook, retry_after_counts_where_it_is_longer_and_within_a_day) {
  EXPECT_EQ(pause({503, "", seconds(1)}), seconds(5));
  EXPECT_EQ(pause({503, "", seconds(60)}), seconds(60));
  EXPECT_EQ(pause({429, "", hours(24)}), hours(24));
  EXPECT_EQ(pause({503, "", hours(25)}), hours(24));
  EXPECT_EQ(pause({503, "", seconds::max()}), hours(24));
}

TEST(webhook, attempts_and_age_end_it) {
  EXPECT_EQ(after(status(500), 15).state, delivery_state::pending);
  EXPECT_EQ(after(status(500), 16).state, delivery_state::dead);
  EXPECT_EQ(after(status(200), 16).state, delivery_state::delivered);
  EXPECT_EQ(after(status(500), 1, hours(72) - seconds(5)).state, delivery_state::pending);
  EXPECT_EQ(after(status(500), 1, hours(72) - milliseconds(4'999)).state, delivery_state::dead)
      << "the next attempt would come too late";
}

TEST(webhook, an_endpoint_wants_what_it_names) {
  const webhook_endpoint some{"https://example.com", {"job.completed", "job.failed"}};
  EXPECT_TRUE(some.wants(job_event::kind::completed));
  EXPECT_TRUE(some.wants(job_event::kind::failed));
  EXPECT_FALSE(some.wants(job_event::kind::cancelled));
  const webhook_endpoint all{"https://example.com", {"job.*"}};
  EXPECT_TRUE(all.wants(job_event::kind::created));
  EXPECT_TRUE(all.wants(job_event::kind::continued));
}

TEST(webhook, only_events_are_patterns) {
  for (const auto* text : {"job.*", "job.created", "job.completed", "job.continued"}) {
    EXPECT_TRUE(is_event_pattern(text)) << text;
  }
  for (const auto* text : {"", "*", "job", "job.", "completed", "job.done", "job.completed "}) {
    EXPECT_FALSE(is_event_pattern(text)) << text;
  }
}

}  // namespace
}  // namespace mutirao
