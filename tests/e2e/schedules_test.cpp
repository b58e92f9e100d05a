// Jobs at their time, on the real process: exactly one for each due time, wherever it is killed.
#include <fstream>
#include <iterator>
#include <thread>

#include "tests/e2e/fixture.hpp"
#include "tests/support/places.hpp"
#include "tests/support/socket_client.hpp"

namespace mutirao::e2e {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using std::chrono::system_clock;

std::string instant_after(milliseconds time) {
  return format_instant(std::chrono::floor<milliseconds>(system_clock::now()) + time);
}

class schedules : public service_test {
 protected:
  void SetUp() override {
    make_database();
    auto stored = db();
    add_companies(stored, busy_companies(1, 1, 3));
    add_companies(stored, busy_companies(2, 100, 3));
  }

  /// Polls until the schedule has ended; what it shows then.
  json wait_until_ended(http_client& by, std::int64_t id) {
    json shown;
    EXPECT_TRUE(tests::eventually(
        [&] {
          shown = by.get("/api/schedules/" + std::to_string(id)).data();
          return shown["state"] == "ended";
        },
        seconds(60)))
        << "it is still waiting: " << shown;
    return shown;
  }
  std::int64_t jobs() { return db().integer("SELECT count(*) FROM jobs"); }
};

TEST_F(schedules, run_at_a_second_ahead_makes_the_job_then) {
  start();
  auto user = as();
  const auto due = instant_after(seconds(1));
  const auto answer = user.post(job_path(1, "futureYears=1"), json{{"runAt", due}});
  ASSERT_EQ(answer.status, 202) << answer.body;
  EXPECT_EQ(answer.data()["runAt"], due);
  const auto id = answer.data()["scheduleId"].get<std::int64_t>();
  EXPECT_EQ(answer.header("location"), "/api/schedules/" + std::to_string(id));
  EXPECT_EQ(jobs(), 0);
  const auto ended = wait_until_ended(user, id);
  ASSERT_EQ(ended["jobIds"].size(), 1U) << ended;
  const auto job = wait_for_end(user, ended["jobIds"][0]);
  EXPECT_EQ(job["status"], "completed");
  EXPECT_GE(job["createdAt"].get<std::string>(), due) << "not a moment before its time";
  EXPECT_EQ(jobs(), 1);
}

TEST_F(schedules, a_kill_9_around_the_due_time_leaves_exactly_one_job) {
  start();
  int made = 0;
  for (const auto offset : {-60, -10, -2, 0, 1, 2, 4, 8, 20, 100}) {
    const auto due = std::chrono::floor<milliseconds>(system_clock::now()) + milliseconds(150);
    // Equal requests would join: each asks for other years, or of the other unit.
    const auto unit = made % 2 + 1;
    auto root = admin();
    const auto answer = root.post(job_path(unit, "futureYears=" + std::to_string(made / 2)),
                                  json{{"runAt", format_instant(due)}});
    ASSERT_EQ(answer.status, 202) << answer.body;
    std::this_thread::sleep_until(due + milliseconds(offset));
    kill_and_start();
    auto again = admin();
    const auto ended = wait_until_ended(again, answer.data()["scheduleId"]);
    ++made;
    EXPECT_EQ(ended["jobs"], 1) << ended;
    EXPECT_EQ(jobs(), made) << "killed " << offset << " ms behind the due time";
    EXPECT_EQ(wait_for_end(again, ended["jobIds"][0])["status"], "completed");
  }
}

TEST_F(schedules, a_time_that_passed_while_the_service_was_down_is_made_up_for_once) {
  start();
  std::int64_t id = 0;
  {
    auto root = admin();
    const auto answer =
        root.post("/api/schedules", json{{"type", "generate-auto-tasks-unit"},
                                         {"eachUnit", true},
                                         {"runAt", instant_after(milliseconds(800))}});
    ASSERT_EQ(answer.status, 201) << answer.body;
    id = answer.data()["id"];
  }
  stop();
  EXPECT_EQ(jobs(), 0);
  const auto due = std::chrono::system_clock::now() + milliseconds(800);
  ASSERT_TRUE(tests::eventually([&] { return std::chrono::system_clock::now() > due; }));
  start();
  auto root = admin();
  const auto ended = wait_until_ended(root, id);
  EXPECT_EQ(ended["jobs"], 2) << "one for each unit";
  for (const auto& job : ended["jobIds"]) {
    EXPECT_EQ(wait_for_end(root, job)["status"], "completed");
  }
  EXPECT_EQ(jobs(), 2);
}

// The example of docs/schedules.md, taken from the page.
TEST_F(schedules, the_example_of_the_page_is_taken) {
  std::ifstream page(testing::in_source("docs/schedules.md"));
  const std::string text{std::istreambuf_iterator<char>(page), {}};
  const auto begin = text.find("-d '", text.find("api/schedules \\")) + 4;
  const auto body = json::parse(text.substr(begin, text.find('\'', begin) - begin));
  start();
  auto root = admin();
  const auto answer = root.post("/api/schedules", body, {{"Idempotency-Key", "once"}});
  ASSERT_EQ(answer.status, 201) << answer.body;
  const auto made = answer.data();
  EXPECT_EQ(made["nextDue"].get<std::string>().substr(4), "-01-02T09:00:00.000Z");
  EXPECT_EQ(made["arguments"], (json{{"futureYears", 0}}));
  EXPECT_EQ(root.post("/api/schedules", body, {{"Idempotency-Key", "once"}}).data()["id"],
            made["id"]);
  EXPECT_EQ(root.get("/api/schedules").data()["schedules"].size(), 1U);
  auto other = as();
  const auto path = "/api/schedules/" + made["id"].dump();
  EXPECT_EQ(other.get(path).status, 404);
  EXPECT_EQ(other.ask("DELETE", path).status, 404);
  EXPECT_EQ(root.ask("DELETE", path).status, 204);
  EXPECT_EQ(root.get(path).status, 404);
}

TEST_F(schedules, the_program_adds_lists_and_deletes_them) {
  start();
  const auto run = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(),
                     {"--url", "http://127.0.0.1:" + std::to_string(service_->port()), "--token",
                      token_of({1, {}, true})});
    return run_program({arguments});
  };
  const auto added = run({"schedules", "add", "--type", "generate-auto-tasks-unit", "--each-unit",
                          "--cron", "0 6 2 1 *", "--time-zone", "UTC"});
  EXPECT_EQ(added.code, 0) << added.err;
  EXPECT_NE(added.out.find("-01-02T06:00:00.000Z  0 6 2 1 * (UTC)"), std::string::npos)
      << added.out;
  const auto id = added.out.substr(0, added.out.find(' '));
  EXPECT_EQ(run({"schedules", "list"}).out, added.out);
  const auto wrong = run({"schedules", "add", "--type", "generate-auto-tasks-unit", "--each-unit",
                          "--cron", "61 * * * *"});
  EXPECT_EQ(wrong.code, 1);
  EXPECT_NE(wrong.err.find("400"), std::string::npos) << wrong.err;
  EXPECT_EQ(run({"schedules", "delete", id}).code, 0);
  EXPECT_EQ(run({"schedules", "delete", id}).code, 1) << "it is gone";
  EXPECT_EQ(run({"schedules", "list"}).out, "");
  const auto later =
      run({"jobs", "start", "--unit", "1", "--run-at", instant_after(seconds(3600))});
  EXPECT_EQ(later.code, 0) << later.err;
  EXPECT_TRUE(later.out.starts_with("schedule ")) << later.out;
}

TEST_F(schedules, what_is_past_too_far_or_too_many_is_refused) {
  start();
  auto user = as();
  for (const auto& wrong : {instant_after(-seconds(1)), instant_after(std::chrono::hours(50'000)),
                            std::string("amanhã")}) {
    const auto answer = user.post(job_path(1), json{{"runAt", wrong}});
    EXPECT_EQ(answer.status, 400) << answer.body;
    EXPECT_NE(answer.data()["message"].get<std::string>().find("\"" + wrong + "\""),
              std::string::npos)
        << answer.body;
  }
  EXPECT_EQ(admin().post(job_path(99), json{{"runAt", instant_after(seconds(60))}}).status, 404);
  for (int i = 0; i < 1'000; ++i) {
    const auto answer =
        user.post(job_path(1), json{{"runAt", instant_after(std::chrono::hours(1))}});
    ASSERT_EQ(answer.status, 202) << i << answer.body;
  }
  const auto over = user.post(job_path(1), json{{"runAt", instant_after(std::chrono::hours(1))}});
  EXPECT_EQ(over.status, 429);
  EXPECT_TRUE(over.header("retry-after"));
  EXPECT_EQ(jobs(), 0);
}

}  // namespace
}  // namespace mutirao::e2e
