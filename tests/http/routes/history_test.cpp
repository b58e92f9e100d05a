#include <nlohmann/json.hpp>

#include "tests/http/samples.hpp"
#include "tests/http/site_fixture.hpp"
#include "tests/support/socket_client.hpp"

namespace mutirao::http {
namespace {

using nlohmann::json;

const std::string timeline = "/api/empresas/jobs/" + std::string(sample_id) + "/timeline";

class history_routes : public site_test {
 protected:
  void SetUp() override {
    plays->on<find_job>([](const find_job&) { return sample_job(); });
    plays->on<job_history>([](const job_history& asked) {
      using kind = job_event::kind;
      job_history::answer found;
      found.events = {{{7}, 1, asked.job, 1, kind::created, at_second(0)},
                      {{7}, 2, asked.job, 1, kind::started, at_second(1)},
                      {{7}, 3, asked.job, 1, kind::failed, at_second(9)},
                      {{7}, 4, asked.job, 2, kind::retried, at_second(20)}};
      found.batches = {{at_second(2), at_second(3), 100, 2, 300}};
      return found;
    });
  }
};

TEST_F(history_routes, a_timeline_tells_events_and_batches) {
  const auto got = ask("GET", timeline);
  ASSERT_EQ(got.status, 200) << body_of(got);
  EXPECT_EQ(body_of(got),
            R"({"events":[{"at":"2026-11-23T12:00:00.000Z","kind":"queued","run":1},)"
            R"({"at":"2026-11-23T12:00:01.000Z","kind":"started","run":1},)"
            R"({"at":"2026-11-23T12:00:09.000Z","kind":"ended","run":1,"state":"failed"},)"
            R"({"at":"2026-11-23T12:00:20.000Z","kind":"retried","run":2}],)"
            R"("batches":[{"from":"2026-11-23T12:00:02.000Z","to":"2026-11-23T12:00:03.000Z",)"
            R"("items":100,"failed":2,"created":300}]})");
}

TEST_F(history_routes, a_timeline_is_for_those_who_may_see_the_job) {
  EXPECT_EQ(ask_as(bearer(8, {{{1}, "Matriz"}}), "GET", timeline).status, 200) << "of its unit";
  EXPECT_EQ(ask_as(admin, "GET", timeline).status, 200);
  EXPECT_EQ(ask_as(bearer(8, {{{2}, "Sul"}}), "GET", timeline).status, 404);
  EXPECT_EQ(ask_as("", "GET", timeline).status, 401);
  EXPECT_EQ(ask("GET", "/api/empresas/jobs/none/timeline").status, 404);
  EXPECT_EQ(plays->asked<job_history>().size(), 2U) << "nothing is read for others";
}

// The notifier is the real one.
TEST_F(history_routes, stats_are_of_what_the_caller_may_see) {
  committed news;
  auto job = running_job();
  job.advanced_at = clock.now();
  news.jobs = {job};
  news.events = {{{7}, 1, job.id, 1, job_event::kind::started, clock.now()}};
  caf::anon_send(notifier, actors::committed_news{std::make_shared<const committed>(news)});
  const auto stats = [&](const std::string& token) {
    const auto got = ask_as(token, "GET", "/api/stats");
    EXPECT_EQ(got.status, 200);
    return json::parse(body_of(got));
  };
  auto mine = stats(member);
  ASSERT_EQ(mine["minutes"].size(), 60U);
  EXPECT_EQ(mine["running"], 1);
  EXPECT_EQ(mine["waiting"], 0);
  EXPECT_EQ(mine["minutes"][59]["started"], 1);
  EXPECT_EQ(mine["minutes"][59]["items"], 40) << "since its claim";
  EXPECT_EQ(stats(admin)["minutes"], mine["minutes"]);
  EXPECT_EQ(stats(bearer(8, {{{2}, "Sul"}}))["running"], 0);
}

TEST_F(history_routes, names_are_read_again_behind_the_answers) {
  plays->on<list_names>([](const list_names&) {
    return list_names::answer{{{{1}, "Matriz"}}, {{{7}, "Ana", "Lima", ""}}};
  });
  const auto path = "/api/empresas/jobs/" + std::string(sample_id);
  const auto first = json::parse(body_of(ask("GET", path)));
  EXPECT_EQ(first["unidade_id"], 1);
  EXPECT_TRUE(tests::eventually([&] {
    const auto now = json::parse(body_of(ask("GET", path)));
    return now.value("unidade_nome", "") == "Matriz" && now.value("usuario_nome", "") == "Ana Lima";
  })) << "what was rendered with older names is not shown again";
  EXPECT_EQ(plays->asked<list_names>().size(), 1U) << "not for each answer";
}

}  // namespace
}  // namespace mutirao::http
