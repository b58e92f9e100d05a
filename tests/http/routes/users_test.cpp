#include "http/routes/users.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/http/site_fixture.hpp"

namespace mutirao::http {
namespace {

using nlohmann::json;

class users_test : public site_test {
 protected:
  users_test() {
    plays->on<list_users>([](const list_users&) -> expected<list_users::answer> {
      return list_users::answer{{{7}, "Ana", "Lima", "hidden"}, {{8}, "Bia", "", "hidden"}};
    });
    plays->on<find_account>([](const find_account& asked) -> expected<find_account::answer> {
      if (asked.which != find_account{user_id{7}}.which) return std::nullopt;
      account ana;
      ana.who = {{7}, "Ana", "Lima", "ana@example.com"};
      ana.password = "secret hash";
      return ana;
    });
  }
};

TEST_F(users_test, are_listed_by_name) {
  const auto answer = ask("GET", "/api/usuarios");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(body_of(answer), R"({"users":[{"id":7,"nome":"Ana","sobrenome":"Lima"},)"
                             R"({"id":8,"nome":"Bia","sobrenome":""}]})");
  EXPECT_EQ(ask("GET", "/api/usuarios/unidade/1").status, 200);
  const auto asked = plays->asked<list_users>();
  ASSERT_EQ(asked.size(), 2U);
  EXPECT_FALSE(asked[0].unit);
  EXPECT_EQ(asked[0].by.user, user_id{7});
  EXPECT_EQ(asked[1].unit, unit_id{1});
}

TEST_F(users_test, show_all_of_themselves_to_themselves_and_admins) {
  const auto mine = ask("GET", "/api/usuarios/7");
  EXPECT_EQ(json::parse(mine.body.view())["email"], "ana@example.com");
  EXPECT_EQ(body_of(mine).find("secret"), std::string::npos);
  EXPECT_EQ(body_of(ask_as(admin, "GET", "/api/usuarios/7")), body_of(mine));
  EXPECT_EQ(body_of(ask_as(bearer(9, {}), "GET", "/api/usuarios/7")),
            R"({"id":7,"nome":"Ana","sobrenome":"Lima"})");
}

TEST_F(users_test, are_refused_as_everything_is) {
  EXPECT_EQ(ask("GET", "/api/usuarios/8").status, 404);
  EXPECT_EQ(ask("GET", "/api/usuarios/x").status, 400);
  EXPECT_EQ(ask("GET", "/api/usuarios/unidade/0").status, 400);
  EXPECT_EQ(ask_as("", "GET", "/api/usuarios").status, 401);
  EXPECT_EQ(ask_as("", "GET", "/api/usuarios/7").status, 401);
  plays->on<list_users>([](const list_users&) { return fail(errc::unknown_unit); });
  EXPECT_EQ(ask_as(admin, "GET", "/api/usuarios/unidade/9").status, 404);
}

}  // namespace
}  // namespace mutirao::http
