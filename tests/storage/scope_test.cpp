#include "storage/sql/scope.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <limits>
#include <set>

namespace mutirao::storage::sql {
namespace {

TEST(scope, takes_a_byte_an_item_where_ids_stand_close) {
  std::vector<item_id> items;
  for (std::int64_t i = 1; i <= 1000; ++i) items.push_back({i * 100});
  EXPECT_EQ(encode_scope(items).size(), 1000U);
  EXPECT_EQ(decode_scope(encode_scope(items)).value(), items);
}

TEST(scope, keeps_the_smallest_and_the_largest_id) {
  const std::vector<item_id> items{{0}, {1}, {std::numeric_limits<std::int64_t>::max()}};
  EXPECT_EQ(decode_scope(encode_scope(items)).value(), items);
  EXPECT_TRUE(decode_scope({}).value().empty());
}

RC_GTEST_PROP(scope, reads_back_what_it_wrote, (std::set<std::int64_t> ids)) {
  std::vector<item_id> items;
  for (const auto id : ids) {
    if (id >= 0) items.push_back({id});
  }
  RC_ASSERT(decode_scope(encode_scope(items)).value() == items);
}

TEST(scope, refuses_bytes_that_are_none) {
  const auto refused = [](std::vector<std::uint8_t> bytes) {
    const auto read = decode_scope(bytes);
    return !read && read.error().code == errc::store_corrupt;
  };
  EXPECT_TRUE(refused({0x80}));                               // ends within a number
  EXPECT_TRUE(refused(std::vector<std::uint8_t>(11, 0xff)));  // a number without end
  auto beyond = encode_scope(std::vector<item_id>{{std::numeric_limits<std::int64_t>::max()}});
  beyond.push_back(1);
  EXPECT_TRUE(refused(beyond));
}

}  // namespace
}  // namespace mutirao::storage::sql
