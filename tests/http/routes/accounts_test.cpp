// Signing in and out, on a store and a hasher that the test plays.
#include "http/routes/accounts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "tests/http/site_fixture.hpp"
#include "tests/http/token_maker.hpp"

namespace mutirao::http {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::StartsWith;

/// What a token says.
json claims_of(const std::string& token) {
  const auto begin = token.find('.') + 1;
  std::string part = token.substr(begin, token.find('.', begin) - begin);
  for (auto& c : part) c = c == '-' ? '+' : c == '_' ? '/' : c;
  part.append((4 - part.size() % 4) % 4, '=');
  std::string text(part.size(), '\0');
  EVP_DecodeBlock(reinterpret_cast<unsigned char*>(text.data()),
                  reinterpret_cast<const unsigned char*>(part.data()),
                  static_cast<int>(part.size()));
  return json::parse(text.substr(0, text.rfind('}') + 1));
}

class accounts_test : public site_test {
 protected:
  accounts_test() {
    ana.who = {user_id{40}, "Ana", "Lima", "ana@example.com"};
    ana.rights = {false, 3, "Consultora", {{{1}, "Matriz"}, {{2}, "Filial"}}, {{2, "Visita"}}};
    ana.password = "kept segredo de ana";
    ana.password_since = clock.now() - 24h;
    plays->on<find_account>([this](const find_account& asked) -> expected<find_account::answer> {
      const bool hers = asked.which == find_account{ana.who.email}.which ||
                        asked.which == find_account{ana.who.id}.which;
      return hers ? std::optional(ana) : std::nullopt;
    });
  }

  response sign_in(std::string_view email, std::string_view password,
                   const extra_headers& more = {}) {
    const json body{{"email", email}, {"senha", password}};
    return send(make("POST", "/api/auth/login", "", body.dump(), more))->wait();
  }
  response sign_in(const extra_headers& more = {}) {
    return sign_in("ana@example.com", "segredo de ana", more);
  }
  response post(std::string_view target, const extra_headers& more = {}, std::string body = {}) {
    return send(make("POST", target, "", std::move(body), more))->wait();
  }
  /// The Cookie that a browser would send after this answer.
  static std::string cookie_of(const response& answer) {
    const auto set = header_of(answer, "Set-Cookie");
    return set.substr(0, set.find(';'));
  }
  void expect_refused(const response& answer) {
    EXPECT_EQ(answer.status, 401);
    EXPECT_EQ(parsed(answer)["message"], "E-mail ou senha incorretos.");
    EXPECT_EQ(parsed(answer)["error"], "E-mail ou senha incorretos.");
    EXPECT_EQ(header_of(answer, "Set-Cookie"), "(none)");
    EXPECT_EQ(header_of(answer, "Cache-Control"), "no-store");
  }

