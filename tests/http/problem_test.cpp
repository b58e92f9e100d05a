#include "http/problem.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "domain/company_fields.hpp"
#include "http/problem_table.hpp"
#include "tests/http/answers.hpp"

namespace mutirao::http {
namespace {

using nlohmann::json;

json body(const error& why, language speaks = language::portuguese) {
  return json::parse(render_problem(why, speaks, "/api/x").body.view());
}

TEST(problem_test, an_unknown_job_is_the_old_servers_404) {
  const auto answer = render_problem({errc::unknown_job, {}}, language::portuguese, "/api/x");
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answer.content_type, "application/problem+json");
  EXPECT_EQ(
      answer.body.view(),
      R"({"type":"urn:mutirao:problem:unknown-job","title":"Job não encontrado","status":404,)"
      R"("detail":"Não há job com este identificador, ou ele já foi removido.",)"
      R"("instance":"/api/x","message":"Job não encontrado"})");
}

TEST(problem_test, messages_that_the_front_end_knows_are_exact) {
  EXPECT_EQ(body({errc::invalid_id, "abc"})["message"], "ID inválido");
  EXPECT_EQ(body({errc::unknown_notification, {}})["message"], "Notificação não encontrada");
  EXPECT_EQ(body({errc::missing_token, {}})["error"], "Token não fornecido");
  EXPECT_EQ(body({errc::invalid_token, {}})["error"], "Token inválido");
  EXPECT_EQ(body({errc::missing_token, {}})["status"], 401);
  EXPECT_EQ(body({errc::invalid_token, {}})["status"], 401);
}

TEST(problem_test, error_stands_on_401_only) {
  for (const auto& row : problems) {
    EXPECT_EQ(body({row.code, {}}).contains("error"), row.status == 401) << row.slug;
  }
}

TEST(problem_test, english_is_for_title_and_detail_never_for_message) {
  const auto answer = body({errc::invalid_future_years, "abc"}, language::english);
  EXPECT_EQ(answer["title"], "Invalid futureYears");
  EXPECT_EQ(answer["detail"], "futureYears must be a whole number from 0 to 5, not \"abc\".");
  EXPECT_EQ(answer["message"], "futureYears deve ser um número inteiro de 0 a 5, e não \"abc\".");
}

TEST(problem_test, a_detail_without_input_falls_back_to_the_title) {
  EXPECT_EQ(body({errc::invalid_limit, ""})["message"], "limit inválido");
  EXPECT_EQ(body({errc::invalid_future_years, ""})["message"],
            "futureYears deve ser um número inteiro de 0 a 5, e não \"\".");
}

TEST(problem_test, what_happened_inside_stays_inside) {
  for (const auto code : {errc::internal, errc::store_failed, errc::store_corrupt, errc::disk_full,
                          errc::store_locked, errc::forbidden_unit, errc::already_registered}) {
    const auto answer =
        render_problem({code, "/var/lib/x: SQL logic error"}, language::english, "/");
    EXPECT_EQ(answer.body.view().find("SQL"), std::string_view::npos) << to_string(code);
  }
}

TEST(problem_test, input_that_is_no_utf8_is_replaced_and_long_input_cut) {
  EXPECT_EQ(body({errc::invalid_field, "a\xff\"b"})["message"],
            "O valor do campo a\xEF\xBF\xBD\"b não é válido.");
  const auto message = body({errc::invalid_field,
                             std::string(99, 'a') + "ção" + std::string(100'000, 'b')})["message"]
                           .get<std::string>();
  EXPECT_EQ(message, "O valor do campo " + std::string(99, 'a') + "… não é válido.");
}

TEST(problem_test, an_unknown_column_is_told_which_are_known) {
  for (const auto speaks : {language::portuguese, language::english}) {
    const std::string detail = body({errc::unknown_column, "preco"}, speaks)["detail"];
    std::string known;
    for (const auto& field : company_fields) known += std::string(field.name) + ", ";
    known.resize(known.size() - 2);
    EXPECT_NE(detail.find(": " + known + ";"), std::string::npos) << detail;
  }
}

TEST(problem_test, limits_say_when_to_come_back) {
  for (const auto& row : problems) {
    const bool limit = row.status == 429 || row.status == 503 || row.status == 507;
    const auto seconds =
        header_of(render_problem({row.code, {}}, language::portuguese, "/"), "Retry-After");
    EXPECT_EQ(seconds != "(none)", limit) << row.slug;
    EXPECT_NE(seconds, "0") << row.slug;
  }
}

TEST(problem_test, statuses_are_those_of_the_specification) {
  const auto status = [](errc code) { return problem_of(code).status; };
  EXPECT_EQ(status(errc::key_reused), 422);
  EXPECT_EQ(status(errc::user_limit), 429);
  EXPECT_EQ(status(errc::process_limit), 503);
  EXPECT_EQ(status(errc::disk_full), 507);
  EXPECT_EQ(status(errc::forbidden_unit), 403);
  EXPECT_EQ(status(errc::body_too_large), 413);
  EXPECT_EQ(status(errc::target_too_long), 414);
  EXPECT_EQ(status(errc::head_too_large), 431);
  EXPECT_EQ(status(errc::unsupported_transfer_coding), 501);
  EXPECT_EQ(status(errc::unsupported_version), 505);
  EXPECT_EQ(status(errc::deadline), 504);
}

TEST(problem_test, every_row_has_its_own_type_and_texts_in_both_languages) {
  std::set<std::string_view> slugs;
  for (const auto& row : problems) {
    EXPECT_TRUE(slugs.insert(row.slug).second) << row.slug;
    EXPECT_GE(row.status, 400) << row.slug;
    for (const auto& texts : {row.portuguese, row.english}) {
      EXPECT_FALSE(texts.title.empty()) << row.slug;
      EXPECT_FALSE(texts.detail.empty()) << row.slug;
    }
    EXPECT_EQ(row.portuguese.detail.find("{}") == std::string_view::npos,
              row.english.detail.find("{}") == std::string_view::npos)
        << row.slug;
  }
}

TEST(problem_test, the_path_is_left_out_where_it_is_not_known) {
  const auto answer = render_problem({errc::malformed_request, {}}, language::portuguese, "");
  EXPECT_FALSE(json::parse(answer.body.view()).contains("instance"));
}

}  // namespace
}  // namespace mutirao::http
