// What is kept, for how long, by the real program.
#include "tests/e2e/fixture.hpp"

namespace mutirao::e2e {
namespace {

class retention : public service_test {
 protected:
  void SetUp() override {
    make_database();
    auto stored = db();
    add_companies(stored, mixed_companies(1, 1, 20));
    add_companies(stored, mixed_companies(2, 1000, 20));
  }
  /// As if everything stored had happened two hours earlier.
  void let_two_hours_pass() {
    auto stored = db();
    stored.run(
        "UPDATE jobs SET created_at = created_at - 7200000, started_at = started_at - 7200000, "
        "completed_at = completed_at - 7200000;"
        "UPDATE notificacoes SET created_at = created_at - 7200000, read_at = read_at - 7200000;"
        "UPDATE job_events SET at = at - 7200000;");
  }
  std::string measure(const std::string& name) {
    const auto text = nobody().get("/metrics").body;
    const auto at = text.find("\n" + name + " ");
    return at == std::string::npos
               ? ""
               : text.substr(at + name.size() + 2, text.find('\n', at + 1) - at - name.size() - 2);
  }
};

TEST_F(retention, old_jobs_and_read_notifications_go_and_everything_else_stays) {
  start();
  std::string old_job;
  std::string unread_job;
  {
    auto user = as({7, {1, 2}});
    old_job = start_job(user, 1);
    ASSERT_EQ(wait_for_end(user, old_job)["status"], "completed");
    EXPECT_EQ(user.post("/api/notificacoes/read-all").data()["updated"], 1);
    unread_job = start_job(user, 2);
    ASSERT_EQ(wait_for_end(user, unread_job)["status"], "completed");
  }
  stop();
  const auto tasks = db().integer("SELECT count(*) FROM tarefas");
  let_two_hours_pass();

  start({"--retention", "3h"});
  EXPECT_EQ(as({7, {1, 2}}).get("/api/empresas/jobs/" + old_job).status, 200) << "not yet";
  stop();
  start({"--retention", "1h"});
  auto user = as({7, {1, 2}});
  const auto recent = start_job(user, 1);  // the newest: the others need not stay for their number
  EXPECT_EQ(wait_for_end(user, recent)["status"], "completed");
  kill_and_start({"--retention", "1h"});  // each start begins a sweep
  user = as({7, {1, 2}});
  const auto gone = [&](const std::string& id) {
    return tests::eventually([&] { return user.get("/api/empresas/jobs/" + id).status == 404; });
  };
  EXPECT_TRUE(gone(old_job));
  EXPECT_TRUE(gone(unread_job));
  EXPECT_EQ(user.get("/api/empresas/jobs/" + old_job + "/items").status, 404);
  EXPECT_EQ(user.get("/api/empresas/jobs/" + recent).status, 200);
  EXPECT_EQ(user.get("/api/empresas/jobs").data()["jobs"].size(), 1U);
  const auto told = user.get("/api/notificacoes").data()["notifications"];
  ASSERT_EQ(told.size(), 2U) << "the read one is gone, the unread one not: " << told;
  EXPECT_EQ(told[1]["metadata"]["jobId"], unread_job);
  EXPECT_TRUE(tests::eventually([&] {
    return db().integer("SELECT count(*) FROM job_items") == 20 - 1 &&
           db().integer("SELECT count(*) FROM pruned_jobs") == 0;
  }));
  EXPECT_EQ(db().integer("SELECT count(*) FROM tarefas"), tasks);
  const auto next = start_job(user, 2);
  EXPECT_EQ(wait_for_end(user, next)["status"], "completed");
  EXPECT_NE(measure("mutirao_rows_pruned_total"), "");
  stop();
}

}  // namespace
}  // namespace mutirao::e2e
