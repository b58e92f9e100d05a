// What the page shows beyond the old front end: names, a job's timeline, the last hour, and the
// import of a file.
#include <algorithm>

#include "tests/e2e/fixture.hpp"
#include "tests/support/process_figures.hpp"

namespace mutirao::e2e {
namespace {

class page_data : public service_test {
 protected:
  void SetUp() override {
    make_database();
    auto stored = db();
    add_companies(stored, mixed_companies(1, 1, 300));
  }
  json timeline(http_client& by, const std::string& job) {
    const auto got = by.get("/api/empresas/jobs/" + job + "/timeline");
    EXPECT_EQ(got.status, 200) << got.body;
    return got.data();
  }
  static std::vector<std::string> kinds_of(const json& of) {
    std::vector<std::string> all;
    for (const auto& event : of["events"]) all.push_back(event["kind"]);
    return all;
  }
  static std::int64_t sum(const json& of, const char* field) {
    std::int64_t all = 0;
    for (const auto& each : of) all += each[field].get<std::int64_t>();
    return all;
  }
  answer import(http_client by, const std::string& query, const std::string& text) {
    return by.ask("POST", "/api/empresas/import?" + query, text, {{"Accept-Language", "pt-BR"}});
  }
};

TEST_F(page_data, a_job_says_whose_it_is_from_the_first_answer_on) {
  start();
  auto user = as();
  const auto id = start_job(user, 1, 1);
  const auto job = wait_for_end(user, id);
  EXPECT_EQ(job["unidade_id"], 1);
  EXPECT_EQ(job["unidade_nome"], "Matriz");
  EXPECT_EQ(job["usuario_nome"], "Ana Souza");
  EXPECT_EQ(job["arguments"], (json{{"futureYears", 1}}));
  const auto listed = user.get("/api/empresas/jobs").data()["jobs"][0];
  EXPECT_EQ(listed["unidade_nome"], "Matriz");
  EXPECT_EQ(listed["usuario_nome"], "Ana Souza");
}

TEST_F(page_data, a_timeline_goes_on_over_a_crash) {
  start();
  auto user = as();
  const auto id = start_job(user);
  const auto job = wait_for_end(user, id);
  const auto before = timeline(user, id);
  EXPECT_EQ(kinds_of(before), (std::vector<std::string>{"queued", "started", "ended"}));
  EXPECT_EQ(before["events"][2]["state"], "completed");
  EXPECT_EQ(sum(before["batches"], "items"), job["progress"]["total"]);
  EXPECT_EQ(sum(before["batches"], "created"), job["result"]["createdTotal"]);
  const auto map = user.get("/api/empresas/jobs/" + id + "/items?groups=10").data()["groups"];
  EXPECT_EQ(map.size(), 10U);
  EXPECT_EQ(sum(map, "items"), job["progress"]["total"]);
  EXPECT_EQ(sum(map, "done"), job["progress"]["total"]);
  EXPECT_EQ(user.get("/api/empresas/jobs/" + id + "/items?groups=0").status, 400);
  kill_and_start();
  auto again = as();
  EXPECT_EQ(timeline(again, id), before);
  EXPECT_EQ(as({8, {2}}).get("/api/empresas/jobs/" + id + "/items?groups=10").status, 404);
  EXPECT_EQ(as({8, {2}}).get("/api/empresas/jobs/" + id + "/timeline").status, 404);
}

TEST_F(page_data, the_last_hour_is_counted_and_begins_anew_with_the_process) {
  start();
  auto user = as();
  const auto job = wait_for_end(user, start_job(user));
  const auto stats = [](http_client by) { return by.get("/api/stats").data(); };
  EXPECT_TRUE(tests::eventually([&] { return sum(stats(as())["minutes"], "ended") == 1; }));
  const auto mine = stats(as());
  ASSERT_EQ(mine["minutes"].size(), 60U);
  EXPECT_TRUE(is_instant(mine["minutes"][0]["at"]));
  EXPECT_EQ(sum(mine["minutes"], "started"), 1);
  EXPECT_EQ(sum(mine["minutes"], "ended"), 1);
  EXPECT_EQ(sum(mine["minutes"], "failed"), 0);
  EXPECT_EQ(sum(mine["minutes"], "items"), job["progress"]["total"]);
  EXPECT_EQ(sum(stats(admin())["minutes"], "started"), 1);
  EXPECT_EQ(sum(stats(as({8, {2}}))["minutes"], "started"), 0) << "not of their units";
  const auto since = mine["since"];
  kill_and_start();
  const auto later = stats(as());
  EXPECT_EQ(sum(later["minutes"], "started"), 0);
  EXPECT_GT(later["since"], since);
}

TEST_F(page_data, a_file_is_looked_at_before_it_is_stored) {
  start();
  const auto cnpj = cnpj_of(90'001);
  const auto file = "cnpj;razao_social;nome_fantasia;data_renovacao\n" + cnpj +
                    ";A;A;2026-01-31\n" + cnpj_of(1) + ";B;B;\n" + cnpj + ";C;C;\n" +
                    cnpj_of(90'002) + ";D;D;31/02/2026\n";
  const auto preview = import(as(), "dryRun=true&unidade_id=1", file);
  ASSERT_EQ(preview.status, 200) << preview.body;
  const auto told = preview.data();
  EXPECT_EQ(told["total"], 4);
  EXPECT_EQ(told["good"], 1);
  ASSERT_EQ(told["bad"].size(), 3U);
  EXPECT_EQ(told["bad"][0]["line"], 3);
  EXPECT_EQ(told["bad"][0]["message"], cnpj_of(1) + " já está cadastrado.");
  EXPECT_EQ(told["bad"][1]["line"], 4);
  EXPECT_EQ(told["bad"][2]["field"], "data_renovacao");
  EXPECT_EQ(told["sample"][0]["unidade_nome"], "Matriz");
  auto stored = db();
  EXPECT_EQ(stored.integer("SELECT count(*) FROM empresas"), 300);

  const auto refused = import(as(), "unidade_id=1", file);
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.data()["bad"], told["bad"]);
  EXPECT_EQ(stored.integer("SELECT count(*) FROM empresas"), 300);

  const auto done = import(as(), "unidade_id=1&skipBad=true", file);
  ASSERT_EQ(done.status, 200) << done.body;
  EXPECT_EQ(done.data()["imported"], 1);
  EXPECT_EQ(as().get("/api/empresas/cnpj/" + cnpj).data()["unidade_id"], 1);
  EXPECT_EQ(stored.integer("SELECT count(*) FROM tarefas"), 0) << "an import generates nothing";
}

TEST_F(page_data, who_is_no_admin_imports_into_their_units_alone) {
  start();
  const auto row = [](std::int64_t number, const std::string& unit) {
    return cnpj_of(number) + ",A,A," + unit + "\n";
  };
  const auto file = "cnpj,razao_social,nome_fantasia,unidade_responsavel\n" + row(91'000, "1") +
                    row(91'001, "2") + row(91'002, "");
  const auto got = import(as(), "skipBad=true", file);
  EXPECT_EQ(got.data()["imported"], 1);
  EXPECT_EQ(got.data()["bad"].size(), 2U);
  EXPECT_EQ(import(as(), "unidade_id=2", file).status, 403);
  const std::string units = R"({"unidades":[{"id":9,"nome":"Nova"}]})";
  EXPECT_EQ(import(as(), "", units).status, 400);
  const auto by_admin = import(admin(), "", units);
  EXPECT_EQ(by_admin.status, 200) << by_admin.body;
  EXPECT_EQ(import(admin(), "", "cnpj,razao_social,nome_fantasia\n" + cnpj_of(91'003) + ",A,A\n")
                .data()["imported"],
            1);
}

TEST_F(page_data, a_file_that_is_too_large_or_nonsense_is_refused) {
  start();
  EXPECT_EQ(import(as(), "", "").status, 400);
  EXPECT_EQ(import(as(), "", "cor,nome\n").status, 400);
  EXPECT_EQ(import(as(), "", "{\"empresas\":3}").status, 400);
  EXPECT_EQ(import(as(), "", "{").status, 400);
  EXPECT_EQ(import(as(), "dryRun=true", std::string((16U << 20U) + 1, 'x')).status, 413);
  EXPECT_EQ(import(nobody(), "dryRun=true", std::string(2U << 20U, 'x')).status, 401);
}

#if defined(__SANITIZE_ADDRESS__)
constexpr bool keeps_what_was_freed = true;
#else
constexpr bool keeps_what_was_freed = false;
#endif

TEST_F(page_data, a_row_of_15_million_commas_costs_its_bytes_and_no_more) {
  start();
  const auto file = "cnpj,razao_social,nome_fantasia\n" + std::string(15'000'000, ',') + "\n";
  EXPECT_EQ(import(as(), "dryRun=true", file).data()["bad"][0]["line"], 2);
  auto user = as();
  const auto job = user.post(
      "/api/jobs", {{"type", "import-companies"}, {"arguments", {{"unit", 1}, {"csv", file}}}});
  EXPECT_EQ(job.status, 202) << job.body;
  const auto ended = wait_for_end(user, job.data()["jobId"]);
  EXPECT_EQ(ended["failedItems"], 1);
  if (!keeps_what_was_freed) {
    EXPECT_LT(testing::peak_memory_bytes_of(service_->child().id()), 300U << 20U);
  }
}

}  // namespace
}  // namespace mutirao::e2e
