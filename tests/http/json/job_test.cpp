#include "http/json/job.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "http/cursor.hpp"
#include "tests/http/samples.hpp"

namespace mutirao::http::json {
namespace {

using nlohmann::json;

const job_types& types() {
  static const job_types made = [] {
    job_types all;
    all.add(std::make_unique<generate_unit_tasks>());
    return all;
  }();
  return made;
}

json parsed(const job_view& job, std::span<const result_row> details = {}) {
  return json::parse(render_job(job, types(), details));
}

TEST(job_json_test, a_pending_job) {
  EXPECT_EQ(render_job(sample_job(), types(), {}),
            R"({"id":"6f9619ff-8b86-4011-b42d-00c04fc964ff","type":"generate-auto-tasks-unit",)"
            R"("status":"pending","state":"pending",)"
            R"("progress":{"current":0,"total":150,"percentage":0},)"
            R"("createdAt":"2026-11-23T12:00:00.000Z","userId":7,"unidade_id":1,)"
            R"("createdSoFar":0,"failedItems":0,"run":1,"arguments":{"futureYears":1}})");
}

TEST(job_json_test, a_running_job_tells_its_pace_since_it_was_taken_up) {
  EXPECT_EQ(render_job(running_job(), types(), {}),
            R"({"id":"6f9619ff-8b86-4011-b42d-00c04fc964ff","type":"generate-auto-tasks-unit",)"
            R"("status":"running","state":"running",)"
            R"("progress":{"current":50,"total":150,"percentage":33},)"
            R"("createdAt":"2026-11-23T12:00:00.000Z","startedAt":"2026-11-23T12:00:01.000Z",)"
            R"("userId":7,"unidade_id":1,"createdSoFar":120,"failedItems":1,"run":1,)"
            R"("companiesPerSecond":10.0,"secondsLeft":10.0,)"
            R"("lastAdvanceAt":"2026-11-23T12:00:06.000Z","arguments":{"futureYears":1}})");
}

TEST(job_json_test, a_running_job_that_has_not_advanced_tells_no_pace) {
  auto job = running_job();
  job.advanced_at.reset();
  const auto body = parsed(job);
  EXPECT_FALSE(body.contains("companiesPerSecond"));
  EXPECT_FALSE(body.contains("secondsLeft"));
  EXPECT_FALSE(body.contains("lastAdvanceAt"));
  job = running_job();
  job.done_at_claim = job.totals.done;
  EXPECT_FALSE(parsed(job).contains("companiesPerSecond"));
}

TEST(job_json_test, an_advance_within_the_same_millisecond_has_a_finite_pace) {
  auto job = running_job();
  job.advanced_at = job.claimed_at;
  EXPECT_EQ(parsed(job)["companiesPerSecond"], 40'000.0);
}

TEST(job_json_test, a_completed_job_has_its_result) {
  const std::vector<result_row> details{{{1}, 3, ""}, {{2}, 0, "sem \"dados\""}};
  EXPECT_EQ(render_job(completed_job(), types(), details),
            R"({"id":"6f9619ff-8b86-4011-b42d-00c04fc964ff","type":"generate-auto-tasks-unit",)"
            R"("status":"completed","state":"completed",)"
            R"("progress":{"current":150,"total":150,"percentage":100},)"
            R"("result":{"processed":150,"createdTotal":450,"details":[)"
            R"({"empresaId":1,"created":3},{"empresaId":2,"created":0,"error":"sem \"dados\""}],)"
            R"("yearsProcessed":2},)"
            R"("createdAt":"2026-11-23T12:00:00.000Z","startedAt":"2026-11-23T12:00:01.000Z",)"
            R"("completedAt":"2026-11-23T12:00:09.000Z",)"
            R"("userId":7,"unidade_id":1,"createdSoFar":450,"failedItems":1,"run":1,)"
            R"("arguments":{"futureYears":1}})");
}

TEST(job_json_test, names_stand_where_they_are_known) {
  const known_names names({{{{1}, "Matriz"}}, {{{7}, "Ana", "Lima", ""}, {{8}, "Rui", "", ""}}}, 1);
  auto job = sample_job();
  auto body = json::parse(render_job(job, types(), {}, names));
  EXPECT_EQ(body["unidade_nome"], "Matriz");
  EXPECT_EQ(body["usuario_nome"], "Ana Lima");
  job.user = {8};
  job.arguments.unit = unit_id{2};
  body = json::parse(render_job(job, types(), {}, names));
  EXPECT_EQ(body["usuario_nome"], "Rui");
  EXPECT_EQ(body["unidade_id"], 2);
  EXPECT_FALSE(body.contains("unidade_nome"));
  job.user = {9};
  job.arguments.unit.reset();
  body = json::parse(render_job(job, types(), {}, names));
  EXPECT_FALSE(body.contains("usuario_nome"));
  EXPECT_FALSE(body.contains("unidade_id"));
}

