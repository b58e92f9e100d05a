#include "storage/postgres/snapshots.hpp"

#include <gtest/gtest.h>

namespace mutirao::storage::postgres {
namespace {

TEST(snapshots, show_what_had_ended_and_nothing_else) {
  const auto read = parse_snapshot("10:20:12,15").value();
  EXPECT_TRUE(read.shows(9));
  EXPECT_TRUE(read.shows(11));
  EXPECT_FALSE(read.shows(12));
  EXPECT_TRUE(read.shows(14));
  EXPECT_FALSE(read.shows(15));
  EXPECT_TRUE(read.shows(19));
  EXPECT_FALSE(read.shows(20));
  EXPECT_TRUE(parse_snapshot("7:7:").value().shows(6));
  EXPECT_FALSE(parse_snapshot("7:7:").value().shows(7));
}

TEST(snapshots, are_not_read_from_other_texts) {
  for (const auto* text : {"", "7", "a:b:", "7:9:x"}) EXPECT_FALSE(parse_snapshot(text)) << text;
}

TEST(snapshots, are_found_by_their_number_until_they_are_old) {
  snapshots all;
  const auto first = all.add({1, 2, {}});
  const auto second = all.add({3, 4, {}});
  EXPECT_LT(first, second);
  EXPECT_EQ(all.find(first)->oldest, 1U);
  EXPECT_EQ(all.find(second)->oldest, 3U);
  EXPECT_FALSE(all.find(second + 1));
  EXPECT_FALSE(all.find(0));
  for (int i = 0; i < 5000; ++i) all.add({5, 6, {}});
  EXPECT_FALSE(all.find(first));
}

}  // namespace
}  // namespace mutirao::storage::postgres
