#include "http/auth.hpp"

#include <gtest/gtest.h>

#include "http/token_cache.hpp"
#include "tests/http/token_maker.hpp"
#include "tests/support/fixed_world.hpp"

namespace mutirao::http {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view hs256 = R"({"alg":"HS256","typ":"JWT"})";
const std::string secret = "0123456789abcdef0123456789abcdef";

class auth_test : public ::testing::Test {
 protected:
  expected<std::shared_ptr<const caller>> check(const std::string& token) {
    return who_asks("Bearer " + token);
  }
  expected<std::shared_ptr<const caller>> who_asks(std::optional<std::string_view> authorization) {
    return tokens.identify(authorization).map([](const auto& known) { return known.who; });
  }
  expected<std::shared_ptr<const caller>> check_payload(std::string_view payload) {
    return check(make_token(hs256, payload, secret));
  }
  static errc code(const expected<std::shared_ptr<const caller>>& result) {
    EXPECT_FALSE(result);
    return result ? errc::internal : result.error().code;
  }
  std::int64_t seconds() const {
    return std::chrono::floor<std::chrono::seconds>(clock.now()).time_since_epoch().count();
  }

  testing::fixed_clock clock;
  auth tokens{{secret, {2, 5}, 100}, clock};
};

TEST_F(auth_test, reads_user_units_and_permissions) {
  const auto who = check_payload(
      R"({"userId":7,"id":9,"unidades":[{"id":3,"nome":"Sul"},{"id":1,"nome":"Matriz"}],
          "permissions":["x","admin"]})");
  ASSERT_TRUE(who);
  EXPECT_EQ((*who)->user, user_id{7});
  EXPECT_EQ((*who)->units, (std::vector<unit_id>{{3}, {1}}));
  EXPECT_TRUE((*who)->admin);
}

TEST_F(auth_test, falls_back_to_id_where_userId_is_absent_or_null) {
  EXPECT_EQ((*check_payload(R"({"id":9})"))->user, user_id{9});
  EXPECT_EQ((*check_payload(R"({"id":9,"userId":null})"))->user, user_id{9});
}

TEST_F(auth_test, refuses_a_user_that_is_no_positive_whole_number) {
  for (const auto* payload :
       {R"({})", R"({"userId":"7"})", R"({"userId":0})", R"({"userId":-1})", R"({"userId":1.5})",
        R"({"userId":true})", R"({"userId":[7]})", R"({"userId":1e30})"}) {
    EXPECT_EQ(code(check_payload(payload)), errc::invalid_token) << payload;
  }
}

TEST_F(auth_test, takes_units_that_are_null_or_absent_as_none) {
  EXPECT_TRUE((*check_payload(R"({"id":9,"unidades":null})"))->units.empty());
  EXPECT_TRUE((*check_payload(R"({"id":9})"))->units.empty());
  EXPECT_TRUE(
      (*check_payload(R"({"id":9,"unidades":[null,{"nome":"x"},{"id":"1"}]})"))->units.empty());
}

TEST_F(auth_test, only_named_cargos_mean_admin) {
  EXPECT_TRUE((*check_payload(R"({"id":9,"cargoId":5})"))->admin);
  EXPECT_FALSE((*check_payload(R"({"id":9,"cargoId":3})"))->admin);
  EXPECT_FALSE((*check_payload(R"({"id":9,"permissions":"admin"})"))->admin);
}

TEST_F(auth_test, no_token_is_missing) {
  const auto header = [&](std::optional<std::string_view> value) { return code(who_asks(value)); };
  EXPECT_EQ(header(std::nullopt), errc::missing_token);
  EXPECT_EQ(header(""), errc::missing_token);
  EXPECT_EQ(header("Bearer"), errc::missing_token);
  EXPECT_EQ(header("Bearer "), errc::missing_token);
  EXPECT_EQ(header("Bearer null"), errc::missing_token);
  EXPECT_EQ(header("Basic YTpi"), errc::missing_token);
}

TEST_F(auth_test, the_scheme_has_no_case) {
  EXPECT_TRUE(who_asks("bEARER " + make_token(hs256, R"({"id":9})", secret)));
}

TEST_F(auth_test, garbage_is_invalid) {
  for (const std::string token :
       {"x", "undefined", "a.b.c", "..", "...", "eyJhbGciOiJIUzI1NiJ9..", "\xff\xfe.\xff.\xff"}) {
    EXPECT_EQ(code(check(token)), errc::invalid_token) << token;
  }
}

TEST_F(auth_test, what_follows_a_nul_is_not_overlooked) {
  const std::string token = make_token(hs256, R"({"id":9})", secret);
  ASSERT_TRUE(check(token));
  EXPECT_EQ(code(check(token + std::string("\0x", 2))), errc::invalid_token);
}

TEST_F(auth_test, another_secret_is_invalid) {
  EXPECT_EQ(code(check(make_token(hs256, R"({"id":9})", "another secret, as long as the first"))),
            errc::invalid_token);
}

TEST_F(auth_test, only_HS256_is_accepted) {
  const std::string_view payload = R"({"id":9})";
  for (const auto* header :
       {R"({"alg":"none"})", R"({"alg":"None","typ":"JWT"})", R"({"alg":"HS384","typ":"JWT"})",
        R"({"alg":"HS512","typ":"JWT"})", R"({"alg":"RS256","typ":"JWT"})",
        R"({"alg":"ES256","typ":"JWT"})", R"({"typ":"JWT"})", R"({"alg":7})"}) {
    const auto token = make_token(header, payload, secret);
    EXPECT_EQ(code(check(token)), errc::invalid_token) << header;
    const auto unsigned_token = token.substr(0, token.rfind('.') + 1);
    EXPECT_EQ(code(check(unsigned_token)), errc::invalid_token) << header;
  }
}

