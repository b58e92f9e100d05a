// What the service takes in while 10,000 jobs wait: limits answer at once, and nobody else notices.
#include <chrono>
#include <optional>

#include "tests/e2e/fixture.hpp"

namespace mutirao::e2e {
namespace {

using std::chrono::steady_clock;

constexpr std::int64_t crowd = 10'000;             // waiting jobs, of users 1001, 1002, ...
constexpr std::int64_t jobs_each = 1'000;          // of one of these users
constexpr auto at_once = std::chrono::seconds(2);  // generous: nothing here waits for a job

/// The service with one slot, taken by a long job of user 7 in unit 1, and a crowd behind it.
class crowded : public service_test {
 protected:
  void SetUp() override {
    make_database();
    {
      auto stored = db();
      add_companies(stored, busy_companies(1, 1, 6000));
      add_companies(stored, mixed_companies(2, 10'000, 5));
    }
    start(flags_);
    auto user = as();
    holder_ = start_job(user, 1, 5);
    ASSERT_TRUE(wait_for_progress(user, holder_, 1));
    service_->kill();
    add_crowd();
    start(flags_);
    ASSERT_EQ(waiting(), crowd);
  }
  void TearDown() override {
    if (crowd_left_) {
      EXPECT_EQ(waiting(), *crowd_left_) << "they did not wait all the time";
    }
    service_test::TearDown();
  }

  /// As if each had been submitted for unit 2, with arguments of its own.
  void add_crowd() {
    db().run(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < " +
        std::to_string(crowd) +
        ") INSERT INTO jobs (no, id, kind, user_id, unidade_id, arguments, request, dedupe_key,"
        " state, run, fence, priority, turn, not_before, total, done, created, failed, skipped,"
        " done_at_claim, crash_count, error, created_at) SELECT no + i, randomblob(16), kind,"
        " 1001 + (i - 1) / " +
        std::to_string(jobs_each) +
        ", 2, arguments, request || i, dedupe_key || i, 0, 1, 0, 0, i, 0, 1, 0, 0, 0, 0, 0, 0, '',"
        " created_at FROM jobs, n WHERE no = 1;"
        "INSERT INTO job_scopes (job_no, items) SELECT no, x'01' FROM jobs WHERE no > 1");
  }
  std::int64_t waiting() { return db().integer("SELECT count(*) FROM jobs WHERE state = 0"); }

  template <class Ask>
  answer in_time(Ask ask) {
    const auto begun = steady_clock::now();
    auto got = ask();
    EXPECT_LT(steady_clock::now() - begun, at_once) << got.body;
    return got;
  }

  std::vector<std::string> flags_{"--max-live-jobs", "1", "--max-jobs", std::to_string(crowd + 2)};
  std::optional<std::int64_t> crowd_left_ = crowd;  // waiting at the end
  std::string holder_;
};

TEST_F(crowded, limits_answer_at_once_and_others_are_served) {
  auto full = as({1001, {2}});
  const auto refused = in_time([&] { return full.post(job_path(2)); });
  EXPECT_EQ(refused.status, 429) << refused.body;
  EXPECT_EQ(refused.header("Retry-After"), "5");

  auto user = as({7, {1, 2}});
  const auto last = in_time([&] { return user.post(job_path(2)); });
  ASSERT_EQ(last.status, 202) << last.body;
  crowd_left_ = crowd + 1;
  auto other = as({8, {2}});
  for (int i = 0; i < 20; ++i) {
    const auto over = in_time([&] { return other.post(job_path(2)); });
    EXPECT_EQ(over.status, 503) << over.body;
    EXPECT_EQ(over.header("Retry-After"), "5");
  }
  const auto joined = in_time([&] { return user.post(job_path(2)); });
  EXPECT_EQ(joined.data()["jobId"], last.data()["jobId"]) << "a double click needs no room";

  // A place that becomes free is free at once.
  const std::string id = last.data()["jobId"];
  EXPECT_EQ(in_time([&] { return user.post("/api/empresas/jobs/" + id + "/cancel"); }).status, 202);
  EXPECT_EQ(in_time([&] { return other.post(job_path(2)); }).status, 202);
}

TEST_F(crowded, everybody_is_answered_while_they_wait) {
  auto user = as();
  auto one = as({1010, {2}});
  const std::string theirs = in_time([&] {
                               return one.get("/api/empresas/jobs?state=pending&limit=1");
                             }).data()["jobs"][0]["id"];
  for (int i = 0; i < 100; ++i) {
    const auto mine = in_time([&] { return user.get("/api/empresas/jobs/" + holder_); });
    ASSERT_EQ(mine.status, 200);
    EXPECT_EQ(mine.data()["status"], "running");
    const auto waits = in_time([&] { return one.get("/api/empresas/jobs/" + theirs); });
    ASSERT_EQ(waits.status, 200);
    EXPECT_EQ(waits.data()["status"], "pending");
  }
  auto root = admin();
  EXPECT_EQ(in_time([&] { return root.get("/api/empresas/jobs?all=true&limit=500"); })
                .data()["jobs"]
                .size(),
            500U);
  EXPECT_EQ(in_time([&] { return user.get("/api/unidades"); }).status, 200);
  EXPECT_EQ(in_time([&] { return nobody().get("/health/ready"); }).status, 200);
  EXPECT_EQ(in_time([&] { return nobody().get("/metrics"); }).status, 200);
}

TEST_F(crowded, whoever_is_in_a_hurry_is_put_ahead_of_ten_thousand) {
  crowd_left_.reset();
  auto user = as({7, {1, 2}});
  const auto id = start_job(user, 2);
  EXPECT_EQ(in_time([&] {
              return user.put("/api/empresas/jobs/" + id + "/priority", {{"priority", 10}});
            }).status,
            200);
  auto root = admin();
  // The slot is held by the long job, which then rests.
  EXPECT_EQ(root.post("/api/empresas/jobs/" + holder_ + "/pause").status, 202);
  EXPECT_EQ(wait_for_end(user, id)["status"], "completed");
  const auto first = db().integer(
      "SELECT job_no FROM job_events WHERE kind = 1 AND job_no <> 1 ORDER BY at, seq LIMIT 1");
  EXPECT_EQ(first, db().integer("SELECT no FROM jobs WHERE id = " + blob(id)));
}

}  // namespace
}  // namespace mutirao::e2e
