#include "http/body_cache.hpp"

#include <gtest/gtest.h>

namespace mutirao::http {
namespace {

std::shared_ptr<const std::string> text(std::size_t bytes) {
  return std::make_shared<const std::string>(bytes, 'x');
}

job_view job(std::uint64_t number) {
  job_view made;
  made.id = job_id::from_random(number, 0);
  return made;
}

TEST(body_cache_test, gives_back_what_was_rendered_until_the_job_changes) {
  body_cache cache(10'000);
  auto seen = job(1);
  const auto body = text(10);
  cache.put(seen, body);
  EXPECT_EQ(cache.find(seen), body);
  seen.version = 99;  // of another source of the same view
  EXPECT_EQ(cache.find(seen), body);

  auto changed = seen;
  changed.totals.done = 1;
  EXPECT_EQ(cache.find(changed), nullptr);
  changed = seen;
  changed.state = job_state::paused;
  EXPECT_EQ(cache.find(changed), nullptr);
  changed = seen;
  changed.run = 2;
  EXPECT_EQ(cache.find(changed), nullptr);
  changed = seen;
  changed.priority = 1;
  EXPECT_EQ(cache.find(changed), nullptr);
  changed = seen;
  changed.advanced_at = instant{};
  EXPECT_EQ(cache.find(changed), nullptr);
  EXPECT_EQ(cache.find(job(2)), nullptr);
  EXPECT_EQ(cache.find(seen, 1), nullptr) << "other names";
}

TEST(body_cache_test, forgets_the_least_used_where_bytes_run_out) {
  body_cache cache(4'000);
  cache.put(job(1), text(1'000));
  cache.put(job(2), text(1'000));
  cache.put(job(3), text(1'000));
  ASSERT_NE(cache.find(job(1)), nullptr);
  cache.put(job(4), text(1'000));
  EXPECT_NE(cache.find(job(1)), nullptr);
  EXPECT_EQ(cache.find(job(2)), nullptr);
  EXPECT_NE(cache.find(job(4)), nullptr);
}

TEST(body_cache_test, does_not_throw_all_out_for_one_that_never_fits) {
  body_cache cache(4'000);
  cache.put(job(1), text(1'000));
  cache.put(job(2), text(1'000'000));
  EXPECT_NE(cache.find(job(1)), nullptr);
  EXPECT_EQ(cache.find(job(2)), nullptr);
}

TEST(lru_map_test, replaces_without_counting_twice) {
  lru_map<int, int> map(10);
  map.put(1, 1, 6);
  map.put(1, 2, 7);
  EXPECT_EQ(map.weight(), 7U);
  EXPECT_EQ(map.size(), 1U);
  EXPECT_EQ(*map.find(1), 2);
  map.erase(1);
  map.erase(1);
  EXPECT_EQ(map.weight(), 0U);
}

}  // namespace
}  // namespace mutirao::http
