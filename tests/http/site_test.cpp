#include "http/site.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "http/exchange.hpp"
#include "tests/http/site_fixture.hpp"
#include "tests/http/token_maker.hpp"

namespace mutirao::http {
namespace {

using nlohmann::json;

class cors_test : public site_test {
 protected:
  void SetUp() override { options.cors_origins = {"https://app.example", "http://localhost:3000"}; }

  response preflight(std::string_view origin, std::string_view target = "/api/empresas/5") {
    return send(make("OPTIONS", target, "", "",
                     {{"origin", origin},
                      {"access-control-request-method", "PUT"},
                      {"access-control-request-headers", "authorization"}}))
        ->wait();
  }
};

TEST_F(site_test, every_route_but_the_open_ones_wants_a_token) {
  for (const auto& one : at().routes().all()) {
    if (one.who == access::open) continue;
    std::string path(one.pattern);
    std::replace(path.begin(), path.end(), ':', '1');
    const std::map<method, std::string> verbs{{method::get, "GET"},
                                              {method::post, "POST"},
                                              {method::put, "PUT"},
                                              {method::del, "DELETE"}};
    const auto& verb = verbs.at(one.verb);
    const auto missing = ask_as("", verb, path);
    EXPECT_EQ(missing.status, 401) << path;
    EXPECT_EQ(parsed(missing)["error"], "Token não fornecido") << path;
    const auto invalid = ask_as("Bearer x.y.z", verb, path);
    EXPECT_EQ(invalid.status, 401) << path;
    EXPECT_EQ(parsed(invalid)["error"], "Token inválido") << path;
  }
}

TEST_F(site_test, tokens_that_do_not_count_are_invalid) {
  const std::string payload = R"({"userId":7})";
  const std::string header = R"({"alg":"HS256"})";
  clock.advance(std::chrono::hours(9));
  for (const auto& token : {member,  // expired
                            "Bearer " + make_token(header, payload, "not the secret"),
                            "Bearer " + make_token(R"({"alg":"none"})", payload, test_secret)}) {
    const auto answer = ask_as(token, "GET", "/api/unidades");
    EXPECT_EQ(answer.status, 401);
    EXPECT_EQ(parsed(answer)["error"], "Token inválido");
  }
}

TEST_F(site_test, unknown_paths_are_404_with_or_without_token) {
  for (const auto* path :
       {"/nada", "/api", "/api/nada", "/api/empresas/jobs/x/y", "/health", "x"}) {
    EXPECT_EQ(ask("GET", path).status, 404) << path;
    EXPECT_EQ(ask_as("", "POST", path).status, 404) << path;
  }
}

TEST_F(site_test, a_method_that_a_path_does_not_take_is_405_with_allow) {
  const auto answer = ask("DELETE", "/api/empresas/5");
  EXPECT_EQ(answer.status, 405);
  EXPECT_EQ(header_of(answer, "Allow"), "GET, HEAD, PUT, OPTIONS");
  EXPECT_EQ(parsed(answer)["status"], 405);
  EXPECT_EQ(ask("BREW", "/api/unidades").status, 405);
  EXPECT_EQ(ask("POST", "/version").status, 405);
}

TEST_F(site_test, a_broken_path_is_400) {
  EXPECT_EQ(ask("GET", "/api/empresas/%zz").status, 400);
}

TEST_F(site_test, options_says_what_is_allowed_without_token) {
  const auto answer = ask_as("", "OPTIONS", "/api/empresas");
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(header_of(answer, "Allow"), "GET, HEAD, POST, OPTIONS");
  EXPECT_EQ(ask_as("", "OPTIONS", "*").status, 204);
  EXPECT_EQ(ask_as("", "OPTIONS", "/nada").status, 404);
}

TEST_F(site_test, problems_follow_the_language_and_name_the_path) {
  const auto answer = send(make("GET", "/api/nada%20x?secret=1", member, "",
                                {{"accept-language", "en-US,en;q=0.9"}}))
                          ->wait();
  EXPECT_EQ(parsed(answer)["title"], "Not found");
  EXPECT_EQ(parsed(answer)["message"], "Rota não encontrada");
  EXPECT_EQ(parsed(answer)["instance"], "/api/nada%20x");
}

TEST_F(site_test, health_version_and_measures) {
  EXPECT_EQ(body_of(ask_as("", "GET", "/health/live")), R"({"status":"live"})");
  EXPECT_EQ(body_of(ask_as("", "GET", "/health/ready")), R"({"status":"ready"})");
  EXPECT_EQ(body_of(ask_as("", "GET", "/version")),
            R"({"name":"mutirao","version":"0.1.0","commit":"abc1234"})");
  EXPECT_EQ(body_of(ask_as("", "GET", "/metrics")), "up 1\n");
  is_ready = false;
  EXPECT_EQ(ask_as("", "GET", "/health/ready").status, 503);
  EXPECT_EQ(header_of(ask_as("", "GET", "/health/ready"), "Retry-After"), "1");
  EXPECT_EQ(ask_as("", "GET", "/health/live").status, 200);
}

TEST_F(site_test, names_the_route_not_the_path) {
  const auto out = send(make("GET", "/api/empresas/5", ""));
  EXPECT_EQ(out->wait().status, 401);
  EXPECT_EQ(out->route(), "/api/empresas/:id");
}

TEST_F(site_test, the_edges_errors_have_the_same_form) {
  const auto answer = at().problem(errc::body_too_large, {"/api/empresas", "en", ""});
  EXPECT_EQ(answer.status, 413);
  EXPECT_EQ(parsed(answer)["title"], "Body too large");
  EXPECT_EQ(parsed(answer)["instance"], "/api/empresas");
  EXPECT_EQ(at().problem(errc::malformed_request, {}).status, 400);
}

TEST_F(site_test, bodies_may_have_a_mebibyte) {
  EXPECT_EQ(at().body_limit(method::post, "/api/empresas", {}), 1U << 20);
  EXPECT_EQ(at().body_limit(method::post, "/nada", {}), 1U << 20);
}

TEST_F(site_test, larger_ones_are_read_of_callers_who_are_known) {
  header_values headers;
  EXPECT_EQ(at().body_limit(method::post, "/api/jobs", headers).error(), errc::missing_token);
  headers.set("Authorization", "Bearer x");
  EXPECT_EQ(at().body_limit(method::post, "/api/jobs", headers).error(), errc::invalid_token);
  header_values known;
  known.set("Authorization", bearer(7, {}));
  EXPECT_EQ(at().body_limit(method::post, "/api/jobs", known), 20U << 20);
}

TEST_F(site_test, without_origins_nothing_is_said_of_cors) {
  const auto answer =
      send(make("GET", "/version", "", "", {{"origin", "https://app.example"}}))->wait();
  EXPECT_EQ(header_of(answer, "Access-Control-Allow-Origin"), "(none)");
  EXPECT_EQ(header_of(answer, "Vary"), "(none)");
}

TEST_F(cors_test, an_allowed_origin_may_read_answers_and_errors) {
  for (const auto* path : {"/version", "/api/unidades"}) {
    const auto answer =
        send(make("GET", path, "", "", {{"origin", "http://localhost:3000"}}))->wait();
    EXPECT_EQ(header_of(answer, "Access-Control-Allow-Origin"), "http://localhost:3000") << path;
    EXPECT_EQ(header_of(answer, "Vary"), "Origin") << path;
    EXPECT_EQ(header_of(answer, "Access-Control-Allow-Credentials"), "(none)") << path;
  }
}

TEST_F(cors_test, an_allowed_origin_may_read_the_edges_errors) {
  const auto answer =
      at().problem(errc::body_too_large, {"/api/empresas", "", "https://app.example"});
  EXPECT_EQ(header_of(answer, "Access-Control-Allow-Origin"), "https://app.example");
  EXPECT_EQ(header_of(at().problem(errc::body_too_large, {"/", "", "https://evil.example"}),
                      "Access-Control-Allow-Origin"),
            "(none)");
}

TEST_F(cors_test, a_preflight_lists_methods_and_headers) {
  const auto answer = preflight("https://app.example");
  EXPECT_EQ(answer.status, 204);
  EXPECT_EQ(header_of(answer, "Access-Control-Allow-Origin"), "https://app.example");
  EXPECT_EQ(header_of(answer, "Access-Control-Allow-Methods"), "GET, HEAD, PUT, OPTIONS");
  EXPECT_EQ(header_of(answer, "Access-Control-Allow-Headers"),
            "authorization, content-type, idempotency-key, last-event-id");
}

TEST_F(cors_test, another_origin_gets_nothing) {
  for (const auto* origin : {"https://evil.example", "https://app.example.evil", "null", ""}) {
    const auto answer = preflight(origin);
    EXPECT_EQ(header_of(answer, "Access-Control-Allow-Origin"), "(none)") << origin;
    EXPECT_EQ(header_of(answer, "Access-Control-Allow-Methods"), "(none)") << origin;
    EXPECT_EQ(header_of(answer, "Vary"), "Origin") << origin;
  }
}

TEST_F(cors_test, a_star_allows_every_origin) {
  options.cors_origins = {"*"};
  EXPECT_EQ(header_of(preflight("https://any.example"), "Access-Control-Allow-Origin"), "*");
}

}  // namespace
}  // namespace mutirao::http
