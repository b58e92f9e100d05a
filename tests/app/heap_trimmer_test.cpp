#include "app/heap_trimmer.hpp"

#include <gtest/gtest.h>

namespace mutirao::app {
namespace {

constexpr std::size_t much = std::size_t{20} << 20U;

/// Connections as they are counted, looked at once a second.
class a_heap : public ::testing::Test {
 protected:
  bool looked_at(std::uint64_t open) {
    if (open > open_) accepted_ += open - open_;
    open_ = open;
    return trimmer_.is_due(accepted_, open_);
  }
  /// Seconds in which `open` stay and a walk brings nothing.
  int walks_for_nothing(std::uint64_t open) {
    int walks = 0;
    while (looked_at(open)) {
      trimmer_.gave_back(0);
      ++walks;
    }
    return walks;
  }

  heap_trimmer trimmer_;

 private:
  std::uint64_t accepted_ = 0;
  std::uint64_t open_ = 0;
};

TEST_F(a_heap, is_left_alone_while_clients_come_stay_or_go) {
  for (const std::uint64_t open : {0, 10, 60, 60, 60, 20, 5, 0}) {
    EXPECT_FALSE(looked_at(open)) << open;
  }
}

TEST_F(a_heap, is_left_alone_where_few_came) {
  EXPECT_FALSE(looked_at(10));
  EXPECT_FALSE(looked_at(0));
  EXPECT_FALSE(looked_at(0));
}

TEST_F(a_heap, is_walked_once_most_have_gone_and_again_until_that_brings_nothing) {
  looked_at(60);
  looked_at(0);
  ASSERT_TRUE(looked_at(0));
  trimmer_.gave_back(0);
  ASSERT_TRUE(looked_at(0));
  trimmer_.gave_back(much);  // freed later than the connections
  EXPECT_EQ(walks_for_nothing(0), 3);
  EXPECT_FALSE(looked_at(0)) << "nobody came since";
}

TEST_F(a_heap, is_walked_again_for_those_that_go_later) {
  looked_at(60);
  looked_at(28);
  EXPECT_EQ(walks_for_nothing(28), 3);
  looked_at(0);
  EXPECT_EQ(walks_for_nothing(0), 3);
}

TEST_F(a_heap, is_left_alone_beside_many_that_stay) {
  looked_at(60);
  looked_at(30);
  EXPECT_EQ(walks_for_nothing(30), 3);
  EXPECT_FALSE(looked_at(30));
  EXPECT_FALSE(looked_at(29));
  EXPECT_FALSE(looked_at(29)) << "29 of 30 are there";
}

}  // namespace
}  // namespace mutirao::app
