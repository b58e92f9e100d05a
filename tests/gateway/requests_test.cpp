#include "gateway/requests.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace mutirao::gateway {
namespace {

using nlohmann::json;
using protocol::errc;

std::string header(const rest::request& of, const std::string& name) {
  for (const auto& [key, value] : of.headers) {
    if (key == name) return value;
  }
  return "(none)";
}

constexpr const char* an_id = "3f2b8c1e-9d4a-4c7b-8e21-5a6f0b9c7d10";

TEST(Requests, SubmitAUnitAsTheFrontEndDoes) {
  const auto made = to_request(v1::submit_unit{"k 1", 12, 3, {}});
  ASSERT_TRUE(made);
  EXPECT_EQ(made->method, "POST");
  EXPECT_EQ(made->target, "/api/empresas/unidade/12/auto-tarefas?futureYears=3");
  EXPECT_EQ(header(*made, "Idempotency-Key"), "k 1");
  EXPECT_EQ(made->body, "");
  const auto told = to_request(v1::submit_unit{"k", 12, 3, "https://a.example/x\"y"});
  EXPECT_EQ(json::parse(told->body), (json{{"callbackUrl", "https://a.example/x\"y"}}));
}

TEST(Requests, SubmitOtherTypesGenerically) {
  const auto made = to_request(v1::submit_job{
      "k", "noop", {{"items", "5"}, {"name", "Ana"}, {"quoted", "\"5\""}, {"list", "[1]"}}, {}});
  ASSERT_TRUE(made);
  EXPECT_EQ(made->target, "/api/jobs");
  EXPECT_EQ(json::parse(made->body),
            json::parse(R"({"type":"noop","arguments":)"
                        R"({"items":5,"name":"Ana","quoted":"5","list":[1]}})"));
}

TEST(Requests, SubmitTheUnitsTypeAsThatOfAUnit) {
  const auto made = to_request(
      v1::submit_job{"k", "generate-auto-tasks-unit", {{"unit", "1/2"}, {"futureYears", "2"}}, {}});
  ASSERT_TRUE(made);
  EXPECT_EQ(made->target, "/api/empresas/unidade/1%2F2/auto-tarefas?futureYears=2");
  EXPECT_EQ(to_request(v1::submit_job{"k", "generate-auto-tasks-unit", {}, {}}).error().code,
            errc::invalid_argument);
}

TEST(Requests, LetNothingIntoALineOfHttpThatIsNoPartOfIt) {
  for (const std::string key : {"", "a\r\nX: y", "\x7f", "é"}) {
    EXPECT_EQ(to_request(v1::submit_unit{key, 1, 0, {}}).error().code, errc::invalid_argument)
        << key;
  }
  EXPECT_FALSE(to_request(v1::submit_unit{std::string(256, 'k'), 1, 0, {}}));
  EXPECT_TRUE(to_request(v1::submit_unit{std::string(255, 'k'), 1, 0, {}}));
  for (const std::string id : {"", "../../metrics", "3f2b8c1e-9d4a-4c7b-8e21-5a6f0b9c7d1 "}) {
    EXPECT_EQ(to_request(v1::get_job{id}).error().code, errc::not_found) << id;
    EXPECT_EQ(to_request(v1::cancel_job{id}).error().code, errc::not_found) << id;
    EXPECT_EQ(to_request(v1::subscribe_job{id, 1}).error().code, errc::not_found) << id;
  }
  EXPECT_EQ(to_request(v1::subscribe_user{"1\r\nX: y", 1}).error().code, errc::invalid_argument);
  EXPECT_EQ(to_request(v1::list_jobs{{"a&b=c\r\n"}, "t u", 5, "c+"})->target,
            "/api/empresas/jobs?limit=5&state=a%26b%3Dc%0D%0A&type=t%20u&cursor=c%2B");
  EXPECT_EQ(authorization("").error().code, errc::unauthorized);
  EXPECT_EQ(authorization("a\nb").error().code, errc::unauthorized);
  EXPECT_EQ(authorization("a.b.c")->second, "Bearer a.b.c");
}

TEST(Requests, HaveTheirPaths) {
  EXPECT_EQ(to_request(v1::get_job{an_id})->target,
            std::string("/api/empresas/jobs/") + an_id + "?details=false");
  EXPECT_EQ(to_request(v1::cancel_job{an_id})->method, "POST");
  EXPECT_EQ(to_request(v1::subscribe_job{an_id, 1})->target,
            std::string("/api/empresas/jobs/") + an_id + "/events");
  EXPECT_EQ(header(*to_request(v1::subscribe_user{"12n", 1}), "Last-Event-ID"), "12n");
  EXPECT_EQ(header(*to_request(v1::subscribe_user{"", 1}), "Last-Event-ID"), "(none)");
}

rest::answer answer_of(long status, const std::string& body) {
  rest::answer made;
  made.status = status;
  made.body = body;
  return made;
}

TEST(Requests, ReadAJob) {
  const auto job = read_job(
      answer_of(200, R"({"id":"a","type":"t","status":"completed","state":"completed","progress":)"
                     R"({"current":150,"total":150,"percentage":100},"result":{"processed":150},)"
                     R"("createdSoFar":450,"failedItems":2,"run":3,"userId":7,)"
                     R"("createdAt":"c","startedAt":"s","completedAt":"e"})"));
  ASSERT_TRUE(job);
  EXPECT_EQ(job->current, 150);
  EXPECT_EQ(job->percentage, 100);
  EXPECT_EQ(job->created, 450);
  EXPECT_EQ(job->failed_items, 2);
  EXPECT_EQ(job->run, 3);
  EXPECT_EQ(job->user, 7);
  EXPECT_EQ(job->created_at + job->started_at + job->completed_at, "cse");
}

TEST(Requests, ReadAcceptedAndPages) {
  EXPECT_EQ(read_accepted(answer_of(202, R"({"jobId":"a","totalEmpresas":5})"))->total, 5);
  EXPECT_EQ(
      read_accepted(answer_of(200, R"({"jobId":"a","totalEmpresas":0,"details":[]})"))->job_id,
      "a");
  const auto page =
      read_page(answer_of(200, R"({"jobs":[{"id":"a","status":"running"}],"nextCursor":"n"})"));
  ASSERT_TRUE(page);
  EXPECT_EQ(page->jobs.size(), 1U);
  EXPECT_EQ(page->next_cursor, "n");
}

TEST(Requests, RefuseAnswersThatTheyDoNotUnderstand) {
  for (const std::string body : {"", "no JSON", "[]", "{}", "5", R"({"jobs":5})", R"({"id":""})"}) {
    EXPECT_EQ(read_job(answer_of(200, body)).error().code, errc::internal) << body;
    EXPECT_EQ(read_accepted(answer_of(202, body)).error().code, errc::internal) << body;
    EXPECT_EQ(read_page(answer_of(200, body)).error().code, errc::internal) << body;
    EXPECT_FALSE(job_of(body)) << body;
    EXPECT_FALSE(notification_of(body).has_value() && body != R"({"id":""})") << body;
  }
}

TEST(Requests, TellStatusesApart) {
  const std::vector<std::pair<long, errc>> table{{400, errc::invalid_argument},
                                                 {401, errc::unauthorized},
                                                 {403, errc::forbidden},
                                                 {404, errc::not_found},
                                                 {409, errc::conflict},
                                                 {422, errc::key_reused},
                                                 {429, errc::busy},
                                                 {503, errc::busy},
                                                 {507, errc::busy},
                                                 {504, errc::deadline},
                                                 {500, errc::internal},
                                                 {302, errc::internal}};
  for (const auto& [status, code] : table) {
    EXPECT_EQ(read_failure(answer_of(status, "")).code, code) << status;
  }
  auto busy = answer_of(429, R"({"title":"Too many","message":"Demais"})");
  busy.retry_after_s = 9;
  const auto why = read_failure(busy);
  EXPECT_EQ(why.text, "Too many");
  EXPECT_EQ(why.retry_after_s, 9U);
  rest::answer none;
  none.problem = "refused";
  EXPECT_EQ(read_failure(none).code, errc::unavailable);
  none.late = true;
  EXPECT_EQ(read_failure(none).code, errc::deadline);
}

}  // namespace
}  // namespace mutirao::gateway
