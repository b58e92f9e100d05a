#include "http/server.hpp"

#include <gtest/gtest.h>

#include "tests/http/samples.hpp"
#include "tests/http/server_fixture.hpp"

namespace mutirao::http {
namespace {

TEST_F(server_test, answers_over_a_socket) {
  start();
  plays->on<list_units>([](const list_units&) { return list_units::answer{{{1}, "Matriz"}}; });
  const auto answer = exchange("GET /api/unidades");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->header("Content-Type"), "application/json");
  EXPECT_EQ(answer->body, R"({"unidades":[{"id":1,"nome":"Matriz"}]})");
}

TEST_F(server_test, head_has_the_length_of_get_and_no_body) {
  start();
  plays->on<list_units>([](const list_units&) { return list_units::answer{}; });
  const auto answer = exchange("HEAD /api/unidades");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  EXPECT_EQ(answer->header("Content-Length"),
            std::to_string(std::string(R"({"unidades":[]})").size()));
}

TEST_F(server_test, a_list_of_companies_of_any_length_arrives_whole) {
  start();
  constexpr std::int64_t count = 20'000;
  plays->on<list_companies>([](const list_companies& asked) {
    list_companies::answer page;
    const auto first = asked.after.value_or(0) + 1;
    for (auto id = first; id <= count && id < first + asked.limit; ++id) {
      auto row = sample_company();
      row.data.id = {id};
      page.companies.rows.push_back(row);
    }
    if (first + asked.limit - 1 < count) page.companies.next = first + asked.limit - 1;
    page.total = count;
    return page;
  });
  const auto answer = exchange("GET /api/empresas");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
  EXPECT_TRUE(answer->body.starts_with(R"({"companies":[{"id":1,)"));
  EXPECT_TRUE(answer->body.ends_with(R"("status":"ativo"}],"total":20000})"));
  std::size_t companies = 0;
  for (auto at = answer->body.find("{\"id\":"); at != std::string::npos;
       at = answer->body.find("{\"id\":", at + 1)) {
    ++companies;
  }
  EXPECT_EQ(companies, static_cast<std::size_t>(count));
}

TEST_F(server_test, a_body_of_8_mebibytes_is_413_as_a_problem) {
  start();
  const auto answer = exchange("POST /api/empresas", std::string(8u << 20, 'x'));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 413);
  EXPECT_EQ(answer->header("Content-Type"), "application/problem+json");
  EXPECT_NE(answer->body.find("Corpo grande demais"), std::string::npos);
}

TEST_F(server_test, a_post_with_the_type_of_json_and_no_body_is_normal) {
  start();
  plays->on<read_all_notifications>([](const read_all_notifications&) { return 2; });
  const auto answer = exchange("POST /api/notificacoes/read-all");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->body, R"({"updated":2})");
}

TEST_F(server_test, draining_refuses_what_is_new) {
  start();
  running->drain();
  const auto answer = exchange("GET /version");
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 503);
  EXPECT_NE(answer->header("Retry-After"), "");
}

TEST_F(server_test, stops_twice_and_leaves_no_asker) {
  const auto before = system.registry().running() + 1;  // the fixture's checker of passwords
  start();
  EXPECT_GT(system.registry().running(), before);
  running->stop();
  running->stop();
  EXPECT_EQ(system.registry().running(), before);
}

TEST_F(server_test, an_address_that_cannot_be_had_is_an_error) {
  start();
  const auto second = server::start(system, build(), {"127.0.0.1", running->port()}, 1);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, errc::internal);
}

}  // namespace
}  // namespace mutirao::http