TEST_F(auth_test, extensions_that_must_be_understood_are_not) {
  const std::string_view payload = R"({"id":9})";
  EXPECT_TRUE(check(make_token(R"({"alg":"HS256","x":1})", payload, secret)));
  for (const auto* header : {R"({"alg":"HS256","crit":["x"],"x":1})",
                             R"({"alg":"HS256","crit":[]})", R"({"alg":"HS256","crit":null})"}) {
    EXPECT_EQ(code(check(make_token(header, payload, secret))), errc::invalid_token) << header;
  }
}

TEST_F(auth_test, a_changed_payload_is_invalid) {
  const auto token = make_token(hs256, R"({"id":9})", secret);
  const auto first = token.find('.');
  const auto last = token.rfind('.');
  const auto forged = token.substr(0, first + 1) + base64url(R"({"id":1})") + token.substr(last);
  EXPECT_EQ(code(check(forged)), errc::invalid_token);
}

TEST_F(auth_test, a_payload_that_is_no_object_is_invalid) {
  EXPECT_EQ(code(check_payload("[7]")), errc::invalid_token);
  EXPECT_EQ(code(check_payload("7")), errc::invalid_token);
}

TEST_F(auth_test, expires_at_exp_also_once_it_is_known) {
  const auto exp = std::to_string(seconds() + 60);
  const auto token = make_token(hs256, R"({"id":9,"exp":)" + exp + "}", secret);
  ASSERT_TRUE(check(token));
  clock.advance(59'999ms);
  ASSERT_TRUE(check(token));
  clock.advance(1ms);
  EXPECT_EQ(code(check(token)), errc::invalid_token);
  EXPECT_EQ(code(check(token)), errc::invalid_token);
}

TEST_F(auth_test, a_token_without_exp_lasts) {
  const auto token = make_token(hs256, R"({"id":9})", secret);
  ASSERT_TRUE(check(token));
  clock.advance(std::chrono::hours(24 * 3650));
  EXPECT_TRUE(check(token));
}

TEST_F(auth_test, an_exp_that_is_no_number_is_invalid) {
  EXPECT_EQ(code(check_payload(R"({"id":9,"exp":"2999-01-01"})")), errc::invalid_token);
}

TEST_F(auth_test, an_exp_of_any_size_is_understood) {
  EXPECT_TRUE(check_payload(R"({"id":9,"exp":1e300})"));
  EXPECT_EQ(code(check_payload(R"({"id":9,"exp":-1e300})")), errc::invalid_token);
}

TEST_F(auth_test, is_not_valid_before_nbf) {
  const auto token =
      make_token(hs256, R"({"id":9,"nbf":)" + std::to_string(seconds() + 10) + "}", secret);
  EXPECT_EQ(code(check(token)), errc::invalid_token);
  clock.advance(10s);
  EXPECT_TRUE(check(token));
}

TEST_F(auth_test, remembers_a_token_instead_of_reading_it_again) {
  const auto token = make_token(hs256, R"({"id":9})", secret);
  EXPECT_EQ(check(token)->get(), check(token)->get());
}

TEST_F(auth_test, without_secret_nothing_is_valid) {
  const auth open({"", {}, 10}, clock);
  const auto who = open.identify("Bearer " + make_token(hs256, R"({"id":9})", ""));
  ASSERT_FALSE(who);
  EXPECT_EQ(who.error().code, errc::invalid_token);
}

TEST_F(auth_test, a_signed_token_says_what_the_old_servers_said) {
  token_claims claims;
  claims.user = {7};
  claims.name = "Ana";
  claims.email = "ana@example.com";
  claims.units = {{{1}, "Matriz"}};
  claims.admin = true;
  claims.issued_at = clock.now();
  claims.lifetime = 1h;
  const auto token = sign(claims, secret);
  ASSERT_TRUE(token);
  EXPECT_EQ(token->substr(token->find('.') + 1, token->rfind('.') - token->find('.') - 1),
            base64url(R"({"cargoId":null,"email":"ana@example.com","exp":)" +
                      std::to_string(seconds() + 3600) + R"(,"iat":)" + std::to_string(seconds()) +
                      R"(,"id":7,"nome":"Ana","permissions":["admin"],"setores":[],)"
                      R"("unidades":[{"id":1,"nome":"Matriz"}],"userId":7})"));
  const auto who = check(*token);
  ASSERT_TRUE(who);
  EXPECT_EQ((*who)->user, user_id{7});
  EXPECT_TRUE((*who)->admin);
  clock.advance(1h);
  EXPECT_EQ(code(check(*token)), errc::invalid_token);
}

TEST(token_cache_test, forgets_the_least_used_first) {
  token_cache cache(8);  // one a shard
  const auto who = std::make_shared<const caller>();
  for (int i = 0; i < 100; ++i) cache.put("token " + std::to_string(i), {who, std::nullopt});
  int known = 0;
  for (int i = 0; i < 100; ++i) {
    known += cache.find("token " + std::to_string(i), instant{}) ? 1 : 0;
  }
  EXPECT_LE(known, 8);
  EXPECT_GE(known, 1);
  EXPECT_TRUE(cache.find("token 99", instant{}));
}

}  // namespace
}  // namespace mutirao::http
