#include "storage/sqlite/revisions.hpp"

#include <gtest/gtest.h>

namespace mutirao::storage::sqlite {
namespace {

TEST(company_changes, are_stale_for_pictures_taken_before) {
  company_changes changes;
  changes.changed(7, 5);
  EXPECT_TRUE(changes.changed_after(7, 4));
  EXPECT_FALSE(changes.changed_after(7, 5));
  EXPECT_FALSE(changes.changed_after(8, 4));
  EXPECT_TRUE(changes.changed_after(8, 0)) << "no picture at all";
}

TEST(company_changes, take_back_what_a_failed_transaction_changed) {
  company_changes changes;
  changes.changed(7, 5);
  changes.committed();
  changes.changed(7, 6);
  changes.changed(7, 7);
  changes.changed(8, 7);
  changes.rolled_back();
  EXPECT_FALSE(changes.changed_after(7, 5));
  EXPECT_TRUE(changes.changed_after(7, 4));
  EXPECT_FALSE(changes.changed_after(8, 5));
}

TEST(company_changes, forget_at_their_limit_on_the_safe_side) {
  company_changes changes(2);
  changes.changed(1, 5);
  changes.changed(2, 6);
  changes.changed(3, 7);
  EXPECT_TRUE(changes.changed_after(1, 6)) << "forgotten, so nobody can tell";
  EXPECT_FALSE(changes.changed_after(1, 7));
  changes.rolled_back();
  EXPECT_TRUE(changes.changed_after(1, 6));
}

}  // namespace
}  // namespace mutirao::storage::sqlite
