// Cancel, retry, pause, resume and priority on the running program, by HTTP.
#include "tests/e2e/fixture.hpp"

namespace mutirao::e2e {
namespace {

constexpr std::int64_t most_out = 2000;  // items of the four batches that a job may have out

std::string control_path(const std::string& job, const std::string& verb) {
  return "/api/empresas/jobs/" + job + "/" + verb;
}

class control : public service_test {
 protected:
  /// Unit 1 would last long with futureYears=5; 2, 3, 4 and 6 are quick; 5 lasts some seconds.
  void SetUp() override {
    make_database();
    auto stored = db();
    add_units(stored, {3, 4, 5, 6});
    add_companies(stored, busy_companies(1, 1, 6000));
    for (const std::int64_t unit : {2, 3, 4}) {
      add_companies(stored, mixed_companies(unit, unit * 10'000, 5));
    }
    add_companies(stored, busy_companies(5, 100'000, 3000));
    add_companies(stored, busy_companies(6, 200'000, 20));
  }

  http_client mine() { return as({7, {1, 2, 3, 4, 5, 6}}); }

  /// Starts with one slot, taken by a long job of user 7: everything else waits.
  std::string start_with_the_slot_taken() {
    start({"--max-live-jobs", "1"});
    auto user = mine();
    const auto holder = start_job(user, 1, 5);
    // The look at what an earlier process left may have the slot for a moment.
    EXPECT_TRUE(tests::eventually([&] { return seen(user, holder)["state"] == "running"; }));
    return holder;
  }
  json seen(http_client& by, const std::string& job) {
    return by.get("/api/empresas/jobs/" + job).data();
  }
  answer change(http_client& by, const std::string& job, const std::string& verb) {
    return by.post(control_path(job, verb));
  }
  /// Cancels, waits for the end; the job then.
  json cancel(http_client& by, const std::string& job) {
    EXPECT_EQ(change(by, job, "cancel").status, 202);
    auto ended = wait_for_end(by, job);
    EXPECT_EQ(ended["state"], "cancelled") << ended;
    return ended;
  }
  std::vector<std::string> events(const std::string& job) {
    return db().lines(
        "SELECT e.kind FROM job_events e JOIN jobs j ON j.no = e.job_no WHERE j.id = " + blob(job) +
        " ORDER BY e.seq");
  }
  std::int64_t notifications(const std::string& job) {
    return db().integer("SELECT count(*) FROM notificacoes WHERE job_id = " + blob(job));
  }
  /// Until the batches of a job that was paused or is cancelling have all come back.
  void wait_until_nothing_is_out() {
    auto anybody = nobody();
    EXPECT_TRUE(tests::eventually(
        [&] {
          return anybody.get("/metrics").body.find("\nmutirao_batches_out 0\n") !=
                 std::string::npos;
        },
        std::chrono::seconds(60)));
  }
};

TEST_F(control, a_waiting_job_is_cancelled_at_once) {
  const auto holder = start_with_the_slot_taken();
  auto user = mine();
  const auto id = start_job(user, 2);
  ASSERT_EQ(seen(user, id)["state"], "pending");
  const auto cancelled = change(user, id, "cancel");
  EXPECT_EQ(cancelled.status, 202);
  const auto job = cancelled.data();
  EXPECT_EQ(job["status"], "failed");
  EXPECT_EQ(job["state"], "cancelled");
  EXPECT_EQ(job["error"], "Processamento cancelado.");
  EXPECT_TRUE(is_instant(job["completedAt"])) << job;
  EXPECT_FALSE(job.contains("startedAt")) << job;
  EXPECT_EQ(job["progress"]["current"], 0);
  EXPECT_EQ(seen(user, id), job);
  const auto again = change(user, id, "cancel");
  EXPECT_EQ(again.status, 200);
  EXPECT_EQ(again.data(), job);
  EXPECT_EQ(events(id), (std::vector<std::string>{"0", "7"})) << "created, cancelled";
  EXPECT_EQ(notifications(id), 0);
  for (const std::string verb : {"pause", "resume"}) {
    EXPECT_EQ(change(user, id, verb).status, 409) << verb;
  }
  EXPECT_EQ(user.put(control_path(id, "priority"), {{"priority", 1}}).status, 409);
  cancel(user, holder);
}

TEST_F(control, a_running_job_ends_cancelled_within_the_batches_that_are_out) {
  start();
  auto user = mine();
  const auto id = start_job(user, 1, 5);
  ASSERT_TRUE(wait_for_progress(user, id, 1));
  const auto cancelling = change(user, id, "cancel");
  EXPECT_EQ(cancelling.status, 202);
  EXPECT_EQ(cancelling.data()["status"], "running");
  EXPECT_EQ(cancelling.data()["state"], "cancelling");
  const auto repeated = change(user, id, "cancel");
  EXPECT_TRUE(repeated.status == 202 || repeated.data()["state"] == "cancelled") << repeated.body;
  const auto job = wait_for_end(user, id);
  EXPECT_EQ(job["state"], "cancelled");
  EXPECT_EQ(job["error"], "Processamento cancelado.");
  const auto before = cancelling.data()["progress"]["current"].get<std::int64_t>();
  EXPECT_LE(job["progress"]["current"].get<std::int64_t>(), before + most_out);
  EXPECT_EQ(db().integer("SELECT count(*) FROM tarefas"), job["createdSoFar"]);
  EXPECT_EQ(notifications(id), 0);
  EXPECT_EQ(events(id), (std::vector<std::string>{"0", "1", "4", "7"}));
  EXPECT_EQ(change(user, id, "cancel").status, 200);
}

TEST_F(control, a_cancel_that_races_with_the_end_is_one_or_the_other) {
  start();
  auto user = mine();
  auto second = mine();
  for (int round = 0; round < 60; ++round) {
    const auto id = start_job(user, 2 + round % 3, round % 6);
    for (int wait = 0; wait < round / 6; ++wait) second.get("/health/live");
    const auto asked = change(second, id, "cancel");
    const auto job = wait_for_end(user, id);
    if (asked.status == 202) {
      EXPECT_EQ(job["state"], "cancelled") << job;
    } else {
      EXPECT_EQ(asked.status, 409) << asked.body;
      EXPECT_EQ(job["state"], "completed") << job;
    }
    EXPECT_EQ(notifications(id), asked.status == 202 ? 0 : 1);
    EXPECT_EQ(events(id).back(), asked.status == 202 ? "7" : "5");
  }
}

TEST_F(control, a_cancelled_job_stays_so_over_kill_9) {
  start();
  const auto id = [&] {
    auto user = mine();
    return start_job(user, 1, 5);
  }();
  {
    auto user = mine();
    ASSERT_TRUE(wait_for_progress(user, id, 1));
    ASSERT_EQ(change(user, id, "cancel").status, 202);
  }
  kill_and_start();
  auto user = mine();
  EXPECT_EQ(wait_for_end(user, id)["state"], "cancelled");
  EXPECT_EQ(notifications(id), 0);
}

TEST_F(control, a_paused_job_stands_still_also_over_a_restart_and_goes_on) {
  start();
  auto user = mine();
  const auto id = start_job(user, 5, 1);
  ASSERT_TRUE(wait_for_progress(user, id, 1));
  const auto paused = change(user, id, "pause");
  EXPECT_EQ(paused.status, 202);
  EXPECT_EQ(paused.data()["status"], "running");
  EXPECT_EQ(paused.data()["state"], "paused");
  wait_until_nothing_is_out();
  const auto still = seen(user, id);
  EXPECT_EQ(still["state"], "paused") << still << "\nthe job was over too early";
  EXPECT_EQ(change(user, id, "pause").status, 200);
  EXPECT_EQ(start_job(user, 5, 1), id) << "a click joins a paused job";
  wait_for_end(user, start_job(user, 2));
  EXPECT_EQ(seen(user, id), still) << "another job ran meanwhile";

  kill_and_start();
  auto again = mine();
  wait_for_end(again, start_job(again, 3));
  EXPECT_EQ(seen(again, id)["progress"], still["progress"]);
  EXPECT_EQ(seen(again, id)["state"], "paused");
  EXPECT_EQ(change(again, id, "resume").status, 202);
  const auto job = wait_for_end(again, id);
  EXPECT_EQ(job["status"], "completed") << job;
  EXPECT_EQ(job["run"], 1);
  EXPECT_EQ(job["startedAt"], still["startedAt"]);
  EXPECT_EQ(notifications(id), 1);
  auto stored = db();
  EXPECT_EQ(difference(planned_for_unit(stored, 5, {noon_date(), 1}),
                       stored_lines(stored, "unidade_id = 5")),
            "");
}

TEST_F(control, a_waiting_job_may_rest_and_a_resume_of_one_that_does_not_rest_changes_nothing) {
  const auto holder = start_with_the_slot_taken();
  auto user = mine();
  const auto id = start_job(user, 2);
  EXPECT_EQ(change(user, id, "resume").status, 200);
  EXPECT_EQ(change(user, id, "pause").data()["state"], "paused");
  EXPECT_EQ(change(user, holder, "resume").status, 200);
  cancel(user, holder);
  const auto next = start_job(user, 3);
  wait_for_end(user, next);
  EXPECT_EQ(seen(user, id)["state"], "paused");
  EXPECT_EQ(change(user, id, "resume").status, 202);
  EXPECT_EQ(wait_for_end(user, id)["status"], "completed");
}

TEST_F(control, waiting_jobs_start_by_priority_and_a_restart_keeps_it) {
  const auto holder = start_with_the_slot_taken();
  auto user = mine();
  const auto first = start_job(user, 2), second = start_job(user, 3), third = start_job(user, 4);
  const auto raised = user.put(control_path(second, "priority"), {{"priority", 10}});
  EXPECT_EQ(raised.status, 200);
  EXPECT_EQ(raised.data()["priority"], 10);
  EXPECT_EQ(seen(user, second)["priority"], 10);
  EXPECT_EQ(user.put(control_path(first, "priority"), {{"priority", -10}}).status, 200);
  EXPECT_EQ(user.put(control_path(first, "priority"), {{"priority", -10}}).status, 200);

  kill_and_start({"--max-live-jobs", "1"});
  auto again = mine();
  cancel(again, holder);
  for (const auto& id : {first, second, third}) wait_for_end(again, id);
  std::vector<std::string> started;
  for (const auto& id : {second, third, first}) {
    started.push_back(db().text("SELECT no FROM jobs WHERE id = " + blob(id)));
  }
  EXPECT_EQ(db().lines("SELECT job_no FROM job_events WHERE kind = 1 AND job_no <> "
                       "(SELECT no FROM jobs WHERE id = " +
                       blob(holder) + ") ORDER BY seq"),
            started);
}

TEST_F(control, a_priority_that_is_none_is_refused_and_changes_nothing) {
  start();
  auto user = mine();
  const auto id = start_job(user, 2);
  const auto path = control_path(id, "priority");
  for (const json& wrong : {json(11), json(-11), json(1.5), json("1"), json(nullptr), json(true)}) {
    const auto refused = user.put(path, {{"priority", wrong}});
    EXPECT_EQ(refused.status, 400) << wrong;
    EXPECT_EQ(refused.data()["message"],
              "priority deve ser um número inteiro no intervalo -10..10.");
  }
  EXPECT_EQ(user.put(path, json::object()).data()["message"], "O campo priority é obrigatório.");
  EXPECT_EQ(user.ask("PUT", path, "{").status, 400);
  EXPECT_EQ(user.ask("PUT", path).status, 400);
  EXPECT_FALSE(wait_for_end(user, id).contains("priority"));
}

TEST_F(control, a_cancelled_job_is_retried_with_what_is_not_done_yet) {
  start();
  auto user = mine();
  const auto id = start_job(user, 5, 1);
  ASSERT_TRUE(wait_for_progress(user, id, 1));
  const auto before = cancel(user, id);
  ASSERT_LT(before["progress"]["current"], 3000) << "the job was over too early";
  const auto ledger = db().lines("SELECT item, created, ended_at FROM job_items ORDER BY item");

  const auto retried = change(user, id, "retry");
  EXPECT_EQ(retried.status, 202);
  const auto anew = retried.data();
  EXPECT_EQ(anew["state"], "pending");
  EXPECT_EQ(anew["run"], 2);
  EXPECT_EQ(anew["startedAt"], before["startedAt"]);
  EXPECT_EQ(anew["progress"], before["progress"]);
  EXPECT_EQ(anew["createdSoFar"], before["createdSoFar"]);
  for (const char* gone : {"completedAt", "error"}) EXPECT_FALSE(anew.contains(gone)) << anew;
  EXPECT_EQ(change(user, id, "retry").status, 409) << "it is unfinished";

  const auto job = wait_for_end(user, id);
  EXPECT_EQ(job["status"], "completed") << job;
  EXPECT_EQ(job["run"], 2);
  EXPECT_EQ(job["startedAt"], before["startedAt"]);
  EXPECT_EQ(notifications(id), 1);
  auto stored = db();
  EXPECT_EQ(job["result"]["createdTotal"], stored.integer("SELECT count(*) FROM tarefas"));
  EXPECT_EQ(stored.lines("SELECT item, created, ended_at FROM job_items WHERE run = 1"
                         " ORDER BY item"),
            ledger)
      << "what was done is not done again";
  EXPECT_EQ(difference(planned_for_unit(stored, 5, {noon_date(), 1}), stored_lines(stored)), "");
  const auto nothing = change(user, id, "retry");
  EXPECT_EQ(nothing.status, 409);
  EXPECT_EQ(nothing.data()["type"], "urn:mutirao:problem:nothing-to-retry");
}

TEST_F(control, a_completed_job_is_retried_with_exactly_what_failed) {
  start();
  auto user = mine();
  const auto id = start_job(user, 6);
  const auto before = wait_for_end(user, id);
  ASSERT_EQ(before["status"], "completed");
  stop();
  {
    // As if two companies had failed for good.
    auto stored = db();
    stored.run(
        "DELETE FROM tarefas WHERE empresa_id IN (200001, 200007);"
        "DELETE FROM agenda WHERE id NOT IN (SELECT id FROM tarefas);"
        "UPDATE job_items SET state = 2, created = 0, error = 'Não deu.'"
        " WHERE item IN (200001, 200007);"
        "UPDATE jobs SET failed = 2, created = (SELECT count(*) FROM tarefas)");
  }
  start();
  auto again = mine();
  const auto shown = seen(again, id);
  EXPECT_EQ(shown["failedItems"], 2);
  EXPECT_EQ(shown["result"]["details"][1]["error"], "Não deu.");
  const auto retried = change(again, id, "retry");
  EXPECT_EQ(retried.status, 202);
  EXPECT_EQ(retried.data()["progress"]["current"], 18);
  EXPECT_EQ(retried.data()["failedItems"], 0);
  EXPECT_FALSE(retried.data().contains("result"));
  const auto job = wait_for_end(again, id);
  EXPECT_EQ(job["status"], "completed");
  EXPECT_EQ(job["result"]["createdTotal"], before["result"]["createdTotal"]);
  EXPECT_EQ(job["result"]["details"], before["result"]["details"]);
  auto stored = db();
  EXPECT_EQ(stored.lines("SELECT item FROM job_items WHERE run = 2 ORDER BY item"),
            (std::vector<std::string>{"200001", "200007"}));
  EXPECT_EQ(notifications(id), 2) << "one a run";
  EXPECT_EQ(change(again, id, "retry").status, 409);
}

TEST_F(control, a_retry_waits_for_an_equal_job_and_for_room) {
  start({"--max-jobs-per-user", "2", "--max-jobs", "3"});
  auto user = mine();
  const auto id = start_job(user, 1, 5);
  cancel(user, id);
  const auto equal = start_job(user, 1, 5);
  ASSERT_NE(equal, id);
  const auto beside = change(user, id, "retry");
  EXPECT_EQ(beside.status, 409);
  EXPECT_EQ(beside.data()["type"], "urn:mutirao:problem:equal-job-unfinished");
  cancel(user, equal);

  const auto one = start_job(user, 1, 4), two = start_job(user, 1, 3);
  EXPECT_EQ(change(user, id, "retry").status, 429);
  auto root = admin();
  EXPECT_EQ(change(root, id, "retry").status, 429) << "it is the owner's limit, whoever asks";
  cancel(user, two);
  auto other = as({8, {1}});
  const auto theirs = start_job(other, 1, 5), more = start_job(other, 1, 4);
  EXPECT_EQ(change(user, id, "retry").status, 503);
  EXPECT_EQ(seen(user, id)["run"], 1) << "a refused retry changes nothing";
  EXPECT_EQ(seen(user, id)["state"], "cancelled");
  cancel(other, theirs);
  EXPECT_EQ(change(user, id, "retry").status, 202);
  for (const auto& each : {id, one}) cancel(user, each);
  cancel(other, more);
}

TEST_F(control, is_for_the_owner_and_admins_alone) {
  const auto holder = start_with_the_slot_taken();
  auto user = mine();
  auto member = as({8, {2}});
  auto stranger = as({9, {3}});
  auto root = admin();
  const auto id = start_job(user, 2);
  const auto before = seen(user, id);
  const std::string unknown = "3f2b8c1e-9d4a-4c7b-8e21-5a6f0b9c7d10";
  for (const std::string verb : {"cancel", "retry", "pause", "resume"}) {
    EXPECT_EQ(change(member, id, verb).status, 403) << verb;
    EXPECT_EQ(change(stranger, id, verb).status, 404) << verb;
    EXPECT_EQ(change(root, unknown, verb).status, 404) << verb;
    EXPECT_EQ(nobody().post(control_path(id, verb)).status, 401) << verb;
  }
  const json wanted{{"priority", 3}};
  EXPECT_EQ(member.put(control_path(id, "priority"), wanted).status, 403);
  EXPECT_EQ(stranger.put(control_path(id, "priority"), wanted).status, 404);
  EXPECT_EQ(stranger.put(control_path(id, "priority"), wanted).data()["message"],
            "Job não encontrado");
  EXPECT_EQ(seen(user, id), before);
  EXPECT_EQ(root.put(control_path(id, "priority"), wanted).status, 200);
  for (const std::string verb : {"pause", "resume", "cancel", "retry"}) {
    EXPECT_EQ(change(root, id, verb).status, 202) << verb;
  }
  EXPECT_EQ(seen(user, id)["userId"], 7);
  cancel(user, holder);
  EXPECT_EQ(wait_for_end(user, id)["status"], "completed");
}

TEST_F(control, the_program_does_what_the_api_does) {
  const auto holder = start_with_the_slot_taken();
  auto user = mine();
  const auto id = start_job(user, 2);
  const std::string front = id + "  " + seen(user, id)["createdAt"].get<std::string>() + "  ";
  const auto jobs = [&](std::vector<std::string> words) {
    words.insert(words.begin(), "jobs");
    words.insert(words.end(), {"--url", "http://127.0.0.1:" + std::to_string(service_->port())});
    return run_program({words, {{"MUTIRAO_TOKEN", token_of({7, {1, 2}})}}});
  };
  const std::vector<std::pair<std::vector<std::string>, std::string>> steps{
      {{"priority", id, "-7"}, "pending 0/5 0% created 0 priority -7\n"},
      {{"pause", id}, "paused 0/5 0% created 0 priority -7\n"},
      {{"resume", id}, "pending 0/5 0% created 0 priority -7\n"},
      {{"priority", id, "0"}, "pending 0/5 0% created 0\n"},
      {{"cancel", id}, "cancelled 0/5 0% created 0: Processamento cancelado.\n"},
      {{"retry", id}, "pending 0/5 0% created 0\n"}};
  for (const auto& [words, says] : steps) {
    const auto done = jobs(words);
    EXPECT_EQ(done.code, 0) << done.err;
    EXPECT_EQ(done.out, front + says);
    EXPECT_EQ(done.err, "");
  }
  cancel(user, holder);
  wait_for_end(user, id);
  const auto late = jobs({"cancel", id});
  EXPECT_EQ(late.code, 1);
  EXPECT_EQ(late.out, "");
  EXPECT_EQ(
      late.err,
      "mutirao jobs cancel: the service answered 409 Job has ended: The job has ended already.\n");
}

}  // namespace
}  // namespace mutirao::e2e
