// kill -9 and SIGTERM at every moment: no job is lost, no task is stored twice.
#include <algorithm>
#include <atomic>
#include <set>
#include <thread>

#include "tests/e2e/fixture.hpp"

namespace mutirao::e2e {
namespace {

class crash : public service_test {
 protected:
  void SetUp() override { make_database(); }
  void fill(std::int64_t count) {
    auto stored = db();
    add_companies(stored, busy_companies(1, 1, count));
  }
  /// Every task once, one notification, everything counted.
  void expect_whole(const std::string& id, int future_years) {
    auto stored = db();
    EXPECT_EQ(
        difference(planned_for_unit(stored, 1, {noon_date(), future_years}), stored_lines(stored)),
        "");
    EXPECT_EQ(stored.integer("SELECT count(*) FROM notificacoes WHERE job_id = " + blob(id)), 1);
    EXPECT_EQ(stored.integer("SELECT count(*) FROM notificacoes"), 1);
    EXPECT_EQ(breaches(stored), std::vector<std::string>{});
  }
};

TEST_F(crash, kill_9_in_the_middle_of_2000_companies_loses_and_doubles_nothing) {
  constexpr int years = 5;  // enough work that a fast machine is still at it
  fill(2000);
  start();
  const auto id = [&] {
    auto user = as();
    return start_job(user, 1, years);
  }();
  int kills = 0;
  std::int64_t stored_before = 0;
  for (const std::int64_t mark : {1, 300, 700, 1100, 1500, 1800}) {
    auto user = as();
    const auto seen = wait_for_progress(user, id, std::max(mark, stored_before + 1));
    service_->kill();
    auto stored = db();
    const auto done = stored.integer("SELECT done FROM jobs");
    if (seen) {
      EXPECT_GE(done, (*seen)["progress"]["current"]) << "told before it was on disk";
      kills += done < 2000;
    }
    EXPECT_EQ(breaches(stored), std::vector<std::string>{}) << "after the kill at " << mark;
    stored_before = done;
    start();
  }
  EXPECT_GE(kills, 2) << "the job was over too early for this test to mean anything";
  auto user = as();
  const auto job = wait_for_end(user, id);
  EXPECT_EQ(job["status"], "completed") << job;
  EXPECT_EQ(job["run"], 1);
  EXPECT_EQ(job["result"]["processed"], 2000);
  EXPECT_EQ(job["result"]["details"].size(), 2000U);
  expect_whole(id, years);
  const auto list = user.get("/api/notificacoes").data()["notifications"];
  EXPECT_EQ(list.size(), 1U);
}

TEST_F(crash, kill_9_right_after_the_202_of_many_jobs_keeps_them_all) {
  constexpr std::int64_t units = 12;
  {
    auto stored = db();
    for (std::int64_t unit = 3; unit <= units; ++unit) add_units(stored, {unit});
    for (std::int64_t unit = 1; unit <= units; ++unit) {
      add_companies(stored, busy_companies(unit, unit * 1000, 40));
    }
  }
  start();
  std::vector<std::string> ids;
  {
    auto root = admin();
    for (std::int64_t unit = 1; unit <= units; ++unit) ids.push_back(start_job(root, unit, 1));
  }
  service_->kill();
  EXPECT_EQ(db().integer("SELECT count(*) FROM jobs"), units);
  start();
  auto root = admin();
  for (const auto& id : ids) EXPECT_EQ(wait_for_end(root, id)["status"], "completed");
  auto stored = db();
  for (std::int64_t unit = 1; unit <= units; ++unit) {
    EXPECT_EQ(difference(planned_for_unit(stored, unit, {noon_date(), 1}),
                         stored_lines(stored, "unidade_id = " + std::to_string(unit))),
              "");
  }
  EXPECT_EQ(stored.integer("SELECT count(*) FROM notificacoes"), units);
}

TEST_F(crash, kill_9_while_clients_post_keeps_whatever_was_answered) {
  {
    auto stored = db();
    for (std::int64_t unit = 3; unit <= 40; ++unit) add_units(stored, {unit});
    for (std::int64_t unit = 1; unit <= 40; ++unit) {
      add_companies(stored, mixed_companies(unit, unit * 1000, 3));
    }
  }
  start();
  std::vector<std::vector<std::string>> answered(4);
  std::atomic<int> count = 0;
  std::vector<std::thread> clients;
  for (std::size_t c = 0; c < answered.size(); ++c) {
    clients.emplace_back([&, c] {
      auto user = admin();
      for (std::int64_t i = 0; i < 100'000; ++i) {
        const auto got = user.post(job_path(1 + (i * 4 + static_cast<std::int64_t>(c)) % 40));
        if (got.status != 202) return;  // the kill
        answered[c].push_back(got.data()["jobId"]);
        ++count;
      }
    });
  }
  EXPECT_TRUE(tests::eventually([&] { return count >= 60; }, std::chrono::seconds(60)));
  service_->send(SIGKILL);
  for (auto& each : clients) each.join();
  service_->wait();
  {
    auto stored = db();
    std::set<std::string> kept;
    for (const auto& row : stored.rows("SELECT lower(hex(id)) FROM jobs")) kept.insert(row[0]);
    for (const auto& ids : answered) {
      for (auto id : ids) {
        id.erase(std::remove(id.begin(), id.end(), '-'), id.end());
        EXPECT_TRUE(kept.contains(id)) << id << " was answered and is gone";
      }
    }
  }
  start();
  EXPECT_TRUE(tests::eventually(
      [&] { return db().integer("SELECT count(*) FROM jobs WHERE state <> 4") == 0; },
      std::chrono::seconds(60)));
}

TEST_F(crash, kill_9_during_the_start_harms_nothing) {
  fill(300);
  start();
  const auto id = [&] {
    auto user = as();
    return start_job(user, 1, 3);
  }();
  service_->kill();
  // Each start is given a little longer; what it was doing then is left to chance.
  for (int round = 0; round < 12; ++round) {
    program_process starting({{"serve", "--database", url(), "--listen", "127.0.0.1:0",
                               "--timezone", noon_zone(), "--crash-limit", "1000"},
                              {{"MUTIRAO_JWT_SECRET", std::string(service_process::secret)}}});
    EXPECT_EQ(starting.wait(std::chrono::milliseconds(2 * round)), std::nullopt)
        << starting.errors();
    starting.send(SIGKILL);
    EXPECT_EQ(starting.wait(), 128 + SIGKILL);
    auto stored = db();
    EXPECT_EQ(breaches(stored), std::vector<std::string>{});
  }
  start();
  auto user = as();
  EXPECT_EQ(wait_for_end(user, id)["status"], "completed");
  expect_whole(id, 3);
}

TEST_F(crash, kill_9_while_the_schema_is_made_harms_nothing) {
  const auto fresh = (folder_ / "fresh.db").string();
  for (int round = 0; round < 8; ++round) {
    program_process starting({{"migrate", "--database", "sqlite:" + fresh}, {}});
    starting.wait(std::chrono::milliseconds(round));
    starting.send(SIGKILL);
    starting.wait();
  }
  const auto made = run_program({{"migrate", "--database", "sqlite:" + fresh}, {}});
  EXPECT_EQ(made.code, 0) << made.err;
  database stored(fresh);
  EXPECT_EQ(stored.text("PRAGMA integrity_check"), "ok");
  EXPECT_EQ(stored.integer("SELECT count(*) FROM empresas"), 0);
}

TEST_F(crash, sigterm_in_the_middle_ends_in_time_and_the_next_start_goes_on) {
  constexpr int years = 0;
  fill(6000);  // more than may be out at a time
  start();
  auto user = as();
  const auto id = start_job(user, 1, years);
  ASSERT_TRUE(wait_for_progress(user, id, 1));
  auto late = as();
  ASSERT_EQ(late.get("/api/unidades").status, 200);  // connected before
  const auto begun = std::chrono::steady_clock::now();
  service_->send(SIGTERM);
  // While connections last they are told to come again; then there are none.
  answer told;
  EXPECT_TRUE(tests::eventually([&] {
    told = late.get("/api/unidades");
    return told.status != 200;
  }));
  EXPECT_TRUE(told.status == 503 || told.status == 0) << told.status;
  EXPECT_EQ(service_->wait(), 0) << service_->errors();
  EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(30));
  {
    auto stored = db();
    EXPECT_LT(stored.integer("SELECT done FROM jobs"), 6000) << "the job was over too early";
    EXPECT_EQ(breaches(stored), std::vector<std::string>{});
  }
  start();
  auto again = as();
  EXPECT_EQ(wait_for_end(again, id)["status"], "completed");
  expect_whole(id, years);
}

TEST_F(crash, a_second_sigterm_ends_a_drain_at_once_and_the_next_start_goes_on) {
  constexpr int years = 0;
  fill(6000);
  start();
  auto user = as();
  const auto id = start_job(user, 1, years);
  ASSERT_TRUE(wait_for_progress(user, id, 1));
  {
    auto holder = db();
    holder.run(
        "BEGIN IMMEDIATE");  // the batches that are out cannot commit, so the drain must wait
    service_->send(SIGTERM);
    ASSERT_TRUE(tests::eventually(
        [&] { return service_->errors().find("service_draining") != std::string::npos; }));
    service_->send(SIGTERM);
    EXPECT_EQ(service_->wait(), 128 + SIGTERM);
    holder.run("ROLLBACK");
    EXPECT_EQ(breaches(holder), std::vector<std::string>{});
  }
  start();
  auto again = as();
  EXPECT_EQ(wait_for_end(again, id)["status"], "completed");
  expect_whole(id, years);
}

TEST_F(crash, sigterm_of_an_idle_service_exits_0_and_frees_file_and_port) {
  bool again = false;
  // The port is anybody's meanwhile, so it may be taken once.
  for (int attempt = 0; attempt < 3 && !again; ++attempt) {
    start();
    EXPECT_EQ(as().get("/api/unidades").status, 200);
    const auto address = "127.0.0.1:" + std::to_string(service_->port());
    EXPECT_EQ(service_->stop(std::chrono::seconds(20)), 0);
    program_process next({{"serve", "--database", url(), "--listen", address}, with_secret()});
    again = next.read_line() == "listening on http://" + address;
  }
  EXPECT_TRUE(again);
}

TEST_F(crash, a_job_taken_up_again_plans_for_the_day_it_was_asked_on) {
  fill(400);
  start();
  auto user = as();
  const auto id = start_job(user, 1, 5);
  service_->kill();
  const auto today = noon_date();
  const auto year = year_of(today);
  const auto last_year = *parse_date(std::to_string(year - 1) + "-06-01");
  std::vector<std::string> todo;
  {
    // As if it had been asked for a year ago.
    auto stored = db();
    stored.run("UPDATE jobs SET arguments = replace(arguments, '" + format_date(today) + "', '" +
               format_date(last_year) + "')");
    ASSERT_NE(stored.text("SELECT arguments FROM jobs").find(format_date(last_year)),
              std::string::npos);
    todo = stored.lines(
        "SELECT id FROM empresas e WHERE NOT EXISTS (SELECT 1 FROM job_items WHERE "
        "item = e.id) ORDER BY id");
  }
  ASSERT_FALSE(todo.empty()) << "the job was over too early";
  start();
  auto again = as();
  EXPECT_EQ(wait_for_end(again, id)["status"], "completed");
  auto stored = db();
  for (const auto& company : {todo.front(), todo.back()}) {
    EXPECT_EQ(difference(planned_lines(stored, std::stoll(company), {last_year, 5}),
                         stored_lines(stored, "empresa_id = " + company)),
              "");
  }
}

}  // namespace
}  // namespace mutirao::e2e