TEST(job_json_test, the_front_end_never_reads_a_word_it_does_not_know) {
  const std::map<job_state, std::pair<std::string, std::string>> words{
      {job_state::pending, {"pending", "pending"}},
      {job_state::running, {"running", "running"}},
      {job_state::paused, {"running", "paused"}},
      {job_state::cancelling, {"running", "cancelling"}},
      {job_state::completed, {"completed", "completed"}},
      {job_state::failed, {"failed", "failed"}},
      {job_state::cancelled, {"failed", "cancelled"}}};
  ASSERT_EQ(words.size(), job_state_count);
  for (const auto& [state, word] : words) {
    auto job = sample_job();
    job.state = state;
    EXPECT_EQ(parsed(job)["status"], word.first);
    EXPECT_EQ(parsed(job)["state"], word.second);
  }
}

TEST(job_json_test, a_failed_job_says_why_and_a_cancelled_one_that_it_was) {
  auto job = sample_job();
  job.state = job_state::failed;
  job.error = "Disco cheio.";
  EXPECT_EQ(parsed(job)["error"], "Disco cheio.");
  job.error.clear();
  EXPECT_EQ(parsed(job)["error"], "O processamento falhou.");
  job.state = job_state::cancelled;
  EXPECT_EQ(parsed(job)["error"], "Processamento cancelado.");
  job.state = job_state::running;
  job.error = "of an earlier run";
  EXPECT_FALSE(parsed(job).contains("error"));
}

TEST(job_json_test, a_priority_is_told_where_there_is_one) {
  auto job = sample_job();
  EXPECT_FALSE(parsed(job).contains("priority"));
  job.priority = -10;
  EXPECT_EQ(parsed(job)["priority"], -10);
}

TEST(job_json_test, percentage_is_rounded_half_up) {
  EXPECT_EQ(percentage(0, 0), 0);
  EXPECT_EQ(percentage(1, 3), 33);
  EXPECT_EQ(percentage(2, 3), 67);
  EXPECT_EQ(percentage(1, 200), 1);
  EXPECT_EQ(percentage(1, 201), 0);
  EXPECT_EQ(percentage(199, 200), 100);
  EXPECT_EQ(percentage(1'999, 2'000), 100);
  EXPECT_EQ(percentage(3, 3), 100);
}

TEST(job_json_test, progress_has_three_keys) {
  EXPECT_EQ(parsed(running_job())["progress"].size(), 3U);
}

TEST(job_json_test, accepted_and_empty_are_the_old_servers) {
  EXPECT_EQ(render_accepted(sample_job()),
            R"({"jobId":"6f9619ff-8b86-4011-b42d-00c04fc964ff",)"
            R"("message":"Processamento iniciado. Use o jobId para consultar o progresso.",)"
            R"("totalEmpresas":150})");
  EXPECT_EQ(render_empty(sample_job(), "Nenhuma empresa ativa nesta unidade."),
            R"({"processed":0,"createdTotal":0,"details":[],)"
            R"("jobId":"6f9619ff-8b86-4011-b42d-00c04fc964ff",)"
            R"("message":"Nenhuma empresa ativa nesta unidade.","totalEmpresas":0})");
}

TEST(job_json_test, a_rehearsal_shows_years_and_a_sample) {
  actors::rehearse::answer sum;
  sum.processed = 2;
  sum.created = 3;
  sum.per_year = {{2026, 1}, {2027, 2}};
  new_task task;
  task.company = {5};
  task.unit = unit_id{1};
  task.kind = purpose::renewal;
  task.due = *parse_date("2026-03-10");
  sum.sample = {task};
  EXPECT_EQ(render_rehearsal(sum),
            R"({"processed":2,"createdTotal":3,)"
            R"("perYear":[{"year":2026,"count":1},{"year":2027,"count":2}],)"
            R"("sample":[{"empresa_id":5,"finalidade_id":2,"finalidade":"Renovação",)"
            R"("prazo":"2026-03-10","prioridade":"Normal","status":"Automático","setor_id":2,)"
            R"("unidade_id":1}]})");
}

TEST(job_json_test, lists_leave_details_out_and_end_without_cursor) {
  list_jobs::answer page{{completed_job()}, std::nullopt};
  auto body = json::parse(render_jobs(page, types()));
  ASSERT_EQ(body["jobs"].size(), 1U);
  EXPECT_FALSE(body["jobs"][0]["result"].contains("details"));
  EXPECT_EQ(body["jobs"][0]["result"]["createdTotal"], 450);
  EXPECT_FALSE(body.contains("nextCursor"));
  page.next = 12;
  EXPECT_EQ(json::parse(render_jobs(page, types()))["nextCursor"], encode_cursor(12));
}

TEST(job_json_test, items) {
  list_items::answer page;
  page.rows.resize(3);
  page.rows[0] = {{1}, item_state::done, 3, 1, "", 1, instant{std::chrono::milliseconds(0)}};
  page.rows[1] = {{2}, item_state::failed, 0, 3, "x", 1, {}};
  page.rows[2].item = {3};
  page.next = 3;
  EXPECT_EQ(render_items(page, "empresaId"),
            R"({"items":[{"empresaId":1,"status":"done","created":3,"attempts":1,)"
            R"("endedAt":"1970-01-01T00:00:00.000Z"},)"
            R"({"empresaId":2,"status":"failed","created":0,"attempts":3,"error":"x"},)"
            R"({"empresaId":3,"status":"pending","created":0,"attempts":0}],"nextCursor":")" +
                encode_cursor(3) + "\"}");
}

}  // namespace
}  // namespace mutirao::http::json
