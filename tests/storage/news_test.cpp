#include "storage/postgres/news.hpp"

#include <gtest/gtest.h>

#include "tests/support/job_events.hpp"

namespace mutirao::storage::postgres {
namespace {

using mutirao::testing::event_of;
using kind = job_event::kind;

job_view job(std::uint64_t number, std::optional<unit_id> unit = unit_id{3}) {
  job_view made;
  made.id = job_id::from_random(number, number);
  made.user = {7};
  made.arguments.unit = unit;
  made.state = job_state::running;
  made.totals.done = 40;
  return made;
}

/// What whoever hears all of it knows then.
heard_news heard(const std::vector<std::string>& texts) {
  heard_news all;
  for (const auto& text : texts) EXPECT_EQ(read_news(text, all), "node:1");
  return all;
}

TEST(news, say_of_each_job_how_it_stands_and_what_happened) {
  const auto one = job(1);
  const auto other = job(2, std::nullopt);
  committed what;
  what.jobs = {one, other};
  what.events = {event_of(one, 8, kind::created), event_of(one, 9, kind::started)};
  const auto got = heard(news_texts("node:1", what));
  ASSERT_EQ(got.jobs.size(), 2U);
  EXPECT_EQ(got.jobs[0].id, one.id);
  EXPECT_EQ(got.jobs[0].user, user_id{7});
  EXPECT_EQ(got.jobs[0].unit, unit_id{3});
  EXPECT_EQ(got.jobs[0].state, job_state::running);
  EXPECT_EQ(got.jobs[0].done, 40);
  EXPECT_EQ(got.jobs[0].events, (std::vector{kind::created, kind::started}));
  EXPECT_EQ(got.jobs[0].last_event, 9);
  EXPECT_EQ(got.jobs[1].unit, std::nullopt);
  EXPECT_TRUE(got.jobs[1].events.empty());
  EXPECT_FALSE(got.deliveries || got.schedules || got.missed);
}

TEST(news, are_none_where_nobody_needs_to_know) {
  committed what;
  what.rows_written = 100;
  EXPECT_TRUE(news_texts("node:1", what).empty());
}

TEST(news, wake_who_sends_and_who_fires) {
  committed what;
  what.deliveries = 2;
  EXPECT_TRUE(heard(news_texts("node:1", what)).deliveries);
  what = {};
  what.schedules = true;
  EXPECT_TRUE(heard(news_texts("node:1", what)).schedules);
}

TEST(news, of_many_jobs_come_in_texts_that_the_server_takes) {
  constexpr std::size_t server_takes = 7'999;
  committed what;
  for (std::uint64_t i = 1; i <= 1'000; ++i) what.jobs.push_back(job(i));
  what.deliveries = 1;
  const auto texts = news_texts("node:1", what);
  EXPECT_GT(texts.size(), 5U);
  for (const auto& text : texts) EXPECT_LE(text.size(), server_takes);
  const auto got = heard(texts);
  ASSERT_EQ(got.jobs.size(), what.jobs.size());
  for (std::size_t i = 0; i < what.jobs.size(); ++i) EXPECT_EQ(got.jobs[i].id, what.jobs[i].id);
  EXPECT_TRUE(got.deliveries);
}

TEST(news, of_others_are_not_read) {
  for (const auto* text :
       {"", "hello", "node:1", "node:1 -d x", "node:1 - 1,2,3", "node:1 - ,,,,,,",
        "node:1 - 00000000-0000-4000-8000-000000000001,7,3,99,40,8,a",
        "node:1 - 00000000-0000-4000-8000-000000000001,7,3,1,40,8,{"}) {
    heard_news none;
    EXPECT_FALSE(read_news(text, none)) << text;
  }
}

}  // namespace
}  // namespace mutirao::storage::postgres
