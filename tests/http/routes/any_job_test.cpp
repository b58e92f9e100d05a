// POST /api/jobs and GET /api/job-types.
#include <gtest/gtest.h>

#include <atomic>
#include <nlohmann/json.hpp>
#include <thread>

#include "domain/jobs/noop.hpp"
#include "domain/jobs/remove_unit_tasks.hpp"
#include "tests/http/samples.hpp"
#include "tests/http/site_fixture.hpp"

namespace mutirao::http {
namespace {

using nlohmann::json;

/// Notes on which thread it is asked to read arguments.
class thread_noting final : public job_type {
 public:
  explicit thread_noting(std::atomic<std::thread::id>& seen) : seen_(seen) {}
  std::string_view kind() const override { return "noting"; }
  expected<job_request> validate(const argument_reader&, const caller&, date) const override {
    seen_ = std::this_thread::get_id();
    return job_request{{std::nullopt, "x", "x"}, nullptr};
  }
  expected<std::vector<item_id>> list(company_directory&, const job_arguments&) const override {
    return std::vector<item_id>{};
  }
  expected<std::vector<item_plan>> plan(company_directory&, const job_arguments&,
                                        std::span<const item_id>) const override {
    return std::vector<item_plan>{};
  }
  job_ending conclude(const job_arguments&, const job_totals&, notice) const override { return {}; }

