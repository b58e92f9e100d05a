// The main job as its user sees it: data, token, POST, progress, result, notification, and every
// row that the pure rules say.
#include <algorithm>
#include <regex>
#include <set>

#include "tests/e2e/fixture.hpp"

namespace mutirao::e2e {
namespace {

using names = std::vector<std::string>;

class main_job : public service_test {
 protected:
  void SetUp() override { make_database(); }
  std::int64_t now_ms() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
  }
};

TEST_F(main_job, stores_what_the_rules_say_and_tells_it_as_specified) {
  {
    auto stored = db();
    add_companies(stored, mixed_companies(1, 1, 150));
    add_companies(stored, mixed_companies(2, 1000, 20));
  }
  start();
  auto user = as();
  const auto before = now_ms();
  const auto accepted = user.post(job_path(1, "futureYears=2"));
  ASSERT_EQ(accepted.status, 202) << accepted.body;
  const auto told = accepted.data();
  EXPECT_EQ(keys_of(told), (names{"jobId", "message", "totalEmpresas"}));
  EXPECT_EQ(told["message"], "Processamento iniciado. Use o jobId para consultar o progresso.");
  auto stored = db();
  const auto active =
      stored.integer("SELECT count(*) FROM empresas WHERE unidade_responsavel = 1 AND ativo");
  EXPECT_EQ(told["totalEmpresas"], active);
  const std::string id = told["jobId"];
  static const std::regex version_4(
      "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  EXPECT_TRUE(std::regex_match(id, version_4)) << id;
  EXPECT_EQ(accepted.header("Location"), "/api/empresas/jobs/" + id);
  EXPECT_EQ(accepted.header("Retry-After"), "2");
  EXPECT_EQ(accepted.header("Content-Type").value_or("").substr(0, 16), "application/json");

  const auto job = wait_for_end(user, id);
  ASSERT_EQ(job["status"], "completed") << job;
  const auto after = now_ms();
  const auto planned = planned_for_unit(stored, 1, {noon_date(), 2});
  ASSERT_FALSE(planned.empty());
  EXPECT_EQ(difference(planned, stored_lines(stored)), "");
  EXPECT_EQ(stored.integer("SELECT count(*) FROM tarefas WHERE created_at NOT BETWEEN " +
                           std::to_string(before) + " AND " + std::to_string(after)),
            0);

  EXPECT_EQ(keys_of(job),
            (names{"arguments", "completedAt", "createdAt", "createdSoFar", "failedItems", "id",
                   "progress", "result", "run", "startedAt", "state", "status", "type",
                   "unidade_id", "unidade_nome", "userId", "usuario_nome"}));
  EXPECT_EQ(job["id"], id);
  EXPECT_EQ(job["type"], "generate-auto-tasks-unit");
  EXPECT_EQ(job["state"], "completed");
  EXPECT_EQ(job["userId"], 7);
  EXPECT_EQ(job["run"], 1);
  EXPECT_EQ(job["failedItems"], 0);
  EXPECT_EQ(job["createdSoFar"], planned.size());
  EXPECT_EQ(job["progress"], (json{{"current", active}, {"total", active}, {"percentage", 100}}));
  for (const char* field : {"createdAt", "startedAt", "completedAt"}) {
    EXPECT_TRUE(is_instant(job[field])) << field << " " << job[field];
  }
  EXPECT_LE(job["createdAt"], job["startedAt"]);
  EXPECT_LE(job["startedAt"], job["completedAt"]);

  const auto& result = job["result"];
  EXPECT_EQ(keys_of(result), (names{"createdTotal", "details", "processed", "yearsProcessed"}));
  EXPECT_EQ(result["processed"], active);
  EXPECT_EQ(result["createdTotal"], planned.size());
  EXPECT_EQ(result["yearsProcessed"], 3);
  auto details = json::array();
  for (const auto& row : stored.rows("SELECT e.id, (SELECT count(*) FROM tarefas t WHERE "
                                     "t.empresa_id = e.id) FROM empresas e "
                                     "WHERE e.unidade_responsavel = 1 AND e.ativo ORDER BY e.id")) {
    details.push_back({{"empresaId", std::stoll(row[0])}, {"created", std::stoll(row[1])}});
  }
  EXPECT_EQ(result["details"], details);
}

TEST_F(main_job, runs_from_two_commands_with_demo_data_and_a_printed_token) {
  const std::string other = (folder_ / "demo.db").string();
  const auto filled = run_program({{"demo", "--database", "sqlite:" + other, "--units", "3",
                                    "--companies", "150", "--seed", "1"},
                                   {}});
  ASSERT_EQ(filled.code, 0) << filled.err;
  const auto token = run_program({{"token", "--user", "7", "--nome", "Ana", "--email",
                                   "ana@example.com", "--unit", "1=Matriz"},
                                  {{"MUTIRAO_JWT_SECRET", std::string(service_process::secret)}}});
  ASSERT_EQ(token.code, 0) << token.err;
  const auto printed = token.out.substr(0, token.out.find('\n'));

  service_process service(other);  // São Paulo's time, as by default
  ASSERT_TRUE(service.ready()) << service.errors();
  http_client user(service.port(), printed);
  const auto accepted = user.post(job_path(1));
  ASSERT_EQ(accepted.status, 202) << accepted.body;
  EXPECT_GT(accepted.data()["totalEmpresas"], 100);
  const auto job = wait_for_end(user, accepted.data()["jobId"]);
  EXPECT_EQ(job["status"], "completed") << job;
  EXPECT_GT(job["result"]["createdTotal"], 150);
  EXPECT_EQ(user.post(job_path(2)).status, 403);
  EXPECT_EQ(service.stop(), 0);
  database stored(other);
  EXPECT_EQ(stored.integer("SELECT count(*) FROM unidades"), 3);
  EXPECT_EQ(stored.integer("SELECT count(*) FROM empresas"), 450);
  EXPECT_EQ(breaches(stored), names{});
}

TEST_F(main_job, tells_its_owner_once_with_the_exact_texts) {
  {
    auto stored = db();
    add_companies(stored, mixed_companies(1, 1, 30));
  }
  start();
  auto user = as();
  const auto id = start_job(user);
  const auto job = wait_for_end(user, id);
  const std::int64_t processed = job["result"]["processed"];
  const std::int64_t created = job["result"]["createdTotal"];

  const auto list = user.get("/api/notificacoes?limit=30").data()["notifications"];
  ASSERT_EQ(list.size(), 1U);
  auto one = list[0];
  for (const char* beside : {"title", "body", "entity_type"}) one.erase(beside);
  EXPECT_EQ(keys_of(one), (names{"created_at", "entity", "entity_id", "id", "message", "metadata",
                                 "read_at", "type", "user_id"}));
  EXPECT_GE(one["id"], 1'000'001);
  EXPECT_EQ(one["user_id"], 7);
  EXPECT_EQ(one["type"], "auto-tasks-generated");
  EXPECT_EQ(one["entity"], "unit");
  EXPECT_EQ(one["entity_id"], 1);
  EXPECT_EQ(one["message"], std::to_string(created) + " tarefas automáticas foram geradas para " +
                                std::to_string(processed) + " empresas da unidade.");
  EXPECT_TRUE(one["read_at"].is_null());
  EXPECT_TRUE(is_instant(one["created_at"]));
  EXPECT_EQ(one["metadata"], (json{{"title", "Tarefas Automáticas Geradas"},
                                   {"link", "/empresas"},
                                   {"jobId", id},
                                   {"processed", processed},
                                   {"createdTotal", created}}));
  const auto row =
      db().lines("SELECT type, title, body, entity_type, entity_id, user_id FROM notificacoes");
  EXPECT_EQ(row, names{"auto-tasks-generated|Tarefas Automáticas Geradas|" +
                       one["message"].get<std::string>() + "|unit|1|7"});
}

TEST_F(main_job, lets_its_owner_alone_read_a_notification_and_only_once) {
  {
    auto stored = db();
    add_companies(stored, mixed_companies(1, 1, 5));
  }
  start();
  auto user = as();
  for (int i = 0; i < 4; ++i) wait_for_end(user, start_job(user));
  const auto list = user.get("/api/notificacoes").data()["notifications"];
  ASSERT_EQ(list.size(), 4U);
  for (std::size_t i = 1; i < list.size(); ++i) EXPECT_LT(list[i]["id"], list[i - 1]["id"]);
  EXPECT_EQ(user.get("/api/notificacoes?limit=2").data()["notifications"].size(), 2U);
  for (const char* limit : {"0", "101", "-1", "x", "1.5", ""}) {
    EXPECT_EQ(user.get(std::string("/api/notificacoes?limit=") + limit).status, 400) << limit;
  }
  EXPECT_EQ(as({8, {1}}).get("/api/notificacoes").data()["notifications"].size(), 0U);
  EXPECT_EQ(admin().get("/api/notificacoes").data()["notifications"].size(), 0U);

  const std::int64_t id = list[1]["id"];
  const auto path = "/api/notificacoes/" + std::to_string(id) + "/read";
  EXPECT_EQ(as({8, {1}}).post(path).status, 404);
  const auto read = user.post(path);
  EXPECT_EQ(read.status, 200);
  EXPECT_EQ(read.data(), (json{{"id", id}, {"read", true}}));
  const auto again = user.post(path);
  EXPECT_EQ(again.status, 404);
  EXPECT_EQ(again.data()["message"], "Notificação não encontrada");
  EXPECT_EQ(user.post("/api/notificacoes/999999999/read").status, 404);
  for (const char* wrong : {"abc", "0", "-1", "1.5", "99999999999999999999", "1e3", "%00"}) {
    const auto refused = user.post(std::string("/api/notificacoes/") + wrong + "/read");
    EXPECT_EQ(refused.status, 400) << wrong;
    EXPECT_EQ(refused.data()["message"], "ID inválido");
  }
  EXPECT_EQ(user.post("/api/notificacoes/read-all").data(), (json{{"updated", 3}}));
  EXPECT_EQ(user.post("/api/notificacoes/read-all").data(), (json{{"updated", 0}}));
  const auto marked = user.get("/api/notificacoes").data();
  ASSERT_EQ(marked["notifications"].size(), 4U);
  for (const auto& each : marked["notifications"]) {
    EXPECT_TRUE(is_instant(each["read_at"]));
  }
}

TEST_F(main_job, creates_nothing_the_second_time) {
  {
    auto stored = db();
    add_companies(stored, mixed_companies(1, 1, 60));
  }
  start();
  auto user = as();
  wait_for_end(user, start_job(user, 1, 1));
  auto stored = db();
  const auto first = stored_lines(stored);
  const auto job = wait_for_end(user, start_job(user, 1, 1));
  EXPECT_EQ(job["result"]["createdTotal"], 0);
  EXPECT_EQ(difference(first, stored_lines(stored)), "");

  const auto had = stored_due_dates(stored);
  auto longer = planned_for_unit(stored, 1, {noon_date(), 5}, had);
  EXPECT_EQ(wait_for_end(user, start_job(user, 1, 5))["result"]["createdTotal"], longer.size());
  longer.insert(longer.end(), first.begin(), first.end());
  auto all = stored_lines(stored);
  std::sort(longer.begin(), longer.end());
  std::sort(all.begin(), all.end());
  EXPECT_EQ(difference(longer, all), "");
}

TEST_F(main_job, a_unit_without_active_companies_is_done_at_once_and_tells_nobody) {
  {
    auto stored = db();
    add_companies(stored, {{1, 1, "2020-01-10", 30, 7, "Inativa", false}});
  }
  start();
  auto user = as();
  const auto got = user.post(job_path(1));
  ASSERT_EQ(got.status, 200) << got.body;
  auto told = got.data();
  const std::string id = told["jobId"];
  told.erase("jobId");
  EXPECT_EQ(told, (json{{"processed", 0},
                        {"createdTotal", 0},
                        {"details", json::array()},
                        {"message", "Nenhuma empresa ativa nesta unidade."},
                        {"totalEmpresas", 0}}));
  const auto job = user.get("/api/empresas/jobs/" + id).data();
  EXPECT_EQ(job["status"], "completed");
  EXPECT_EQ(job["progress"], (json{{"current", 0}, {"total", 0}, {"percentage", 0}}));
  EXPECT_EQ(job["result"]["processed"], 0);
  EXPECT_EQ(job["result"]["details"], json::array());
  EXPECT_EQ(user.get("/api/notificacoes").data()["notifications"], json::array());
}

TEST_F(main_job, a_rehearsal_says_what_the_job_then_creates_and_stores_nothing) {
  {
    auto stored = db();
    add_companies(stored, mixed_companies(1, 1, 80));
    stored.run(
        "INSERT INTO tarefas VALUES (1, 2, 4, 'Normal', 'pendente', '2026-06-10', 2, NULL, 1, "
        "1, 0); INSERT INTO agenda VALUES (1, 't', 'd', 'c', 's', 'e', NULL)");
  }
  start();
  auto user = as();
  const auto got = user.post(job_path(1, "futureYears=3&dryRun=true"));
  ASSERT_EQ(got.status, 200) << got.body;
  const auto sum = got.data();
  EXPECT_EQ(keys_of(sum), (names{"createdTotal", "perYear", "processed", "sample"}));
  auto stored = db();
  EXPECT_EQ(stored.integer("SELECT (SELECT count(*) FROM jobs) + (SELECT count(*) FROM tarefas)"),
            1);

  const auto job = wait_for_end(user, start_job(user, 1, 3));
  EXPECT_EQ(sum["processed"], job["result"]["processed"]);
  EXPECT_EQ(sum["createdTotal"], job["result"]["createdTotal"]);
  auto per_year = json::array();
  for (const auto& row :
       stored.rows("SELECT substr(prazo, 1, 4) y, count(*) FROM tarefas WHERE id > "
                   "1 GROUP BY y ORDER BY y")) {
    per_year.push_back({{"year", std::stoi(row[0])}, {"count", std::stoi(row[1])}});
  }
  EXPECT_EQ(sum["perYear"], per_year);
  ASSERT_EQ(sum["sample"].size(), 10U);
  const auto first = stored.rows(
      "SELECT empresa_id, finalidade_id, prazo FROM tarefas WHERE id > 1 ORDER BY empresa_id, id "
      "LIMIT 10");
  for (std::size_t i = 0; i < first.size(); ++i) {
    const auto& task = sum["sample"][i];
    EXPECT_EQ(std::to_string(task.value("empresa_id", 0)), first[i][0]);
    EXPECT_EQ(std::to_string(task.value("finalidade_id", 0)), first[i][1]);
    EXPECT_EQ(task.value("prazo", ""), first[i][2]);
  }
  EXPECT_EQ(user.post(job_path(1, "dryRun=sim")).status, 400);
  EXPECT_EQ(user.post(job_path(1, "dryRun=true&futureYears=9")).status, 400);
  EXPECT_EQ(user.post(job_path(2, "dryRun=true")).status, 403);
}

TEST_F(main_job, is_seen_by_owner_unit_and_admins_and_exists_for_nobody_else) {
  {
    auto stored = db();
    add_companies(stored, mixed_companies(1, 1, 5));
  }
  start();
  auto user = as();
  const auto id = start_job(user);
  wait_for_end(user, id);
  const auto path = "/api/empresas/jobs/" + id;
  EXPECT_EQ(as({8, {1}}).get(path).status, 200);
  EXPECT_EQ(as({8, {2, 1}}).get(path).status, 200);
  EXPECT_EQ(as({7, {}}).get(path).status, 200);
  EXPECT_EQ(admin().get(path).status, 200);
  const auto hidden = as({8, {2}}).get(path);
  EXPECT_EQ(hidden.status, 404);
  EXPECT_EQ(hidden.data()["message"], "Job não encontrado");
  EXPECT_EQ(as({8, {2}}).get(path + "/items").status, 404);
  for (const char* wrong : {"abc", "0", "00000000-0000-4000-8000-000000000000", "%ff", "%00"}) {
    const auto refused = user.get(std::string("/api/empresas/jobs/") + wrong);
    EXPECT_EQ(refused.status, 404) << wrong;
    EXPECT_EQ(refused.data()["message"], "Job não encontrado");
  }
}

TEST_F(main_job, lists_jobs_newest_first_with_filters_and_cursor) {
  {
    auto stored = db();
    add_companies(stored, mixed_companies(1, 1, 5));
    add_companies(stored, mixed_companies(2, 100, 5));
  }
  start();
  auto user = as({7, {1, 2}});
  auto other = as({8, {1}});
  std::vector<std::string> mine;
  for (int i = 0; i < 7; ++i) {
    mine.insert(mine.begin(), start_job(user, 1 + i % 2));
    wait_for_end(user, mine.front());
  }
  const auto theirs = start_job(other);
  wait_for_end(other, theirs);

  std::vector<std::string> walked;
  std::string cursor;
  for (int pages = 0; pages < 10; ++pages) {
    const auto page = user.get("/api/empresas/jobs?limit=3" + cursor).data();
    for (const auto& job : page["jobs"]) walked.push_back(job["id"]);
    if (!page.contains("nextCursor")) break;
    cursor = "&cursor=" + page["nextCursor"].get<std::string>();
  }
  EXPECT_EQ(walked, mine);
  EXPECT_EQ(user.get("/api/empresas/jobs?unidade_id=2").data()["jobs"].size(), 3U);
  EXPECT_EQ(user.get("/api/empresas/jobs?state=completed&state=failed").data()["jobs"].size(), 7U);
  EXPECT_EQ(user.get("/api/empresas/jobs?state=failed").data()["jobs"].size(), 0U);
  EXPECT_EQ(user.get("/api/empresas/jobs?type=generate-auto-tasks-unit").data()["jobs"].size(), 7U);
  EXPECT_EQ(user.get("/api/empresas/jobs?type=another").data()["jobs"].size(), 0U);
  EXPECT_EQ(user.get("/api/empresas/jobs?all=true").data()["jobs"].size(), 7U);
  EXPECT_EQ(admin().get("/api/empresas/jobs").data()["jobs"].size(), 0U);
  EXPECT_EQ(admin().get("/api/empresas/jobs?all=true").data()["jobs"].size(), 8U);
  for (const char* wrong : {"limit=0", "limit=x", "cursor=x", "state=x", "unidade_id=0", "all=x"}) {
    EXPECT_EQ(user.get(std::string("/api/empresas/jobs?") + wrong).status, 400) << wrong;
  }

  std::vector<std::string> items;
  cursor.clear();
  for (int pages = 0; pages < 10; ++pages) {
    const auto page =
        user.get("/api/empresas/jobs/" + mine.front() + "/items?limit=2" + cursor).data();
    for (const auto& item : page["items"]) {
      EXPECT_EQ(item["status"], "done");
      EXPECT_EQ(item["attempts"], 1);
      items.push_back(std::to_string(item.value("empresaId", 0)));
    }
    if (!page.contains("nextCursor")) break;
    cursor = "&cursor=" + page["nextCursor"].get<std::string>();
  }
  EXPECT_EQ(items, (names{"1", "2", "3", "4", "5"}));
}

TEST_F(main_job, skips_a_company_that_left_before_its_turn) {
  {
    auto stored = db();
    add_companies(stored, busy_companies(1, 1, 600));
  }
  start();
  auto user = as();
  const auto id = start_job(user, 1, 5);
  service_->kill();
  {
    auto stored = db();
    const std::string todo =
        " WHERE id IN (SELECT id FROM empresas e WHERE unidade_responsavel = 1 "
        "AND NOT EXISTS (SELECT 1 FROM job_items WHERE item = e.id) "
        "ORDER BY id DESC LIMIT 2)";
    ASSERT_GE(stored.integer("SELECT count(*) FROM empresas e WHERE NOT EXISTS (SELECT 1 FROM "
                             "job_items WHERE item = e.id)"),
              4);
    stored.run("UPDATE empresas SET ativo = 0" + todo);
    stored.run(
        "UPDATE empresas SET unidade_responsavel = 2 WHERE id = (SELECT max(id) FROM empresas "
        "e WHERE ativo AND NOT EXISTS (SELECT 1 FROM job_items WHERE item = e.id))");
  }
  start();
  auto again = as();
  const auto job = wait_for_end(again, id);
  EXPECT_EQ(job["status"], "completed");
  EXPECT_EQ(job["progress"]["current"], 600);
  auto skipped = again.get("/api/empresas/jobs/" + id + "/items?status=skipped").data()["items"];
  ASSERT_EQ(skipped.size(), 3U);
  for (const auto& item : skipped) EXPECT_EQ(item["created"], 0);
  auto stored = db();
  EXPECT_EQ(difference(planned_for_unit(stored, 1, {noon_date(), 5}), stored_lines(stored)), "");
}

}  // namespace
}  // namespace mutirao::e2e
