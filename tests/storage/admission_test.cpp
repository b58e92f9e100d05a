#include "storage/sqlite/admission.hpp"

#include <gtest/gtest.h>

namespace mutirao::storage::sqlite {
namespace {

void submit(admission& to, user_id user) {
  to.take_turn(user, to.next_turn(user));
  to.add_unfinished(user, 1);
}

/// One job of `user`, from its submission to its end.
void work_through(admission& to, user_id user) {
  const auto turn = to.next_turn(user);
  submit(to, user);
  to.serve(turn);
  to.add_unfinished(user, -1);
}

TEST(admission, forgets_everybody_where_nothing_is_unfinished) {
  admission admits;
  for (std::int64_t user = 1; user <= 50; ++user) submit(admits, {user});
  EXPECT_EQ(admits.users(), 50U);
  for (std::int64_t user = 1; user <= 50; ++user) admits.add_unfinished({user}, -1);
  EXPECT_EQ(admits.users(), 0U);
}

TEST(admission, forgets_who_has_nothing_unfinished_once_its_turn_is_past) {
  admission admits;
  const user_id busy{1};
  submit(admits, busy);
  for (std::int64_t user = 2; user <= 20'000; ++user) {
    work_through(admits, {user});
    work_through(admits, busy);  // has one unfinished all the time
  }
  EXPECT_LE(admits.users(), 2'000U);
  EXPECT_EQ(admits.unfinished(busy), 1);
}

TEST(admission, forgets_also_users_of_one_turn_where_they_are_too_many) {
  admission admits;
  submit(admits, {1});
  for (std::int64_t user = 2; user <= 300'000; ++user) work_through(admits, {user});
  EXPECT_LE(admits.users(), 200'000U);
  EXPECT_EQ(admits.unfinished({1}), 1);
}

TEST(admission, remembers_who_was_just_served_while_others_wait) {
  admission admits;
  submit(admits, {1});
  const auto first = admits.next_turn({2});
  work_through(admits, {2});
  for (std::int64_t user = 3; user <= 5'000; ++user) submit(admits, {user});
  EXPECT_EQ(admits.next_turn({2}), first + 1) << "not again before those who wait";
}

TEST(admission, gives_no_turn_before_it_is_taken) {
  admission admits;
  const auto turn = admits.next_turn({1});
  EXPECT_EQ(admits.next_turn({1}), turn);
  EXPECT_EQ(admits.users(), 0U);
  submit(admits, {1});
  EXPECT_EQ(admits.next_turn({1}), turn + 1);
}

}  // namespace
}  // namespace mutirao::storage::sqlite
