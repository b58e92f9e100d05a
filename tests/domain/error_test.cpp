#include "domain/error.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace mutirao {
namespace {

TEST(errc, has_a_name_of_its_own_for_each_code) {
  std::set<std::string_view> names;
  for (unsigned value = 1; value <= errc_count; ++value) {
    const auto name = to_string(static_cast<errc>(value));
    EXPECT_NE(name, "unknown") << value;
    EXPECT_TRUE(names.insert(name).second) << name << " names two codes";
    EXPECT_EQ(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_"), std::string_view::npos)
        << name;
  }
  EXPECT_EQ(names.size(), errc_count);
}

TEST(errc, is_read_by_its_name) {
  for (int value = 1; value <= errc_count; ++value) {
    EXPECT_EQ(parse_errc(to_string(static_cast<errc>(value))), static_cast<errc>(value));
  }
  EXPECT_EQ(parse_errc("what an older version knew"), errc::internal);
}

TEST(errc, is_unknown_outside_the_vocabulary) {
  EXPECT_EQ(to_string(static_cast<errc>(0)), "unknown");
  EXPECT_EQ(to_string(static_cast<errc>(errc_count + 1)), "unknown");
}

TEST(errc, keeps_the_names_of_its_ends) {
  EXPECT_EQ(to_string(errc::malformed_request), "malformed_request");
  EXPECT_EQ(to_string(errc::internal), "internal");
}

TEST(fail, carries_the_code_and_the_detail) {
  const expected<int> failed = fail(errc::invalid_field, "periodicidade");
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error(), (error{errc::invalid_field, "periodicidade"}));
  EXPECT_NE(failed.error(), (error{errc::missing_field, "periodicidade"}));
  EXPECT_NE(failed.error(), (error{errc::invalid_field, "razao_social"}));
}

TEST(fail, needs_no_detail) {
  const expected<void> failed = fail(errc::draining);
  ASSERT_FALSE(failed);
  EXPECT_TRUE(failed.error().detail.empty());
}

}  // namespace
}  // namespace mutirao
