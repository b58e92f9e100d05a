#include "http/push/tickets.hpp"

#include <gtest/gtest.h>

#include <set>

#include "tests/support/fixed_world.hpp"

namespace mutirao::http::push {
namespace {

using namespace std::chrono_literals;

class tickets_test : public ::testing::Test {
 protected:
  static verified_token of(std::int64_t user, std::optional<instant> expires = std::nullopt) {
    return {std::make_shared<const caller>(caller{{user}, false, {}}), expires};
  }
  std::string issue(std::int64_t user = 7) { return all.issue(of(user), clock.now()).value(); }
  bool takes(const std::string& ticket) { return all.take(ticket, clock.now()).has_value(); }

  testing::fixed_clock clock;
  testing::counted_randomness chance;
  tickets all{chance, {.lifetime = 60s, .per_user = 3, .all = 10}};
};

TEST_F(tickets_test, are_256_bits_each_another) {
  std::set<std::string> seen;
  for (std::int64_t user = 1; user <= 10; ++user) {
    const auto ticket = issue(user);
    EXPECT_EQ(ticket.size(), 64U);
    EXPECT_EQ(ticket.find_first_not_of("0123456789abcdef"), std::string::npos);
    seen.insert(ticket);
  }
  EXPECT_EQ(seen.size(), 10U);
}

TEST_F(tickets_test, stand_once_for_whoever_they_were_issued_to) {
  const auto expires = clock.now() + 1h;
  const auto ticket = all.issue(of(9, expires), clock.now()).value();
  const auto whose = all.take(ticket, clock.now());
  ASSERT_TRUE(whose);
  EXPECT_EQ(whose->who->user, user_id{9});
  EXPECT_EQ(whose->expires, expires);
  EXPECT_FALSE(takes(ticket));
  EXPECT_FALSE(takes(""));
  EXPECT_FALSE(takes("no ticket"));
}

TEST_F(tickets_test, expire_and_so_do_those_of_a_token_that_has) {
  const auto in_time = issue();
  const auto late = issue();
  const auto of_old_token = all.issue(of(7, clock.now() + 10s), clock.now()).value();
  clock.advance(10s);
  EXPECT_FALSE(takes(of_old_token));
  clock.advance(49'999ms);
  EXPECT_TRUE(takes(in_time));
  clock.advance(1ms);
  EXPECT_FALSE(takes(late));
}

TEST_F(tickets_test, one_too_many_takes_the_place_of_the_users_oldest) {
  const auto others = issue(8);
  const auto first = issue();
  const auto second = issue();
  issue();
  issue();
  EXPECT_FALSE(takes(first));
  EXPECT_TRUE(takes(second));
  EXPECT_TRUE(takes(others));
}

TEST_F(tickets_test, are_so_many_and_no_more_until_some_expire) {
  for (std::int64_t user = 1; user <= 10; ++user) issue(user);
  EXPECT_EQ(all.issue(of(11), clock.now()).error().code, errc::overloaded);
  clock.advance(60s);
  EXPECT_TRUE(takes(issue(11)));
}

}  // namespace
}  // namespace mutirao::http::push