  account ana;
};

TEST_F(accounts_test, signs_in_by_email_and_password) {
  const auto answer = sign_in(" Ana@Example.com", "segredo de ana");
  ASSERT_EQ(answer.status, 200) << body_of(answer);
  const auto body = parsed(answer);
  EXPECT_EQ(body["user"], json::parse(R"({"id":40,"nome":"Ana","sobrenome":"Lima",
      "email":"ana@example.com","cargoId":3,"cargo":"Consultora",
      "unidades":[{"id":1,"nome":"Matriz"},{"id":2,"nome":"Filial"}],
      "setores":[{"id":2,"nome":"Visita"}],"permissions":[]})"));
  EXPECT_EQ(header_of(answer, "Cache-Control"), "no-store");
  const std::string token = body["token"];
  EXPECT_EQ(
      header_of(answer, "Set-Cookie"),
      "mutirao_session=" + token + "; Path=/api/auth; HttpOnly; SameSite=Strict; Max-Age=28800");
  const auto claims = claims_of(token);
  EXPECT_EQ(claims["userId"], 40);
  EXPECT_EQ(claims["id"], 40);
  EXPECT_EQ(claims["nome"], "Ana");
  EXPECT_EQ(claims["email"], "ana@example.com");
  EXPECT_EQ(claims["cargoId"], 3);
  EXPECT_EQ(claims["unidades"], body["user"]["unidades"]);
  EXPECT_EQ(claims["setores"], body["user"]["setores"]);
  EXPECT_EQ(claims["permissions"], json::array());
  EXPECT_EQ(claims["exp"].get<std::int64_t>() - claims["iat"].get<std::int64_t>(), 8 * 3600);
  EXPECT_EQ(log.counted(counter::sign_ins), 1);
}

TEST_F(accounts_test, its_token_is_good_on_every_other_route) {
  const std::string token = parsed(sign_in())["token"];
  plays->on<list_units>([](const list_units& asked) -> expected<list_units::answer> {
    EXPECT_EQ(asked.by.user, user_id{40});
    EXPECT_EQ(asked.by.units, (std::vector<unit_id>{{1}, {2}}));
    EXPECT_FALSE(asked.by.admin);
    return list_units::answer{};
  });
  EXPECT_EQ(ask_as("Bearer " + token, "GET", "/api/unidades").status, 200);
}

TEST_F(accounts_test, takes_the_password_by_its_english_name_too) {
  EXPECT_EQ(
      post("/api/auth/login", {}, R"({"email":"ana@example.com","password":"segredo de ana"})")
          .status,
      200);
}

TEST_F(accounts_test, tells_unknown_wrong_and_disabled_alike) {
  expect_refused(sign_in("ana@example.com", "wrong"));
  expect_refused(sign_in("nobody@example.com", "segredo de ana"));
  ana.disabled_since = clock.now();
  expect_refused(sign_in());
  EXPECT_EQ(log.counted(counter::sign_ins_refused), 3);
  EXPECT_EQ(log.counted(counter::sign_ins), 0);
}

TEST_F(accounts_test, hashes_for_unknown_users_too) {
  sign_in("nobody@example.com", "x");
  ASSERT_EQ(hasher.compared().size(), 1U);
  EXPECT_EQ(hasher.compared()[0].second, "");
}

TEST_F(accounts_test, a_user_without_password_does_not_sign_in) {
  ana.password.clear();
  expect_refused(sign_in("ana@example.com", "kept"));
}

TEST_F(accounts_test, slows_down_after_five_wrong_tries_whoever_it_is) {
  for (const auto* email : {"ana@example.com", "nobody@example.com"}) {
    for (int i = 0; i < 5; ++i) expect_refused(sign_in(email, "wrong"));
    const auto answer = sign_in(email, "segredo de ana", {{"accept-language", "en"}});
    EXPECT_EQ(answer.status, 429);
    EXPECT_EQ(header_of(answer, "Retry-After"), "5");
    EXPECT_EQ(parsed(answer)["message"], "Muitas tentativas. Espere 5 s e tente de novo.");
    EXPECT_EQ(parsed(answer)["detail"], "Too many tries. Wait 5 s and try again.");
  }
  EXPECT_EQ(hasher.compared().size(), 10U);
  EXPECT_EQ(log.counted(counter::sign_ins_slowed), 2);
  clock.advance(5s);
  EXPECT_EQ(sign_in().status, 200);
  for (int i = 0; i < 5; ++i) expect_refused(sign_in("ana@example.com", "wrong"));
}

TEST_F(accounts_test, what_a_proxy_says_of_the_address_does_not_help_who_guesses) {
  for (int i = 0; i < 5; ++i) {
    const auto address = "10.0.0." + std::to_string(i);
    expect_refused(sign_in("ANA@example.com", "wrong", {{"x-forwarded-for", address}}));
  }
  EXPECT_EQ(sign_in("ana@example.com ", "wrong", {{"x-forwarded-for", "10.0.0.9"}}).status, 429);
}

TEST_F(accounts_test, sends_away_whom_it_cannot_check_and_does_not_count_it) {
  password_checks = 0;
  for (int i = 0; i < 10; ++i) {
    const auto answer = sign_in();
    EXPECT_EQ(answer.status, 503);
    EXPECT_EQ(header_of(answer, "Retry-After"), "1");
  }
}

TEST_F(accounts_test, a_store_that_is_away_is_no_wrong_try) {
  plays->on<find_account>([](const find_account&) { return fail(errc::store_busy); });
  for (int i = 0; i < 10; ++i) EXPECT_EQ(sign_in().status, 503);
}

TEST_F(accounts_test, refuses_bodies_that_are_none) {
  const auto type_of = [this](std::string body) {
    const auto answer = post("/api/auth/login", {}, std::move(body));
    EXPECT_EQ(answer.status, 400);
    return parsed(answer)["type"].get<std::string>() + " " +
           parsed(answer)["message"].get<std::string>();
  };
  EXPECT_THAT(type_of(""), StartsWith("urn:mutirao:problem:invalid-json"));
  EXPECT_THAT(type_of("[]"), StartsWith("urn:mutirao:problem:invalid-json"));
  EXPECT_THAT(type_of(R"({"senha":"x"})"), HasSubstr("email"));
  EXPECT_THAT(type_of(R"({"email":" ","senha":"x"})"), HasSubstr("email"));
  EXPECT_THAT(type_of(R"({"email":"a@b"})"), HasSubstr("senha"));
  EXPECT_THAT(type_of(R"({"email":"a@b","senha":""})"), HasSubstr("senha"));
  EXPECT_THAT(type_of(R"({"email":"a@b","senha":7})"), HasSubstr("senha"));
  EXPECT_THAT(type_of(R"({"email":["a@b"],"senha":"x"})"), HasSubstr("email"));
  EXPECT_THAT(type_of(R"({"email":"a@b","senha":")" + std::string(1025, 'x') + "\"}"),
              HasSubstr("senha"));
  EXPECT_TRUE(hasher.compared().empty());
}

