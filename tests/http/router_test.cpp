#include "http/router.hpp"

#include <gtest/gtest.h>

#include <set>

#include "http/routes/table.hpp"
#include "tests/http/page_routes.hpp"

namespace mutirao::http {
namespace {

using exchange_pointer = std::shared_ptr<const exchange>;
void first(const exchange_pointer&) {}
void second(const exchange_pointer&) {}

router sample() {
  return router({{method::get, "/things", first},
                 {method::post, "/things", second},
                 {method::get, "/things/new", first},
                 {method::get, "/things/:id", first},
                 {method::put, "/things/:id", second},
                 {method::get, "/things/:id/parts/:part", first},
                 {method::get, "/", first}});
}

std::string_view pattern(const router::match& where) {
  return where.found ? where.found->pattern : "(none)";
}

TEST(router_test, finds_by_path_and_method) {
  const auto routes = sample();
  EXPECT_EQ(pattern(routes.find(method::get, "/things")), "/things");
  EXPECT_EQ(routes.find(method::post, "/things").found->run, second);
  EXPECT_EQ(pattern(routes.find(method::get, "/")), "/");
}

TEST(router_test, a_name_of_its_own_goes_before_a_parameter) {
  const auto routes = sample();
  EXPECT_EQ(pattern(routes.find(method::get, "/things/new")), "/things/new");
  EXPECT_EQ(pattern(routes.find(method::get, "/things/newer")), "/things/:id");
  EXPECT_EQ(pattern(routes.find(method::get, "/things/new/parts/2")), "/things/:id/parts/:part");
}

TEST(router_test, gives_the_values_decoded_and_in_order) {
  const auto where = sample().find(method::get, "/things/a%20b%2Fc/parts/%C3%A7");
  ASSERT_NE(where.found, nullptr);
  EXPECT_EQ(where.values, (std::vector<std::string>{"a b/c", "ç"}));
}

TEST(router_test, names_are_compared_decoded) {
  EXPECT_EQ(pattern(sample().find(method::get, "/%74hings/new")), "/things/new");
}

TEST(router_test, one_slash_at_the_end_does_not_count) {
  EXPECT_EQ(pattern(sample().find(method::get, "/things/")), "/things");
  EXPECT_EQ(pattern(sample().find(method::get, "/things/7/")), "/things/:id");
}

TEST(router_test, head_is_found_as_get) {
  EXPECT_EQ(pattern(sample().find(method::head, "/things/7")), "/things/:id");
}

TEST(router_test, another_method_says_what_is_allowed) {
  const auto routes = sample();
  EXPECT_EQ(routes.find(method::del, "/things").found, nullptr);
  EXPECT_EQ(routes.find(method::del, "/things").allow, "GET, HEAD, POST, OPTIONS");
  EXPECT_EQ(routes.find(method::other, "/things/7").allow, "GET, HEAD, PUT, OPTIONS");
  EXPECT_EQ(routes.find(method::put, "/things/new").allow, "GET, HEAD, OPTIONS");
}

TEST(router_test, an_unknown_path_allows_nothing) {
  const auto routes = sample();
  for (const auto* path :
       {"/nothing", "/things/7/parts", "/things/7/parts/1/2", "things", "", "*"}) {
    const auto where = routes.find(method::get, path);
    EXPECT_EQ(where.found, nullptr) << path;
    EXPECT_TRUE(where.allow.empty()) << path;
    EXPECT_FALSE(where.malformed) << path;
  }
}

TEST(router_test, a_broken_percent_encoding_is_malformed) {
  for (const auto* path : {"/things/%", "/things/%4", "/things/%zz", "/%/"}) {
    EXPECT_TRUE(sample().find(method::get, path).malformed) << path;
  }
}

TEST(router_test, the_services_routes_are_told_apart) {
  const router routes(routes::table());
  const auto find = [&](method verb, std::string_view path) {
    return pattern(routes.find(verb, path));
  };
  EXPECT_EQ(find(method::get, "/api/empresas/jobs"), "/api/empresas/jobs");
  EXPECT_EQ(find(method::get, "/api/empresas/5"), "/api/empresas/:id");
  EXPECT_EQ(find(method::get, "/api/empresas/unidade/5"), "/api/empresas/unidade/:id");
  EXPECT_EQ(find(method::post, "/api/empresas/unidade/5/auto-tarefas"),
            "/api/empresas/unidade/:unidade_id/auto-tarefas");
  EXPECT_EQ(find(method::get, "/api/empresas/cnpj/5"), "/api/empresas/cnpj/:cnpj");
  EXPECT_EQ(find(method::post, "/api/notificacoes/read-all"), "/api/notificacoes/read-all");
  EXPECT_EQ(find(method::get, "/api/tarefas/agenda/responsavel/5"),
            "/api/tarefas/agenda/responsavel/:id");
}

// And the page, what signs in, and what refuses those that should have asked for a socket.
TEST(router_test, only_these_are_open) {
  std::set<std::string_view> open;
  const router routes(routes::table());
  for (const auto& one : routes.all()) {
    if (one.who == access::open && !is_of_page(one)) open.insert(one.pattern);
  }
  EXPECT_EQ(open, (std::set<std::string_view>{
                      "/health/live", "/health/ready", "/version", "/metrics", "/socket.io",
                      "/api/openapi.json", "/api/auth/login", "/api/auth/renew",
                      "/api/auth/session", "/api/auth/dev", "/api/auth/logout"}));
}

}  // namespace
}  // namespace mutirao::http
