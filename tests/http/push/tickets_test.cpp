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
  const std::string secret = "a secret of 32 bytes, or somewhat longer";
  tickets all{chance, secret, {.lifetime = 60s, .used = 10}};
};

TEST_F(tickets_test, are_each_another_and_fit_into_an_address) {
  std::set<std::string> seen;
  for (std::int64_t user = 1; user <= 10; ++user) {
    const auto ticket = issue(user);
    EXPECT_LT(ticket.size(), 400U);
    for (const char c : ticket) EXPECT_TRUE(std::isalnum(c) || c == '-' || c == '_' || c == '.');
    seen.insert(ticket);
    seen.insert(issue(user));
  }
  EXPECT_EQ(seen.size(), 20U);
}

TEST_F(tickets_test, are_taken_by_every_process_of_the_secret_and_no_other) {
  const auto ticket =
      all.issue({std::make_shared<const caller>(caller{{7}, true, {{3}, {9}}}), std::nullopt},
                clock.now())
          .value();
  tickets same{chance, secret};
  const auto whose = same.take(ticket, clock.now());
  ASSERT_TRUE(whose);
  EXPECT_TRUE(whose->who->admin);
  EXPECT_EQ(whose->who->units, (std::vector<unit_id>{{3}, {9}}));
  tickets other{chance, "another secret of 32 bytes or more"};
  EXPECT_FALSE(other.take(ticket, clock.now()));
  auto changed = ticket;
  changed[changed.size() / 2] ^= 1;
  EXPECT_FALSE(takes(changed));
}

TEST_F(tickets_test, of_who_has_hundreds_of_units_fit_into_an_address) {
  constexpr std::size_t longest_target = 2'048;
  caller who{{7}, false, {}};
  for (std::int64_t unit = 400; unit > 0; --unit) who.units.push_back({unit * 7});
  const auto ticket =
      all.issue({std::make_shared<const caller>(who), std::nullopt}, clock.now()).value();
  EXPECT_LT(ticket.size(), longest_target - 200);
  EXPECT_EQ(all.take(ticket, clock.now())->who->units.size(), 400U);
}

TEST_F(tickets_test, are_no_tokens_and_tokens_are_no_tickets) {
  auth_options with;
  with.secret = secret;
  const auth tokens(with, clock);
  EXPECT_EQ(tokens.identify_token(issue()).error().code, errc::invalid_token);
  token_claims claims;
  claims.user = {7};
  claims.issued_at = clock.now();
  EXPECT_FALSE(takes(sign(claims, secret).value()));
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

TEST_F(tickets_test, are_so_many_and_no_more_until_some_expire) {
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(takes(issue()));
  EXPECT_FALSE(takes(issue())) << "or one that was used might be taken for a new one";
  clock.advance(60s);
  EXPECT_TRUE(takes(issue()));
}

}  // namespace
}  // namespace mutirao::http::push