TEST_F(accounts_test, an_admin_is_one_by_right_or_by_cargo) {
  ana.rights.admin = true;
  EXPECT_EQ(parsed(sign_in())["user"]["permissions"], json::array({"admin"}));
  ana.rights.admin = false;
  ana.rights.cargo_id = 2;  // the fixture's --admin-cargos
  const auto body = parsed(sign_in());
  EXPECT_EQ(body["user"]["permissions"], json::array({"admin"}));
  EXPECT_EQ(claims_of(body["token"])["permissions"], json::array({"admin"}));
}

TEST_F(accounts_test, a_token_too_large_for_a_cookie_has_a_small_one_beside_it) {
  ana.rights.units.clear();
  for (std::int64_t i = 1; i <= 100; ++i) ana.rights.units.push_back({{i}, std::string(60, 'x')});
  const auto answer = sign_in();
  const std::string token = parsed(answer)["token"];
  EXPECT_EQ(claims_of(token)["unidades"].size(), 100U);
  const auto cookie = cookie_of(answer);
  EXPECT_LT(header_of(answer, "Set-Cookie").size(), 4096U);
  EXPECT_EQ(claims_of(cookie.substr(cookie.find('=') + 1))["unidades"], json::array());
  const auto renewed = post("/api/auth/renew", {{"cookie", cookie}});
  EXPECT_EQ(parsed(renewed)["user"]["unidades"].size(), 100U);
}

TEST_F(accounts_test, a_page_of_another_origin_gets_no_cookie_and_none_counts) {
  const auto cookie = cookie_of(sign_in());
  const extra_headers elsewhere{{"sec-fetch-site", "cross-site"}, {"cookie", cookie}};
  EXPECT_EQ(header_of(sign_in(elsewhere), "Set-Cookie"), "(none)");
  EXPECT_EQ(post("/api/auth/renew", elsewhere).status, 401);
  EXPECT_EQ(body_of(post("/api/auth/session", elsewhere)), "{}");
  const auto left = post("/api/auth/logout", elsewhere);
  EXPECT_EQ(left.status, 204);
  EXPECT_EQ(header_of(left, "Set-Cookie"), "(none)");
}

TEST_F(accounts_test, never_allows_credentials_to_other_origins) {
  options.cors_origins = {"https://front.example"};
  const auto answer = sign_in({{"origin", "https://front.example"}});
  EXPECT_EQ(header_of(answer, "Access-Control-Allow-Origin"), "https://front.example");
  EXPECT_EQ(header_of(answer, "Access-Control-Allow-Credentials"), "(none)");
}

// ---- renewal