 private:
  std::atomic<std::thread::id>& seen_;
};

class any_job_test : public site_test {
 protected:
  any_job_test() {
    types.add(std::make_unique<remove_unit_tasks>());
    types.add(std::make_unique<noop>([](std::chrono::microseconds) {}));
    plays->on<actors::submit>([](const actors::submit& what) {
      auto job = sample_job();
      job.kind = what.type->kind();
      return insert_job::answer{insert_job::outcome::created, job, {}};
    });
  }
  response start(const json& body, const extra_headers& more = {}) {
    return ask("POST", "/api/jobs", body.dump(), more);
  }
  /// The problem and what it names.
  std::pair<std::string, std::string> refusal(const json& body) {
    const auto answer = start(body);
    EXPECT_EQ(answer.status, 400) << body;
    const auto problem = parsed(answer);
    return {problem["type"].get<std::string>().substr(20), problem["message"]};
  }
};

const json generation{{"type", "generate-auto-tasks-unit"},
                      {"arguments", {{"unit", 1}, {"futureYears", 2}}}};

TEST_F(any_job_test, starts_a_job_of_the_type_that_is_asked_for) {
  const auto answer = start({{"type", "noop"}, {"arguments", {{"items", 5}}}, {"more", 1}});
  EXPECT_EQ(answer.status, 202);
  EXPECT_EQ(parsed(answer),
            (json{{"jobId", sample_id},
                  {"message", "Processamento iniciado. Use o jobId para consultar o progresso."},
                  {"totalEmpresas", 150},
                  {"total", 150}}));
  EXPECT_EQ(header_of(answer, "Location"), "/api/empresas/jobs/" + std::string(sample_id));
  EXPECT_EQ(header_of(answer, "Retry-After"), "2");
  const auto asked = plays->asked<actors::submit>();
  ASSERT_EQ(asked.size(), 1U);
  EXPECT_EQ(asked[0].type->kind(), "noop");
  EXPECT_EQ(asked[0].arguments.text, "items=5 micros=0");
}

TEST_F(any_job_test, a_generation_is_the_same_job_as_by_its_own_path) {
  EXPECT_EQ(start(generation).status, 202);
  EXPECT_EQ(ask("POST", "/api/empresas/unidade/1/auto-tarefas?futureYears=2").status, 202);
  const auto asked = plays->asked<actors::submit>();
  ASSERT_EQ(asked.size(), 2U);
  EXPECT_EQ(asked[0].arguments.request, asked[1].arguments.request);
  EXPECT_EQ(asked[0].arguments.text, asked[1].arguments.text);
  EXPECT_EQ(asked[0].arguments.unit, asked[1].arguments.unit);
}

TEST_F(any_job_test, by_its_own_path_the_answer_stays_as_it_was) {
  const auto answer = parsed(ask("POST", "/api/empresas/unidade/1/auto-tarefas"));
  EXPECT_FALSE(answer.contains("total"));
}

TEST_F(any_job_test, key_and_url_go_with_it) {
  options.callbacks.on = true;
  auto body = generation;
  body["callbackUrl"] = "https://example.com/done";
  EXPECT_EQ(start(body, {{"idempotency-key", "k 1"}}).status, 202);
  const auto asked = plays->asked<actors::submit>().at(0);
  EXPECT_EQ(asked.key->key, "k 1");
  EXPECT_EQ(asked.callback_url, "https://example.com/done");
  EXPECT_EQ(start(generation, {{"idempotency-key", ""}}).status, 400);
  body["callbackUrl"] = 7;
  EXPECT_EQ(refusal(body).first, "invalid-callback-url");
  body["callbackUrl"] = "https://10.0.0.1/";
  EXPECT_EQ(refusal(body).first, "private-callback-url");
}

TEST_F(any_job_test, without_items_it_is_done_at_once_in_the_words_of_its_type) {
  plays->on<actors::submit>([](const actors::submit&) {
    auto job = completed_job();
    job.totals = {};
    return insert_job::answer{insert_job::outcome::created, job, {}};
  });
  const auto answer = start({{"type", "remove-auto-tasks-unit"}, {"arguments", {{"unit", 1}}}});
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(parsed(answer)["message"], "Nenhuma empresa nesta unidade.");
  EXPECT_EQ(parsed(answer)["total"], 0);
}

TEST_F(any_job_test, each_argument_is_checked_and_named) {
  using names = std::pair<std::string, std::string>;
  const auto asked = [](const json& arguments) {
    return json{{"type", "remove-auto-tasks-unit"}, {"arguments", arguments}};
  };
  EXPECT_EQ(refusal(asked(json::object())), names("missing-field", "O campo unit é obrigatório."));
  EXPECT_EQ(refusal(asked({{"unit", nullptr}})).first, "missing-field");
  for (const json& unit : {json("1"), json(0), json(-1), json(1.5), json(true), json::array(),
                           json(18446744073709551615U)}) {
    EXPECT_EQ(refusal(asked({{"unit", unit}})),
              names("invalid-field", "O valor do campo unit não é válido."));
  }
  for (const json& from : {json("x"), json("2026-02-30"), json(20260101), json("")}) {
    EXPECT_EQ(refusal(asked({{"unit", 1}, {"from", from}})),
              names("invalid-field", "O valor do campo from não é válido."));
  }
  EXPECT_EQ(refusal(asked(json::array())).first, "invalid-field");
  EXPECT_EQ(refusal({{"type", "noop"}, {"arguments", {{"items", 100001}}}}),
            names("invalid-field", "O valor do campo items não é válido."));
  EXPECT_TRUE(plays->asked<actors::submit>().empty());
}

TEST_F(any_job_test, a_whole_number_may_be_written_with_a_fraction_of_zero) {
  EXPECT_EQ(start({{"type", "noop"}, {"arguments", {{"items", 5.0}}}}).status, 202);
  EXPECT_EQ(plays->asked<actors::submit>().at(0).arguments.text, "items=5 micros=0");
  EXPECT_EQ(start({{"type", "noop"}, {"arguments", {{"items", 1e300}}}}).status, 400);
}

TEST_F(any_job_test, a_type_that_is_none_is_refused_and_named) {
  const auto [problem, says] = refusal({{"type", "dance"}});
  EXPECT_EQ(problem, "unknown-job-type");
  EXPECT_EQ(says, "Não há job do tipo \"dance\"; veja GET /api/job-types.");
  EXPECT_EQ(refusal(json::object()).first, "missing-field");
  EXPECT_EQ(refusal({{"type", 7}}).first, "invalid-field");
  EXPECT_EQ(refusal(json::array()).first, "invalid-json");
  EXPECT_EQ(ask("POST", "/api/jobs").status, 400);
}

TEST_F(any_job_test, another_unit_is_forbidden) {
  EXPECT_EQ(start({{"type", "remove-auto-tasks-unit"}, {"arguments", {{"unit", 2}}}}).status, 403);
  EXPECT_TRUE(plays->asked<actors::submit>().empty());
  EXPECT_EQ(ask_as("", "POST", "/api/jobs", generation.dump()).status, 401);
}

TEST_F(any_job_test, only_types_that_can_be_rehearsed_are) {
  plays->on<actors::rehearse>([](const actors::rehearse&) { return actors::rehearse::answer{}; });
  EXPECT_EQ(ask("POST", "/api/jobs?dryRun=true", generation.dump()).status, 200);
  const json other{{"type", "noop"}, {"arguments", {{"items", 1}}}};
  const auto answer = ask("POST", "/api/jobs?dryRun=true", other.dump());
  EXPECT_EQ(answer.status, 400);
  EXPECT_EQ(parsed(answer)["type"], "urn:mutirao:problem:no-rehearsal");
  EXPECT_TRUE(plays->asked<actors::submit>().empty());
}

TEST_F(any_job_test, a_long_body_is_read_apart_so_that_nobody_waits_for_it) {
  std::atomic<std::thread::id> seen;
  types.add(std::make_unique<thread_noting>(seen));
  json body{{"type", "noting"}};
  EXPECT_EQ(start(body).status, 202);
  EXPECT_EQ(seen.load(), std::this_thread::get_id());
  body["long"] = std::string(100'000, 'x');
  EXPECT_EQ(start(body).status, 202);
  EXPECT_NE(seen.load(), std::this_thread::get_id());
  EXPECT_EQ(ask("POST", "/api/jobs", std::string(100'000, '{')).status, 400);
}

TEST_F(any_job_test, the_types_are_listed_with_the_schema_of_their_arguments) {
  const auto answer = ask("GET", "/api/job-types");
  EXPECT_EQ(answer.status, 200);
  const auto listed = parsed(answer)["types"];
  ASSERT_EQ(listed.size(), 3U);
  EXPECT_EQ(
      listed[0],
      (json{{"type", "generate-auto-tasks-unit"},
            {"title", "Gerar tarefas automáticas de uma unidade"},
            {"description", "Gera as tarefas automáticas de cada empresa ativa da unidade."},
            {"arguments",
             {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
              {"type", "object"},
              {"properties",
               {{"unit", {{"type", "integer"}, {"minimum", 1}, {"description", "A unidade."}}},
                {"futureYears",
                 {{"type", "integer"},
                  {"minimum", 0},
                  {"maximum", 5},
                  {"default", 0},
                  {"description", "Anos além do atual."}}}}},
              {"required", {"unit"}}}}}));
  EXPECT_EQ(listed[1]["type"], "noop");
  EXPECT_EQ(listed[2]["arguments"]["properties"]["from"]["format"], "date");
  const auto english = ask("GET", "/api/job-types", "", {{"accept-language", "en"}});
  EXPECT_EQ(parsed(english)["types"][1]["title"], "Nothing");
}

TEST_F(any_job_test, items_are_named_as_their_type_says) {
  auto job = completed_job();
  job.kind = noop::name;
  job.arguments = {std::nullopt, "items=2 micros=0", "items=2 micros=0"};
  plays->on<find_job>([job](const find_job&) { return job; });
  plays->on<find_result>([](const find_result&) {
    return find_result::answer{{{1}, 0, ""}, {{2}, 0, "Não deu."}};
  });
  plays->on<list_items>([](const list_items&) {
    list_items::answer page;
    page.rows.push_back({{1}, item_state::done, 0, 1, "", 1, std::nullopt});
    return page;
  });
  const auto path = "/api/empresas/jobs/" + std::string(sample_id);
  const auto result = parsed(ask("GET", path))["result"];
  EXPECT_EQ(result["details"], (json{{{"item", 1}, {"created", 0}},
                                     {{"item", 2}, {"created", 0}, {"error", "Não deu."}}}));
  EXPECT_FALSE(result.contains("yearsProcessed"));
  EXPECT_EQ(parsed(ask("GET", path + "/items"))["items"][0]["item"], 1);
}

}  // namespace
}  // namespace mutirao::http
