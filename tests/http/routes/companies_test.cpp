#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "http/cursor.hpp"
#include "tests/http/samples.hpp"
#include "tests/http/site_fixture.hpp"

namespace mutirao::http {
namespace {

using nlohmann::json;

const std::string new_company = R"({"cnpj":"11.222.333/0001-81","razao_social":"Padaria Sol Ltda",)"
                                R"("nome_fantasia":"Padaria Sol","unidade_responsavel":1})";

class companies_route_test : public site_test {
 protected:
  /// A directory of `count` companies that answers in pages, as the store does.
  void fill(std::int64_t count) {
    plays->on<list_companies>([count](const list_companies& asked) {
      list_companies::answer page;
      const auto first = asked.after.value_or(0) + 1;
      for (auto id = first; id <= count && id < first + asked.limit; ++id) {
        auto row = sample_company();
        row.data.id = {id};
        page.companies.rows.push_back(row);
      }
      const auto last = first + asked.limit - 1;
      if (last < count) page.companies.next = last;
      if (!asked.after) page.total = count;
      return page;
    });
  }
  void keep_names() {
    plays->on<find_company>([](const find_company&) { return sample_company(); });
  }
};

TEST_F(companies_route_test, a_short_list_comes_in_one_piece) {
  fill(3);
  const auto out = send(make("GET", "/api/empresas", member));
  const auto body = parsed(out->wait());
  EXPECT_EQ(out->streamed(), nullptr);
  EXPECT_EQ(body["total"], 3);
  EXPECT_EQ(body["companies"].size(), 3U);
  EXPECT_FALSE(body.contains("nextCursor"));
  EXPECT_EQ(plays->asked<list_companies>()[0].unit, std::nullopt);
}

TEST_F(companies_route_test, a_long_list_is_written_as_the_client_takes_it) {
  fill(1'000);
  const auto out = send(make("GET", "/api/empresas", member));
  EXPECT_EQ(out->wait().status, 200);
  const auto stream = out->streamed();
  ASSERT_NE(stream, nullptr);
  std::size_t pages = 1;
  while (stream->make_room()) ++pages;
  EXPECT_TRUE(stream->finished());
  const auto body = json::parse(stream->text());
  EXPECT_EQ(body["total"], 1'000);
  ASSERT_EQ(body["companies"].size(), 1'000U);
  for (std::size_t i = 0; i < 1'000; ++i) EXPECT_EQ(body["companies"][i]["id"], i + 1);
  EXPECT_EQ(plays->asked<list_companies>().size(), pages);
}

TEST_F(companies_route_test, the_next_page_is_not_read_before_there_is_room) {
  fill(1'000);
  const auto out = send(make("GET", "/api/empresas", member));
  out->wait();
  ASSERT_TRUE(out->streamed()->make_room());
  ASSERT_TRUE(out->streamed()->make_room());
  EXPECT_LE(plays->asked<list_companies>().size(), 3U);
  EXPECT_FALSE(out->streamed()->finished());
}

TEST_F(companies_route_test, nothing_is_read_for_a_client_that_is_gone) {
  fill(1'000);
  const auto out = send(make("GET", "/api/empresas", member));
  out->wait();
  out->streamed()->lose_client();
  while (out->streamed()->make_room()) {
  }
  EXPECT_LE(plays->asked<list_companies>().size(), 2U);
}

TEST_F(companies_route_test, an_error_before_the_first_page_is_a_problem) {
  plays->on<list_companies>([](const list_companies&) { return fail(errc::forbidden_unit); });
  EXPECT_EQ(ask("GET", "/api/empresas/unidade/2").status, 403);
  EXPECT_EQ(plays->asked<list_companies>()[0].unit, unit_id{2});
  EXPECT_EQ(ask("GET", "/api/empresas/unidade/x").status, 400);
}

TEST_F(companies_route_test, pages_where_a_limit_is_given) {
  fill(5);
  const auto first = parsed(ask("GET", "/api/empresas?limit=2"));
  EXPECT_EQ(first["total"], 5);
  EXPECT_EQ(first["companies"].size(), 2U);
  const auto second =
      parsed(ask("GET", "/api/empresas?limit=2&cursor=" + first["nextCursor"].get<std::string>()));
  EXPECT_EQ(second["companies"][0]["id"], 3);
  EXPECT_FALSE(second.contains("total"));
  EXPECT_EQ(ask("GET", "/api/empresas?limit=501").status, 400);
}

TEST_F(companies_route_test, one_by_id) {
  keep_names();
  EXPECT_EQ(parsed(ask("GET", "/api/empresas/5"))["unidade_nome"], "Matriz");
  EXPECT_EQ(plays->asked<find_company>()[0].id, company_id{5});
  const auto bad = ask("GET", "/api/empresas/abc");
  EXPECT_EQ(bad.status, 400);
  EXPECT_EQ(parsed(bad)["message"], "ID inválido");
}

TEST_F(companies_route_test, one_by_cnpj_however_it_is_written) {
  keep_names();
  EXPECT_EQ(ask("GET", "/api/empresas/cnpj/11222333000181").status, 200);
  EXPECT_EQ(ask("GET", "/api/empresas/cnpj/11.222.333%2F0001-81").status, 200);
  for (const auto& asked : plays->asked<find_company>()) EXPECT_EQ(asked.cnpj, "11222333000181");
  EXPECT_EQ(ask("GET", "/api/empresas/cnpj/11222333000182").status, 400);
  plays->on<find_company>([](const find_company&) { return fail(errc::unknown_company); });
  EXPECT_EQ(ask("GET", "/api/empresas/cnpj/11222333000181").status, 404);
}

TEST_F(companies_route_test, a_new_company_is_shown_with_its_names) {
  keep_names();
  plays->on<create_company>([](const create_company& asked) {
    auto made = asked.data;
    made.id = {5};
    return made;
  });
  const auto answer = ask("POST", "/api/empresas", new_company);
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(header_of(answer, "Location"), "/api/empresas/5");
  EXPECT_EQ(parsed(answer)["unidade_nome"], "Matriz");
  const auto asked = plays->asked<create_company>().at(0);
  EXPECT_EQ(asked.by.user, user_id{7});
  EXPECT_EQ(asked.data.cnpj, "11222333000181");
  EXPECT_EQ(asked.today, clock.today());
}

TEST_F(companies_route_test, what_is_stored_is_shown_even_where_the_names_cannot_be_read) {
  plays->on<find_company>([](const find_company&) { return fail(errc::forbidden_unit); });
  plays->on<edit_company>([](const edit_company&) {
    return edit_company::answer{sample_company().data, 0, 0};
  });
  const auto answer = ask("PUT", "/api/empresas/5", "{}");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(parsed(answer)["periodicidade"], 30);
  EXPECT_FALSE(parsed(answer).contains("unidade_nome"));
}

TEST_F(companies_route_test, a_change_goes_with_its_years) {
  keep_names();
  plays->on<edit_company>([](const edit_company&) {
    return edit_company::answer{sample_company().data, 0, 0};
  });
  EXPECT_EQ(ask("PUT", "/api/empresas/5?futureYears=3", R"({"periodicidade":null})").status, 200);
  const auto asked = plays->asked<edit_company>().at(0);
  EXPECT_EQ(asked.id, company_id{5});
  EXPECT_EQ(asked.future_years, 3);
  EXPECT_EQ(asked.patch.periodicidade, change<std::int64_t>(std::in_place));
  EXPECT_EQ(ask("PUT", "/api/empresas/5?futureYears=6", "{}").status, 400);
  EXPECT_EQ(ask("PUT", "/api/empresas/5", "[]").status, 400);
  EXPECT_EQ(ask("PUT", "/api/empresas/0", "{}").status, 400);
}

TEST_F(companies_route_test, a_change_says_what_it_did_to_the_tasks) {
  keep_names();
  plays->on<edit_company>([](const edit_company&) {
    return edit_company::answer{sample_company().data, 12, 9};
  });
  const auto answer = parsed(ask("PUT", "/api/empresas/5", R"({"periodicidade":60})"));
  EXPECT_EQ(answer["tasksRemoved"], 12);
  EXPECT_EQ(answer["tasksCreated"], 9);
  EXPECT_EQ(answer["unidade_nome"], "Matriz");
  EXPECT_FALSE(parsed(ask("GET", "/api/empresas/5")).contains("tasksCreated"));
}

TEST_F(companies_route_test, a_body_that_is_wrong_names_its_field) {
  const auto answer = ask("POST", "/api/empresas",
                          R"({"razao_social":"A","nome_fantasia":"A","periodicidade":"x"})");
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(parsed(answer)["message"], "O valor do campo periodicidade não é válido.");
  EXPECT_EQ(ask("POST", "/api/empresas", "").status, 400);
  EXPECT_TRUE(plays->asked<create_company>().empty());
}

TEST_F(companies_route_test, refusals_of_the_store_have_their_statuses) {
  const std::vector<std::pair<errc, int>> refusals{{errc::already_registered, 409},
                                                   {errc::forbidden_unit, 403},
                                                   {errc::unknown_unit, 400},
                                                   {errc::one_registration, 400},
                                                   {errc::unknown_company, 404}};
  for (const auto& [code, expected] : refusals) {
    plays->on<create_company>([code = code](const create_company&) { return fail(code); });
    plays->on<edit_company>([code = code](const edit_company&) { return fail(code); });
    EXPECT_EQ(ask("POST", "/api/empresas", new_company).status, expected) << to_string(code);
    EXPECT_EQ(ask("PUT", "/api/empresas/5", "{}").status, expected) << to_string(code);
  }
  plays->on<create_company>([](const create_company&) { return fail(errc::unknown_unit); });
  EXPECT_EQ(parsed(ask("POST", "/api/empresas", new_company))["message"],
            "O valor do campo unidade_responsavel não é válido.");
}

}  // namespace
}  // namespace mutirao::http