TEST_F(accounts_test, renews_by_the_header_or_the_cookie) {
  const auto signed_in = sign_in();
  const std::string token = parsed(signed_in)["token"];
  const auto header = "Bearer " + token;
  const auto cookie = cookie_of(signed_in);
  clock.advance(5h);
  for (const auto& by :
       {extra_headers{{"authorization", header}}, extra_headers{{"cookie", cookie}},
        extra_headers{{"authorization", "Bearer nonsense"}, {"cookie", cookie}}}) {
    const auto answer = post("/api/auth/renew", by);
    ASSERT_EQ(answer.status, 200) << body_of(answer);
    const std::string fresh = parsed(answer)["token"];
    EXPECT_EQ(claims_of(fresh)["iat"].get<std::int64_t>(),
              claims_of(token)["iat"].get<std::int64_t>() + 5 * 3600);
    EXPECT_EQ(cookie_of(answer), "mutirao_session=" + fresh);
    EXPECT_EQ(parsed(answer)["user"]["id"], 40);
  }
}

TEST_F(accounts_test, renewal_gives_the_rights_that_are_stored_now) {
  const auto cookie = cookie_of(sign_in());
  ana.rights.units = {{{3}, "Sul"}};
  EXPECT_EQ(parsed(post("/api/auth/renew", {{"cookie", cookie}}))["user"]["unidades"],
            json::parse(R"([{"id":3,"nome":"Sul"}])"));
}

TEST_F(accounts_test, nothing_is_renewed_without_a_good_token_of_somebody_who_signs_in) {
  const auto cookie = cookie_of(sign_in());
  EXPECT_EQ(post("/api/auth/renew").status, 401);
  EXPECT_EQ(parsed(post("/api/auth/renew"))["message"], "Token não fornecido");
  EXPECT_EQ(post("/api/auth/renew", {{"cookie", cookie + "x"}}).status, 401);
  EXPECT_EQ(post("/api/auth/renew", {{"authorization", member}}).status, 401);  // user 7: unknown
  ana.disabled_since = clock.now();
  EXPECT_EQ(parsed(post("/api/auth/renew", {{"cookie", cookie}}))["message"], "Token inválido");
  ana.disabled_since.reset();
  clock.advance(8h);
  EXPECT_EQ(post("/api/auth/renew", {{"cookie", cookie}}).status, 401);
}

TEST_F(accounts_test, a_new_password_ends_the_sessions_of_the_old_one) {
  const auto cookie = cookie_of(sign_in());
  clock.advance(1min);
  ana.password_since = clock.now();
  EXPECT_EQ(post("/api/auth/renew", {{"cookie", cookie}}).status, 401);
  EXPECT_EQ(post("/api/auth/renew", {{"cookie", cookie_of(sign_in())}}).status, 200);
}

TEST_F(accounts_test, a_token_of_the_same_secret_from_outside_is_renewed_for_who_signs_in_here) {
  const auto now = std::chrono::floor<std::chrono::seconds>(clock.now()).time_since_epoch().count();
  const auto renewed_by = [&](const json& claims) {
    const auto header = "Bearer " + make_token(R"({"alg":"HS256"})", claims.dump(), test_secret);
    return post("/api/auth/renew", {{"authorization", header}}).status;
  };
  EXPECT_EQ(renewed_by({{"id", 40}, {"iat", now}}), 200);
  EXPECT_EQ(renewed_by({{"id", 41}, {"iat", now}}), 401);
  // Nobody knows whether it is older than the password.
  EXPECT_EQ(renewed_by({{"id", 40}}), 401);
}

// ---- the session of a page that is opened

TEST_F(accounts_test, a_page_finds_its_session_by_the_cookie) {
  const auto cookie = cookie_of(sign_in());
  const auto answer = post("/api/auth/session", {{"cookie", "x=1; " + cookie}});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(header_of(answer, "Cache-Control"), "no-store");
  const auto session = parsed(answer)["session"];
  EXPECT_EQ(session["user"]["id"], 40);
  EXPECT_EQ("mutirao_session=" + session["token"].get<std::string>(), cookie_of(answer));
  EXPECT_FALSE(parsed(answer).contains("devUsers"));
}

