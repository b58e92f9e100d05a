// Jobs of other types than the generation, on the real process.
#include <gmock/gmock.h>

#include <fstream>
#include <set>

#include "tests/e2e/fixture.hpp"
#include "tests/e2e/measure.hpp"
#include "tests/support/socket_client.hpp"

namespace mutirao::e2e {
namespace {

constexpr int lines = 10'000;
constexpr int bad_every = 100;  // the line whose number in the file this divides

std::string csv_of(int count) {
  std::string csv = "cnpj;razao_social;nome_fantasia;data_renovacao;periodicidade\n";
  for (int line = 2; line < count + 2; ++line) {
    const bool bad = line % bad_every == 0;
    csv += (bad ? "errado" : cnpj_of(line)) + ";\"Empresa; " + std::to_string(line) +
           "\";Nome;2020-05-10;150\n";
  }
  return csv;
}

class job_types : public service_test {
 protected:
  void SetUp() override { make_database(); }

  static json import_of(const std::string& csv) {
    return {{"type", "import-companies"},
            {"arguments", {{"csv", csv}, {"unit", 1}, {"generate", true}}}};
  }
  std::string post_job(http_client& by, const json& body) {
    const auto got = by.post("/api/jobs", body);
    EXPECT_EQ(got.status, 202) << got.body;
    return got.status == 202 ? got.data()["jobId"].get<std::string>() : "";
  }
  static std::string problem(const answer& got) {
    return std::to_string(got.status) + " " +
           got.data().value("type", "urn:mutirao:problem:").substr(20) + ": " +
           got.data().value("message", "");
  }
};

TEST_F(job_types, a_planner_that_is_busy_for_long_does_not_hold_up_the_end) {
  start({"--dev", "--drain-timeout", "1s"});
  auto user = as();
  const auto id =
      post_job(user, {{"type", "noop"}, {"arguments", {{"items", 10}, {"micros", 50'000'000}}}});
  ASSERT_TRUE(tests::eventually([&] { return measure(user, "mutirao_batches_out") > 0; }));
  EXPECT_EQ(service_->stop(std::chrono::seconds(30)), 0) << "its items take 50 s each";
  start({"--dev"});
  auto again = as();
  EXPECT_EQ(again.get("/api/empresas/jobs/" + id).data()["status"], "running");
  EXPECT_EQ(again.post("/api/empresas/jobs/" + id + "/cancel").status, 202);
  service_->kill();
}

TEST_F(job_types, long_items_hold_up_neither_others_nor_their_own_cancel) {
  auto stored = db();
  add_companies(stored, mixed_companies(1, 100, 30));
  start({"--dev"});
  auto user = as();
  const auto slow =
      post_job(user, {{"type", "noop"}, {"arguments", {{"items", 1000}, {"micros", 100'000}}}});
  ASSERT_TRUE(tests::eventually([&] { return measure(user, "mutirao_batches_out") > 0; }));
  wait_for_end(user, start_job(user));
  const auto path = "/api/empresas/jobs/" + slow;
  EXPECT_EQ(user.post(path + "/cancel").status, 202);
  wait_for_end(user, slow);
  const auto ended = user.get(path).data();
  EXPECT_EQ(ended["state"], "cancelled");
  EXPECT_LT(ended["progress"]["current"], 500) << "a usual batch of it takes 50 s";
}

TEST_F(job_types, a_job_of_a_type_that_is_gone_says_so) {
  start({"--dev"});
  auto user = as();
  const auto id =
      post_job(user, {{"type", "noop"}, {"arguments", {{"items", 10}, {"micros", 50'000'000}}}});
  service_->kill();
  start();
  auto again = as();
  wait_for_end(again, id);
  EXPECT_EQ(again.get("/api/empresas/jobs/" + id).data()["error"],
            "Este serviço não conhece jobs do tipo \"noop\".");
}

TEST_F(job_types, an_import_into_a_unit_that_is_none_is_refused) {
  start();
  auto root = admin();
  auto body = import_of(csv_of(1));
  body["arguments"]["unit"] = 99;
  EXPECT_EQ(problem(root.post("/api/jobs", body)).substr(0, 3), "404");
}

TEST_F(job_types, ten_thousand_lines_with_bad_ones_are_imported_through_a_kill) {
  start();
  auto user = as();
  const auto id = post_job(user, import_of(csv_of(lines)));
  ASSERT_TRUE(wait_for_progress(user, id, 500)) << "it ended before it could be killed";
  kill_and_start();
  auto again = as();
  const auto job = wait_for_end(again, id);
  EXPECT_EQ(job["status"], "completed") << job;
  const int bad = (lines + 1) / bad_every;
  EXPECT_EQ(job["result"]["processed"], lines);
  EXPECT_EQ(job["result"]["createdTotal"], lines - bad);
  EXPECT_EQ(job["failedItems"], bad);

  const auto failed =
      again.get("/api/empresas/jobs/" + id + "/items?status=failed&limit=500").data()["items"];
  ASSERT_EQ(failed.size(), static_cast<std::size_t>(bad));
  for (const auto& each : failed) {
    EXPECT_EQ(each["linha"].get<int>() % bad_every, 0);
    EXPECT_EQ(each["error"], "CNPJ inválido: errado");
  }
  auto stored = db();
  std::set<std::string> expected;
  for (int line = 2; line < lines + 2; ++line) {
    if (line % bad_every != 0) expected.insert(cnpj_of(line));
  }
  std::set<std::string> found;
  for (const auto& each : stored.lines("SELECT cnpj FROM empresas")) {
    EXPECT_TRUE(found.insert(each).second) << each << " was imported twice";
  }
  EXPECT_EQ(found, expected);
  EXPECT_EQ(stored.integer("SELECT count(DISTINCT empresa_id) FROM tarefas"), lines - bad);
  EXPECT_EQ(stored.lines("SELECT DISTINCT count(*) FROM tarefas GROUP BY empresa_id").size(), 1U)
      << "equal companies have equally many tasks";
  EXPECT_EQ(stored.lines("SELECT DISTINCT razao_social LIKE 'Empresa; %' FROM empresas"),
            (std::vector<std::string>{"1"}));
  EXPECT_EQ(stored.lines("SELECT type, body FROM notificacoes"),
            (std::vector<std::string>{"companies-imported|" + std::to_string(lines - bad) +
                                      " empresas foram importadas de 10000 linhas; " +
                                      std::to_string(bad) + " linhas com erro."}));
}

TEST_F(job_types, an_import_again_is_the_same_job_while_it_runs_and_fails_line_by_line_after) {
  start();
  auto user = as();
  const auto body = import_of(csv_of(2000));
  const auto id = post_job(user, body);
  EXPECT_EQ(post_job(user, body), id) << "a double click";
  EXPECT_EQ(wait_for_end(user, id)["result"]["createdTotal"], 1980);
  const auto second = post_job(user, body);
  EXPECT_NE(second, id);
  const auto job = wait_for_end(user, second);
  EXPECT_EQ(job["result"]["createdTotal"], 0);
  EXPECT_EQ(job["failedItems"], 2000);
  EXPECT_EQ(job["result"]["details"][0],
            (json{{"linha", 2}, {"created", 0}, {"error", "CNPJ já cadastrado: " + cnpj_of(2)}}));
  EXPECT_EQ(db().integer("SELECT count(*) FROM empresas"), 1980);
}

TEST_F(job_types, what_nobody_took_up_is_taken_back) {
  auto stored = db();
  add_companies(stored, mixed_companies(1, 100, 30));
  add_companies(stored, mixed_companies(2, 200, 5));
  start();
  auto user = as({7, {1, 2}});
  const auto made = wait_for_end(user, start_job(user, 1, 2))["result"]["createdTotal"].get<int>();
  wait_for_end(user, start_job(user, 2));
  const auto elsewhere = stored.integer("SELECT count(*) FROM tarefas WHERE unidade_id = 2");
  const auto taken = stored.text("SELECT min(id) FROM tarefas WHERE unidade_id = 1");
  ASSERT_EQ(user.put("/api/tarefas/" + taken, {{"status", "pendente"}}).status, 200);

  const auto id =
      post_job(user, {{"type", "remove-auto-tasks-unit"}, {"arguments", {{"unit", 1}}}});
  const auto job = wait_for_end(user, id);
  EXPECT_EQ(job["result"]["removedTotal"], made - 1);
  EXPECT_EQ(job["result"]["processed"], 30) << "inactive companies too";
  EXPECT_EQ(stored.lines("SELECT id FROM tarefas WHERE unidade_id = 1"),
            (std::vector<std::string>{taken}));
  EXPECT_EQ(stored.integer("SELECT count(*) FROM tarefas"), elsewhere + 1);
  EXPECT_EQ(stored.integer("SELECT count(*) FROM agenda"), elsewhere + 1);
}

TEST_F(job_types, what_is_wrong_is_said) {
  start();
  auto user = as();
  const auto refused = [&](const json& body) { return problem(user.post("/api/jobs", body)); };
  EXPECT_EQ(refused({{"type", "noop"}, {"arguments", {{"items", 1}}}}),
            "400 unknown-job-type: Não há job do tipo \"noop\"; veja GET /api/job-types.");
  EXPECT_THAT(refused(import_of("cnpj,razao_social,nome_fantasia,cor\n")),
              ::testing::StartsWith(
                  "400 unknown-column: A coluna \"cor\" não é conhecida. As que são: cnpj, "));
  EXPECT_EQ(refused(import_of("cnpj,cnpj\n")).substr(0, 15), "400 invalid-csv");
  EXPECT_EQ(refused({{"type", "import-companies"}}),
            "400 missing-field: O campo csv é obrigatório.");
  EXPECT_EQ(refused({{"type", "remove-auto-tasks-unit"}, {"arguments", {{"unit", "1"}}}}),
            "400 invalid-field: O valor do campo unit não é válido.");
  EXPECT_EQ(
      refused({{"type", "remove-auto-tasks-unit"}, {"arguments", {{"unit", 2}}}}).substr(0, 18),
      "403 forbidden-unit");
  EXPECT_EQ(user.ask("POST", "/api/jobs", "{").status, 400);
  EXPECT_EQ(user.ask("POST", "/api/jobs", std::string((20 << 20) + 1, ' ')).status, 413);
  EXPECT_EQ(as().ask("POST", "/api/empresas", std::string((1 << 20) + 1, ' ')).status, 413);
  EXPECT_EQ(db().integer("SELECT count(*) FROM jobs"), 0);
  const auto none = admin().post(
      "/api/jobs", {{"type", "remove-auto-tasks-unit"}, {"arguments", {{"unit", 99}}}});
  EXPECT_EQ(none.status, 404);
  const auto empty = user.post("/api/jobs", import_of("cnpj,razao_social,nome_fantasia\n"));
  EXPECT_EQ(empty.status, 200);
  EXPECT_EQ(empty.data()["message"], "Nenhuma linha no CSV.");
}

TEST_F(job_types, sixteen_mebibytes_of_csv_are_taken) {
  start();
  auto user = as();
  std::string csv = "cnpj,razao_social,nome_fantasia\n";
  const std::string line = "errado," + std::string(140, 'a') + "," + std::string(100, 'b') + "\n";
  int count = 0;
  for (; csv.size() + line.size() <= (16U << 20U); ++count) csv += line;
  const auto id = post_job(user, {{"type", "import-companies"}, {"arguments", {{"csv", csv}}}});
  const auto job = wait_for_end(user, id);
  EXPECT_EQ(job["failedItems"], count);
  csv += line;
  EXPECT_EQ(
      user.post("/api/jobs", {{"type", "import-companies"}, {"arguments", {{"csv", csv}}}}).status,
      400);
}

TEST_F(job_types, noop_is_for_development) {
  start({"--dev"});
  auto user = as();
  const auto types = user.get("/api/job-types").data()["types"];
  EXPECT_EQ(types.size(), 4U);
  const auto id =
      post_job(user, {{"type", "noop"}, {"arguments", {{"items", 5000}, {"micros", 1}}}});
  const auto job = wait_for_end(user, id);
  EXPECT_EQ(job["result"]["processed"], 5000);
  EXPECT_EQ(job["result"]["createdTotal"], 0);
  EXPECT_EQ(db().text("SELECT type FROM notificacoes"), "noop-done");
}

TEST_F(job_types, the_command_line_starts_them_too) {
  start();
  const auto file = (folder_ / "empresas.csv").string();
  std::ofstream(file) << csv_of(20);
  const std::vector<std::string> service{
      "--url", "http://127.0.0.1:" + std::to_string(service_->port()), "--token", token_of({})};
  const auto run = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), service.begin(), service.end());
    return run_program({arguments, {}});
  };
  const auto started = run({"jobs", "start", "--type", "import-companies", "--argument",
                            "csv=@" + file, "--argument", "unit=1"});
  ASSERT_EQ(started.code, 0) << started.err;
  auto user = as();
  const auto job = wait_for_end(user, started.out.substr(0, 36));
  EXPECT_EQ(job["result"]["createdTotal"], 20);
  const auto years = run({"jobs", "start", "--type", "generate-auto-tasks-unit", "--unit", "1",
                          "--future-years", "2"});
  ASSERT_EQ(years.code, 0) << years.err;
  EXPECT_EQ(wait_for_end(user, years.out.substr(0, 36))["result"]["yearsProcessed"], 3);
  const auto wrong =
      run({"jobs", "start", "--type", "remove-auto-tasks-unit", "--argument", "unit=x"});
  EXPECT_EQ(wrong.code, 1);
  EXPECT_NE(wrong.err.find("400 Invalid field: The value of the field unit is not valid."),
            std::string::npos)
      << wrong.err;
}

}  // namespace
}  // namespace mutirao::e2e
