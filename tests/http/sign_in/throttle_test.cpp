#include "http/sign_in/throttle.hpp"

#include <gtest/gtest.h>

#include "tests/support/fixed_world.hpp"

namespace mutirao::http {
namespace {

using namespace std::chrono_literals;
using std::chrono::seconds;

class throttle_test : public ::testing::Test {
 protected:
  /// The seconds to wait; -1: it may try.
  std::int64_t try_as(const std::string& email) {
    const auto wait = throttle.begin(email, clock.now());
    return wait ? wait->count() : -1;
  }
  void fail_five_times(const std::string& email) {
    for (int i = 0; i < 5; ++i) ASSERT_EQ(try_as(email), -1) << i;
  }

  testing::fixed_clock clock;
  sign_in_throttle throttle{{5, 5s, 300s, 3600s, 3}};
};

TEST_F(throttle_test, lets_five_wrong_tries_pass_and_then_waits_longer_and_longer) {
  fail_five_times("ana");
  for (const std::int64_t pause : {5, 10, 20, 40, 80, 160, 300, 300}) {
    EXPECT_EQ(try_as("ana"), pause);
    clock.advance(seconds(pause) - 1ms);
    EXPECT_EQ(try_as("ana"), 1);
    clock.advance(1ms);
    EXPECT_EQ(try_as("ana"), -1);
  }
}

TEST_F(throttle_test, tries_while_it_waits_do_not_make_it_wait_for_longer) {
  fail_five_times("ana");
  for (int i = 0; i < 100; ++i) EXPECT_EQ(try_as("ana"), 5);
  clock.advance(5s);
  EXPECT_EQ(try_as("ana"), -1);
}

TEST_F(throttle_test, slows_one_address_and_no_other) {
  fail_five_times("ana");
  EXPECT_EQ(try_as("ana"), 5);
  EXPECT_EQ(try_as("bia"), -1);
}

TEST_F(throttle_test, forgets_after_the_right_password_or_an_hour) {
  fail_five_times("ana");
  throttle.right("ana");
  fail_five_times("ana");
  clock.advance(1h - 1ms);
  EXPECT_EQ(try_as("ana"), -1);
  EXPECT_EQ(try_as("ana"), 10);
  clock.advance(1h);
  fail_five_times("ana");
}

TEST_F(throttle_test, does_not_count_what_could_not_be_checked) {
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(try_as("ana"), -1);
    throttle.not_tried("ana");
  }
  fail_five_times("ana");
  clock.advance(5s);
  EXPECT_EQ(try_as("ana"), -1);
  throttle.not_tried("ana");
  EXPECT_EQ(try_as("ana"), -1);
  EXPECT_EQ(try_as("ana"), 10);
}

TEST_F(throttle_test, keeps_the_addresses_that_were_tried_last) {
  fail_five_times("ana");
  for (const auto* other : {"bia", "caio"}) EXPECT_EQ(try_as(other), -1);
  EXPECT_EQ(try_as("ana"), 5);
  for (const auto* other : {"davi", "eva", "fabio"}) EXPECT_EQ(try_as(other), -1);
  EXPECT_EQ(try_as("ana"), -1);
}

TEST_F(throttle_test, a_clock_that_is_set_back_makes_nobody_wait_for_hours) {
  fail_five_times("ana");
  clock.advance(-24h);
  EXPECT_EQ(try_as("ana"), -1);
}

}  // namespace
}  // namespace mutirao::http