TEST_F(accounts_test, without_a_session_it_is_told_so_without_an_error) {
  const auto cookie = cookie_of(sign_in());
  EXPECT_EQ(body_of(post("/api/auth/session")), "{}");
  EXPECT_EQ(header_of(post("/api/auth/session"), "Set-Cookie"), "(none)");
  for (const auto* bad : {"mutirao_session=x", "mutirao_session=a.b.c"}) {
    const auto answer = post("/api/auth/session", {{"cookie", bad}});
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(body_of(answer), "{}");
    EXPECT_THAT(header_of(answer, "Set-Cookie"), HasSubstr("Max-Age=0"));
  }
  ana.disabled_since = clock.now();
  EXPECT_EQ(body_of(post("/api/auth/session", {{"cookie", cookie}})), "{}");
  // The header is not what it asks for.
  ana.disabled_since.reset();
  EXPECT_EQ(body_of(post("/api/auth/session",
                         {{"authorization", "Bearer " + cookie.substr(cookie.find('=') + 1)}})),
            "{}");
}

TEST_F(accounts_test, a_store_that_is_away_ends_no_session) {
  const auto cookie = cookie_of(sign_in());
  plays->on<find_account>([](const find_account&) { return fail(errc::store_busy); });
  const auto answer = post("/api/auth/session", {{"cookie", cookie}});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(header_of(answer, "Set-Cookie"), "(none)");
}

TEST_F(accounts_test, of_several_cookies_the_one_that_is_good_counts) {
  const auto cookie = cookie_of(sign_in());
  const auto answer = post("/api/auth/session", {{"cookie", "mutirao_session=old; " + cookie}});
  EXPECT_TRUE(parsed(answer).contains("session"));
}

TEST_F(accounts_test, signing_out_clears_the_cookie) {
  const auto answer = post("/api/auth/logout");
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(header_of(answer, "Set-Cookie"),
            "mutirao_session=; Path=/api/auth; HttpOnly; SameSite=Strict; Max-Age=0");
}

// ---- made-up users

class made_up_test : public accounts_test {
 protected:
  made_up_test() {
    account bruno;
    bruno.who = {user_id{8}, "Bruno", "Lima", "bruno@example.com"};
    bruno.rights.units = {{{1}, "Matriz"}};
    account eva;
    eva.who = {user_id{7}, "Eva", "Souza", "eva@example.com"};
    eva.rights.admin = true;
    made_up_users = {eva, bruno};
  }
  const extra_headers here{{"host", "127.0.0.1:5000"}};
};

TEST_F(made_up_test, are_named_and_let_in_by_one_click) {
  EXPECT_EQ(parsed(post("/api/auth/session", here))["devUsers"], json::parse(R"([
      {"id":7,"nome":"Eva","sobrenome":"Souza","email":"eva@example.com","admin":true},
      {"id":8,"nome":"Bruno","sobrenome":"Lima","email":"bruno@example.com","admin":false}])"));
  const auto answer = post("/api/auth/dev", here, R"({"id":8})");
  ASSERT_EQ(answer.status, 200);
  EXPECT_EQ(parsed(answer)["user"]["unidades"], json::parse(R"([{"id":1,"nome":"Matriz"}])"));
  EXPECT_EQ(claims_of(parsed(answer)["token"])["userId"], 8);
  const auto renewed = post("/api/auth/renew", {{"cookie", cookie_of(answer)}});
  EXPECT_EQ(parsed(renewed)["user"]["nome"], "Bruno");
}

TEST_F(made_up_test, that_nobody_made_up_are_unknown) {
  EXPECT_EQ(post("/api/auth/dev", here, R"({"id":40})").status, 404);
  EXPECT_EQ(post("/api/auth/dev", here, R"({"id":-1})").status, 400);
  EXPECT_EQ(post("/api/auth/dev", here, R"({})").status, 400);
  EXPECT_EQ(post("/api/auth/dev", here).status, 400);
}

TEST_F(made_up_test, are_not_there_under_a_name_that_others_may_own) {
  for (const auto* host : {"evil.example", "127.0.0.1.evil.example"}) {
    const extra_headers there{{"host", host}};
    EXPECT_EQ(body_of(post("/api/auth/session", there)), "{}");
    EXPECT_EQ(post("/api/auth/dev", there, R"({"id":7})").status, 404);
  }
  const extra_headers foreign{{"host", "localhost"}, {"sec-fetch-site", "same-site"}};
  EXPECT_EQ(post("/api/auth/dev", foreign, R"({"id":7})").status, 404);
}

TEST_F(accounts_test, nobody_is_made_up_without_dev) {
  EXPECT_EQ(post("/api/auth/dev", {{"host", "localhost"}}, R"({"id":40})").status, 404);
}

}  // namespace
}  // namespace mutirao::http
