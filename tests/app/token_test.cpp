#include <gtest/gtest.h>

#include "app/clock.hpp"
#include "http/auth.hpp"
#include "tests/app/program_call.hpp"
#include "tests/app/token_claims.hpp"

namespace mutirao::app {
namespace {

const std::string secret(32, 'k');

program_call make(std::vector<std::string> flags) {
  flags.insert(flags.begin(), "token");
  return call(flags, {{"MUTIRAO_JWT_SECRET", secret}});
}

TEST(Token, SaysWhatTheOldServersTokensSay) {
  const program_call done =
      make({"--user", "7", "--nome", "Ana", "--email", "ana@example.com", "--unit", "1=Matriz",
            "--unit", "2=Filial = Sul", "--cargo", "3", "--expires-in", "2h"});
  ASSERT_EQ(done.code, 0) << done.err;
  const auto claims = claims_of(done.out);
  EXPECT_EQ(claims["userId"], 7);
  EXPECT_EQ(claims["id"], 7);
  EXPECT_EQ(claims["nome"], "Ana");
  EXPECT_EQ(claims["email"], "ana@example.com");
  EXPECT_EQ(claims["cargoId"], 3);
  EXPECT_EQ(claims["unidades"],
            nlohmann::json::parse(R"([{"id":1,"nome":"Matriz"},{"id":2,"nome":"Filial = Sul"}])"));
  EXPECT_EQ(claims["setores"], nlohmann::json::array());
  EXPECT_EQ(claims["permissions"], nlohmann::json::array());
  EXPECT_EQ(claims["exp"].get<std::int64_t>() - claims["iat"].get<std::int64_t>(), 7200);
}

TEST(Token, AdminIsAPermission) {
  EXPECT_EQ(claims_of(make({"--user=7", "--admin"}).out)["permissions"],
            nlohmann::json::array({"admin"}));
}

TEST(Token, TheServiceTakesIt) {
  const program_call done = make({"--user", "7", "--unit", "4=X"});
  const auto time = system_clock_in("UTC");
  ASSERT_TRUE(time);
  const http::auth checker({secret, {}}, **time);
  const std::string header = "Bearer " + done.out.substr(0, done.out.size() - 1);
  const auto known = checker.identify(header);
  ASSERT_TRUE(known);
  EXPECT_EQ(known->who->user, user_id{7});
  EXPECT_EQ(known->who->units, std::vector{unit_id{4}});
}

TEST(Token, UnitsThatAreNoUnitsAreWrongUse) {
  for (const char* unit : {"1", "=Matriz", "0=X", "-1=X", "a=X", "1=", "1 =X"}) {
    const program_call done = make({"--user=7", std::string("--unit=") + unit});
    EXPECT_EQ(done.code, 2) << unit;
    EXPECT_NE(done.err.find("--unit: "), std::string::npos) << unit;
  }
}

TEST(Token, UsersThatAreNoIdsAreWrongUse) {
  for (const char* user : {"0", "-7", "seven", "7.5", "9223372036854775808"}) {
    EXPECT_EQ(make({std::string("--user=") + user}).code, 2) << user;
  }
}

}  // namespace
}  // namespace mutirao::app
