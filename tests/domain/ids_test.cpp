#include "domain/ids.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <limits>
#include <string>
#include <type_traits>
#include <unordered_set>

namespace mutirao {
namespace {

constexpr std::string_view text = "01234567-89ab-4cde-8f01-23456789abcd";

TEST(job_id, is_written_as_36_lower_case_characters) {
  const auto id = job_id::from_random(0x01234567'89ab0cdeULL, 0x0f012345'6789abcdULL);
  EXPECT_EQ(id.to_string(), text);
}

TEST(job_id, is_a_version_4_uuid_whatever_the_random_bits) {
  constexpr auto ones = std::numeric_limits<std::uint64_t>::max();
  EXPECT_EQ(job_id::from_random(0, 0).to_string(), "00000000-0000-4000-8000-000000000000");
  EXPECT_EQ(job_id::from_random(ones, ones).to_string(), "ffffffff-ffff-4fff-bfff-ffffffffffff");
}

TEST(job_id, is_read_in_either_case) {
  const auto lower = job_id::parse(text);
  ASSERT_TRUE(lower);
  EXPECT_EQ(lower->to_string(), text);
  EXPECT_EQ(job_id::parse("01234567-89AB-4CDE-8F01-23456789ABCD"), lower);
}

RC_GTEST_PROP(job_id_property, comes_back_from_its_text, (std::uint64_t high, std::uint64_t low)) {
  const auto id = job_id::from_random(high, low);
  const auto written = id.to_string();
  RC_ASSERT(written.size() == 36U);
  RC_ASSERT(written[14] == '4');
  RC_ASSERT(std::string("89ab").find(written[19]) != std::string::npos);
  RC_ASSERT(job_id::parse(written) == id);
}

class refused_job_id : public ::testing::TestWithParam<std::string> {};

TEST_P(refused_job_id, gives_nothing) {
  EXPECT_EQ(job_id::parse(GetParam()), std::nullopt);
}

INSTANTIATE_TEST_SUITE_P(
    texts, refused_job_id,
    ::testing::Values("", "1", "0123456789ab4cde8f0123456789abcd",
                      "01234567-89ab-4cde-8f01-23456789abc",    // 35 characters
                      "01234567-89ab-4cde-8f01-23456789abcde",  // 37
                      "{01234567-89ab-4cde-8f01-23456789abcd}",
                      "0123456-789ab-4cde-8f01-23456789abcd",  // a dash out of place
                      "01234567_89ab_4cde_8f01_23456789abcd",
                      "01234567-89ab-4cde-8f01-23456789abcg",
                      "01234567-89ab-4cde-8f01-23456789ab d",
                      " 1234567-89ab-4cde-8f01-23456789abcd",
                      "+1234567-89ab-4cde-8f01-23456789abcd",
                      std::string("01234567-89ab-4cde-8f01-23456789abc\0", 36)));

TEST(job_id, is_ordered_like_its_text) {
  const auto small = job_id::from_random(1, 0);
  const auto large = job_id::from_random(std::uint64_t{1} << 63, 0);
  EXPECT_LT(small, large);
  EXPECT_LT(small.to_string(), large.to_string());
}

TEST(job_id, can_be_a_key) {
  const auto id = job_id::from_random(7, 9);
  const std::unordered_set<job_id> set{id, job_id::from_random(9, 7), id};
  EXPECT_EQ(set.size(), 2U);
  EXPECT_TRUE(set.contains(id));
}

TEST(ids, of_different_things_do_not_mix) {
  EXPECT_FALSE((std::is_convertible_v<user_id, unit_id>));
  EXPECT_FALSE((std::is_convertible_v<std::int64_t, user_id>));
  EXPECT_LT(task_id{1}, task_id{2});
  EXPECT_EQ((std::unordered_set<task_id>{task_id{1}, task_id{1}, task_id{2}}.size()), 2U);
}

}  // namespace
}  // namespace mutirao
