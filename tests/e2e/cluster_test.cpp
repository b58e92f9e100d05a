// Several real processes on one PostgreSQL server: what one takes another shows, and what one
// leaves another takes up.
#include <gmock/gmock.h>

#include <regex>

#include "storage/postgres/listener.hpp"
#include "storage/postgres/migrate.hpp"
#include "tests/e2e/fixture.hpp"
#include "tests/support/cutting_proxy.hpp"
#include "tests/support/database_place.hpp"
#include "tests/support/event_client.hpp"
#include "tests/support/pooler.hpp"
#include "tests/support/web_receiver.hpp"

namespace mutirao::e2e {
namespace {

namespace pg = storage::postgres;

using ::testing::HasSubstr;
using tests::event_client;
using tests::eventually;

/// One process on the common database.
class node {
 public:
  explicit node(const std::string& database, std::vector<std::string> flags = {},
                bool knows_noop = true) {
    flags.insert(flags.end(), {"--lease", "2s", "--timezone", noon_zone()});
    if (knows_noop) flags.emplace_back("--dev");
    process_ = std::make_unique<service_process>(database, flags);
    EXPECT_TRUE(process_->ready()) << process_->errors();
  }

  http_client as(const identity& who = {7, {1}}) {
    return http_client(process_->port(), token_of(who));
  }
  std::string post(const json& body) {
    const auto answer = as().post("/api/jobs", body);
    EXPECT_EQ(answer.status, 202) << answer.body;
    return answer.data().value("jobId", "");
  }
  json status(const std::string& job) { return as().get("/api/empresas/jobs/" + job).data(); }
  bool comes_to(const std::string& job, const std::string& word) {
    return eventually([&] { return status(job).value("status", "") == word; });
  }
  bool has_begun(const std::string& job) {
    return eventually([&] { return status(job)["progress"].value("current", 0) > 0; });
  }
  event_client stream_of(const std::string& job) {
    return {process_->port(), "/api/empresas/jobs/" + job + "/events", token_of({7, {1}})};
  }
  event_client stream() {
    return {process_->port(), "/api/notificacoes/stream", token_of({7, {1}})};
  }
  int ready() { return http_client(process_->port()).get("/health/ready").status; }
  double measure(const std::string& name) {
    const auto text = http_client(process_->port()).get("/metrics").body;
    std::smatch found;
    if (!std::regex_search(text, found, std::regex("\n" + name + " ([0-9.e+]+)"))) return -1;
    return std::stod(found[1]);
  }
  service_process& process() { return *process_; }

 private:
  std::unique_ptr<service_process> process_;
};

class on_postgres_cluster : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto filled = run_program(
        {{"demo", "--database", place_.url(), "--units", "1", "--companies", "600", "--seed", "3"},
         with_secret()});
    ASSERT_EQ(filled.code, 0) << filled.err;
  }

  std::unique_ptr<node> make(std::vector<std::string> flags = {}) {
    return std::make_unique<node>(place_.url(), std::move(flags));
  }
  /// The server by way of a proxy on the network.
  std::string url_by(const testing::cutting_proxy& proxy) const {
    return "postgres://mutirao@127.0.0.1:" + std::to_string(proxy.port()) + "/" +
           name_of_database();
  }
  std::string name_of_database() const {
    const auto url = place_.url();
    return url.substr(url.find("@/") + 2, url.find('?') - url.find("@/") - 2);
  }
  std::string folder_of_server() const {
    const auto url = place_.url();
    return url.substr(url.find("host=") + 5);
  }
  static json generation() {
    return {{"type", "generate-auto-tasks-unit"}, {"arguments", {{"unit", 1}, {"futureYears", 5}}}};
  }
  /// A job that takes some `seconds` of one worker.
  static json long_job(int seconds) {
    return {{"type", "noop"}, {"arguments", {{"items", seconds * 200}, {"micros", 5'000}}}};
  }
  static std::string in_two_seconds() {
    const auto at = std::chrono::system_clock::now() + std::chrono::seconds(2);
    return format_instant(std::chrono::floor<std::chrono::milliseconds>(at));
  }
  std::int64_t number(const std::string& sql) { return place_.number(sql); }

  /// Every company handled once, every task once and with its event, told once.
  void expect_whole() {
    EXPECT_EQ(number("SELECT count(*) FROM jobs WHERE state <> 4 OR done <> total"), 0);
    EXPECT_EQ(number("SELECT sum(created) FROM job_items"), number("SELECT count(*) FROM tarefas"));
    EXPECT_EQ(number("SELECT count(*) FROM tarefas"), number("SELECT count(*) FROM agenda"));
    EXPECT_EQ(number("SELECT count(*) FROM (SELECT 1 FROM tarefas GROUP BY empresa_id, prazo"
                     " HAVING count(*) > 1) AS twice"),
              0);
    EXPECT_EQ(number("SELECT count(*) FROM notificacoes"), number("SELECT count(*) FROM jobs"));
    EXPECT_EQ(number("SELECT count(*) FROM (SELECT 1 FROM job_events GROUP BY user_id"
                     " HAVING max(seq) <> count(*)) AS gaps"),
              0);
  }

  testing::database_place place_;
};

TEST_F(on_postgres_cluster, a_job_that_one_runs_is_seen_and_streamed_by_another) {
  const auto web = make({"--role", "web"});
  const auto other = make();
  auto user = web->stream();
  ASSERT_EQ(user.status(), 200);
  const auto job = web->post(generation());
  auto events = web->stream_of(job);
  const auto all = events.rest();
  ASSERT_FALSE(all.empty());
  EXPECT_EQ(all.front().name, "snapshot");
  EXPECT_EQ(all.back().name, "completed");
  EXPECT_TRUE(events.ended());
  EXPECT_EQ(json::parse(all.back().data)["progress"]["percentage"], 100);
  std::vector<std::string> states;
  std::string told;
  while (told.empty()) {
    const auto one = user.next();
    ASSERT_TRUE(one.has_value());
    if (one->name == "notification") told = json::parse(one->data)["metadata"]["jobId"];
    if (one->name == "job") states.push_back(json::parse(one->data)["status"]);
  }
  EXPECT_EQ(told, job);
  EXPECT_EQ(states.back(), "completed");
  for (const auto& each : {web.get(), other.get()}) {
    EXPECT_EQ(each->status(job)["status"], "completed");
    EXPECT_EQ(each->as().get("/api/notificacoes").data()["notifications"].size(), 1U);
  }
  EXPECT_EQ(web->measure("mutirao_batches_out"), 0);
  expect_whole();
}

TEST_F(on_postgres_cluster, a_ticket_of_one_opens_a_stream_at_another) {
  const auto first = make();
  const auto second = make({"--role", "web"});
  const auto issued = first->as().post("/api/stream-tickets");
  ASSERT_EQ(issued.status, 201);
  const auto path = "/api/notificacoes/stream?ticket=" + issued.data()["ticket"].get<std::string>();
  event_client stream(second->process().port(), path, "");
  EXPECT_EQ(stream.status(), 200);
  event_client again(second->process().port(), path, "");
  EXPECT_EQ(again.status(), 401);
}

TEST_F(on_postgres_cluster, a_job_is_cancelled_paused_and_resumed_from_another) {
  const auto web = make({"--role", "web"});
  const auto other = make();
  const auto job = web->post(long_job(60));
  ASSERT_TRUE(web->has_begun(job));
  const auto ask = [&](const std::string& what) {
    return web->as().post("/api/empresas/jobs/" + job + "/" + what).status;
  };
  EXPECT_EQ(ask("pause"), 202);
  EXPECT_TRUE(eventually([&] { return other->status(job).value("state", "") == "paused"; }));
  EXPECT_TRUE(eventually([&] { return other->measure("mutirao_live_jobs") == 0; }));
  EXPECT_EQ(ask("resume"), 202);
  EXPECT_TRUE(eventually([&] { return web->status(job).value("state", "") == "running"; }));
  EXPECT_EQ(ask("cancel"), 202);
  EXPECT_TRUE(eventually([&] { return web->status(job).value("state", "") == "cancelled"; }));
  EXPECT_TRUE(eventually([&] { return other->measure("mutirao_live_jobs") == 0; }));
}

TEST_F(on_postgres_cluster, the_jobs_of_a_killed_process_go_on_elsewhere) {
  auto first = make();
  const auto job = first->post(long_job(6));
  ASSERT_TRUE(first->has_begun(job));
  const auto second = make();
  auto events = second->stream_of(job);
  ASSERT_EQ(events.status(), 200);
  first->process().kill();
  const auto done = second->status(job)["progress"]["current"].get<int>();
  EXPECT_TRUE(eventually([&] { return number("SELECT max(fence) FROM jobs") == 2; }));
  EXPECT_TRUE(
      eventually([&] { return second->status(job)["progress"]["current"].get<int>() > done; }));
  const auto all = events.rest();
  ASSERT_FALSE(all.empty());
  EXPECT_EQ(all.back().name, "completed");
  expect_whole();
}

TEST_F(on_postgres_cluster,
       a_process_that_stood_still_for_longer_than_its_lease_commits_nothing_more) {
  auto first = make();
  const auto job = first->post(generation());
  ASSERT_TRUE(first->has_begun(job));
  first->process().send(SIGSTOP);
  const auto second = make();
  EXPECT_TRUE(second->comes_to(job, "completed"));
  first->process().send(SIGCONT);
  EXPECT_TRUE(first->comes_to(job, "completed"));
  EXPECT_TRUE(eventually([&] { return first->measure("mutirao_live_jobs") == 0; }));
  expect_whole();
}

TEST_F(on_postgres_cluster, a_process_cut_from_the_database_says_so_and_comes_back) {
  testing::cutting_proxy proxy(folder_of_server() + "/.s.PGSQL.5432");
  node first(url_by(proxy));
  const auto job = first.post(long_job(6));
  ASSERT_TRUE(first.has_begun(job));
  auto events = first.stream_of(job);
  ASSERT_EQ(events.status(), 200);
  proxy.swallow(true);
  const auto second = make();
  EXPECT_TRUE(eventually([&] { return first.ready() == 503; }));
  EXPECT_TRUE(second->comes_to(job, "completed"));
  EXPECT_EQ(second->ready(), 200);
  proxy.cut_all();
  proxy.swallow(false);
  EXPECT_TRUE(eventually([&] { return first.ready() == 200; }));
  EXPECT_TRUE(first.comes_to(job, "completed"));
  const auto all = events.rest();
  ASSERT_FALSE(all.empty());
  EXPECT_EQ(all.back().name, "completed");
  EXPECT_THAT(first.process().errors(), HasSubstr("event=database_away"));
  EXPECT_THAT(first.process().errors(), HasSubstr("event=database_back"));
  expect_whole();
}

TEST_F(on_postgres_cluster, a_worker_opens_no_port_and_a_drain_gives_its_jobs_to_others) {
  program_process worker(
      {{"serve", "--database", place_.url(), "--role", "worker", "--dev", "--lease", "2s"},
       with_secret()});
  EXPECT_THAT(worker.read_line().value_or(""), ::testing::StartsWith("working on postgres://"));
  const auto web = make({"--role", "web"});
  const auto job = web->post(long_job(5));
  ASSERT_TRUE(web->has_begun(job));
  const auto other = make();
  worker.send(SIGTERM);
  EXPECT_EQ(worker.wait(), 0) << worker.errors();
  EXPECT_TRUE(web->comes_to(job, "completed"));
  EXPECT_EQ(number("SELECT max(fence) FROM jobs"), 2);
  expect_whole();
}

TEST_F(on_postgres_cluster, one_of_them_leads_and_another_when_it_is_gone) {
  const testing::temporary_folder folder;
  std::ofstream(folder / "secrets") << "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n";
  const std::vector<std::string> flags{"--webhook-secret-file", (folder / "secrets").string(),
                                       "--webhooks-allow-private"};
  testing::web_receiver receiver;
  std::vector<std::unique_ptr<node>> all;
  for (int i = 0; i < 3; ++i) all.push_back(make(flags));
  const auto leaders = [&] {
    return std::count_if(all.begin(), all.end(),
                         [](const auto& each) { return each->measure("mutirao_leads") == 1; });
  };
  ASSERT_TRUE(eventually([&] { return leaders() == 1; }));
  const auto work_for = [&](int from) {
    for (int i = 0; i < 12; ++i) {
      auto& by = *all[static_cast<std::size_t>(i) % all.size()];
      by.post({{"type", "noop"},
               {"arguments", {{"items", 1 + from + i}, {"micros", 0}}},
               {"callbackUrl", receiver.url()}});
    }
  };
  work_for(0);
  const auto all_settled = [&](std::size_t count) {
    return eventually([&] {
      return number("SELECT count(*) FROM webhook_deliveries WHERE state = 2") ==
             static_cast<std::int64_t>(count);
    });
  };
  EXPECT_TRUE(all_settled(12)) << "or it would be sent again: at least once";
  const auto leader = std::find_if(
      all.begin(), all.end(), [](const auto& each) { return each->measure("mutirao_leads") == 1; });
  (*leader)->process().kill();
  all.erase(leader);
  work_for(100);
  EXPECT_TRUE(all_settled(24));
  EXPECT_EQ(leaders(), 1);
  EXPECT_EQ(receiver.count(), 24U);
}

TEST_F(on_postgres_cluster, versions_work_side_by_side_where_the_schema_only_grew) {
  const auto old = make();
  const auto job = old->post(long_job(3));
  ASSERT_TRUE(old->has_begun(job));
  // As a process of the next version does at its start.
  auto next = pg::migrations();
  next.push_back({"next.sql",
                  "-- Expands.\nALTER TABLE jobs ADD COLUMN later bigint NOT NULL"
                  " DEFAULT 7; CREATE INDEX jobs_later ON jobs (later);"});
  auto on = pg::connection::open(place_.url());
  ASSERT_TRUE(on);
  const auto grown = pg::bring_up_to_date(**on, next);
  ASSERT_TRUE(grown) << grown.error().detail;
  EXPECT_EQ(grown->applied, std::vector<std::string>{"next.sql"});
  const auto restarted = make();
  EXPECT_TRUE(restarted->comes_to(job, "completed"));
  EXPECT_TRUE(old->comes_to(restarted->post(generation()), "completed"));
  EXPECT_TRUE(restarted->comes_to(old->post(long_job(1)), "completed"));
  expect_whole();
  // Contracted: no longer for the old ones.
  next.push_back({"last.sql", "ALTER TABLE jobs ADD COLUMN last bigint;"});
  ASSERT_TRUE(pg::bring_up_to_date(**on, next));
  const auto refused = run_program({{"serve", "--database", place_.url()}, with_secret()});
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, HasSubstr("use a newer mutirao"));
}

TEST_F(on_postgres_cluster, a_pooler_may_stand_before_the_server_for_all_but_listening) {
  const testing::pooler before(folder_of_server());
  ASSERT_TRUE(eventually([&] { return before.listens(); })) << before.output();
  const auto by_pooler = [&](std::vector<std::string> flags) {
    flags.insert(flags.end(), {"--database-direct", place_.url()});
    return std::make_unique<node>(before.url(name_of_database()), flags);
  };
  const auto web = by_pooler({"--role", "web"});
  const auto other = by_pooler({});
  const auto job = web->post(generation());
  const auto all = web->stream_of(job).rest();
  ASSERT_FALSE(all.empty());
  EXPECT_EQ(all.back().name, "completed");
  EXPECT_TRUE(eventually(
      [&] { return web->measure("mutirao_leads") + other->measure("mutirao_leads") == 1; }));
  expect_whole();
}

TEST_F(on_postgres_cluster, where_the_server_is_silent_requests_are_refused_and_do_not_wait) {
  testing::cutting_proxy proxy(folder_of_server() + "/.s.PGSQL.5432");
  node cut(url_by(proxy));
  ASSERT_EQ(cut.as().get("/api/empresas").status, 200);
  proxy.swallow(true);
  const auto asked_before_it_was_known = cut.as().get("/api/empresas");
  EXPECT_EQ(asked_before_it_was_known.status, 503);
  EXPECT_THAT(asked_before_it_was_known.body, HasSubstr("store-unreachable"));
  EXPECT_EQ(cut.ready(), 503);
  EXPECT_EQ(cut.as().get("/api/empresas").status, 503);
  EXPECT_EQ(cut.as().post("/api/jobs", generation()).status, 503);
  EXPECT_THAT(cut.process().errors(), ::testing::Not(HasSubstr("job_in_doubt")));
  proxy.swallow(false);
  EXPECT_TRUE(eventually([&] { return cut.ready() == 200; }));
  EXPECT_EQ(cut.as().get("/api/empresas").status, 200);
  EXPECT_TRUE(cut.comes_to(cut.post(generation()), "completed"));
  expect_whole();
}

// It is done, and its answer is lost with the server: the client asks once more.
TEST_F(on_postgres_cluster, a_request_whose_commit_is_never_answered_may_be_sent_again) {
  testing::cutting_proxy proxy(folder_of_server() + "/.s.PGSQL.5432");
  node cut(url_by(proxy));
  proxy.swallow_behind("INSERT INTO jobs", "COMMIT");
  const auto lost = cut.as().post("/api/jobs", generation());
  EXPECT_EQ(lost.status, 503) << lost.body;
  EXPECT_THAT(lost.body, HasSubstr("in-doubt"));
  EXPECT_EQ(lost.header("Retry-After"), "1");
  EXPECT_EQ(number("SELECT count(*) FROM jobs"), 1) << "it was stored";
  EXPECT_THAT(cut.process().errors(), HasSubstr("job_in_doubt"));
  proxy.swallow(false);
  ASSERT_TRUE(eventually([&] { return cut.ready() == 200; }));
  EXPECT_TRUE(eventually([&] { return number("SELECT count(*) FROM jobs WHERE state = 4") == 1; }));
  expect_whole();
}

// A version that brings a type runs beside one that lacks it.
TEST_F(on_postgres_cluster, a_job_of_a_type_that_a_node_does_not_know_is_left_to_one_that_does) {
  auto first = make();
  const auto running = first->post(long_job(60));
  const auto cancelled = first->post(long_job(61));
  ASSERT_TRUE(first->has_begun(running));
  ASSERT_TRUE(first->has_begun(cancelled));
  first->process().kill();
  node lacks_it(place_.url(), {}, false);
  EXPECT_TRUE(eventually([&] {
    return number(
               "SELECT count(*) FROM nodes n JOIN jobs j ON j.owner = n.owner WHERE state = 1"
               " AND lease_until > extract(epoch FROM clock_timestamp()) * 1000") == 0;
  }));
  EXPECT_TRUE(lacks_it.comes_to(lacks_it.post(generation()), "completed"));
  const auto left = lacks_it.status(running);
  EXPECT_EQ(left.value("status", ""), "running");
  EXPECT_EQ(lacks_it.as().post("/api/empresas/jobs/" + cancelled + "/cancel").status, 202);
  EXPECT_TRUE(eventually([&] { return lacks_it.status(cancelled)["state"] == "cancelled"; }));
  const auto knows_it = make();
  EXPECT_TRUE(eventually([&] {
    return lacks_it.status(running)["progress"].value("current", 0) >
           left["progress"].value("current", 0);
  }));
}

void tell_console(const testing::pooler& of, const char* order) {
  auto on = pg::connection::open(of.console());
  ASSERT_TRUE(on) << on.error().detail;
  const auto done = (*on)->execute(order);
  ASSERT_TRUE(done) << done.error().detail;
}

TEST_F(on_postgres_cluster, a_pooler_that_lets_connect_and_runs_nothing_is_away_until_it_does) {
  const testing::pooler before(folder_of_server());
  ASSERT_TRUE(eventually([&] { return before.listens(); })) << before.output();
  node by_pooler(before.url(name_of_database()), {"--database-direct", place_.url()});
  pg::server_time time;
  std::atomic<bool> away = false;
  pg::listener ear({place_.url(), before.url(name_of_database()), "test", &time, &away});
  constexpr std::chrono::milliseconds look(50);
  ASSERT_TRUE(ear.listen(look));
  tell_console(before, "PAUSE");
  EXPECT_TRUE(eventually([&] { return !ear.listen(look); }));
  for (int again = 0; again < 20; ++again) {
    EXPECT_FALSE(ear.listen(look));
    EXPECT_TRUE(away);
  }
  EXPECT_TRUE(eventually([&] { return by_pooler.ready() == 503; }));
  EXPECT_EQ(by_pooler.as().get("/api/empresas").status, 503);
  tell_console(before, "RESUME");
  EXPECT_TRUE(eventually([&] { return ear.listen(look).has_value(); }));
  EXPECT_FALSE(away);
  EXPECT_TRUE(eventually([&] { return by_pooler.ready() == 200; }));
  EXPECT_EQ(by_pooler.as().get("/api/empresas").status, 200);
}

TEST_F(on_postgres_cluster, a_command_gives_up_a_server_that_never_answers) {
  testing::cutting_proxy proxy(folder_of_server() + "/.s.PGSQL.5432");
  auto on = pg::connection::open(url_by(proxy), {.first_answer = std::chrono::milliseconds(200)});
  ASSERT_TRUE(on) << on.error().detail;
  ASSERT_TRUE((*on)->begin_reading());
  const auto slow = (*on)->execute("SELECT pg_sleep(0.5)");
  EXPECT_TRUE(slow) << "it did answer before";
  ASSERT_TRUE((*on)->commit());
  proxy.swallow(true);
  const auto silent = (*on)->begin_reading();
  ASSERT_FALSE(silent);
  EXPECT_EQ(silent.error().code, errc::store_unreachable);
  proxy.swallow(false);
  (void)(*on)->rollback();
  EXPECT_TRUE((*on)->begin_reading()) << "on a new line";
}

TEST_F(on_postgres_cluster, a_pooler_that_is_silent_or_gone_is_seen_in_readiness) {
  auto before = std::make_unique<testing::pooler>(folder_of_server());
  ASSERT_TRUE(eventually([&] { return before->listens(); })) << before->output();
  node by_pooler(before->url(name_of_database()), {"--database-direct", place_.url()});
  ASSERT_EQ(by_pooler.ready(), 200);
  before->send(SIGSTOP);
  EXPECT_TRUE(eventually([&] { return by_pooler.ready() == 503; }));
  EXPECT_EQ(by_pooler.as().get("/api/empresas").status, 503);
  before->send(SIGCONT);
  EXPECT_TRUE(eventually([&] { return by_pooler.ready() == 200; }));
  EXPECT_EQ(by_pooler.as().get("/api/empresas").status, 200);
  before.reset();
  EXPECT_TRUE(eventually([&] { return by_pooler.ready() == 503; }));
}

TEST_F(on_postgres_cluster, what_listens_by_a_pooler_or_elsewhere_is_refused) {
  const testing::pooler before(folder_of_server());
  ASSERT_TRUE(eventually([&] { return before.listens(); })) << before.output();
  const auto started = [&](std::vector<std::string> flags) {
    flags.insert(flags.begin(), {"serve", "--listen", "127.0.0.1:0"});
    return run_program({flags, with_secret()});
  };
  const auto by_pooler = before.url(name_of_database());
  const auto pooled = started({"--database", by_pooler});
  EXPECT_EQ(pooled.code, 1);
  EXPECT_THAT(pooled.err, HasSubstr("--database-direct postgres://"));
  auto elsewhere = place_.url();
  elsewhere.replace(elsewhere.find(name_of_database()), name_of_database().size(), "postgres");
  const auto other = started({"--database", by_pooler, "--database-direct", elsewhere});
  EXPECT_EQ(other.code, 1);
  EXPECT_THAT(other.err, HasSubstr("another database"));
}

// Its connection is still there, as after a machine lost its power: the server cannot know.
TEST_F(on_postgres_cluster, a_leader_that_says_nothing_more_leads_no_longer) {
  testing::cutting_proxy proxy(folder_of_server() + "/.s.PGSQL.5432");
  node first(url_by(proxy));
  ASSERT_TRUE(eventually([&] { return first.measure("mutirao_leads") == 1; }));
  const auto second = make();
  EXPECT_EQ(second->measure("mutirao_leads"), 0);
  proxy.swallow(true);
  EXPECT_TRUE(
      eventually([&] { return second->measure("mutirao_leads") == 1; }, std::chrono::seconds(20)));
}

TEST_F(on_postgres_cluster, a_schedule_is_fired_once) {
  std::vector<std::unique_ptr<node>> all;
  for (int i = 0; i < 3; ++i) all.push_back(make());
  constexpr int schedules = 10;
  for (int i = 0; i < schedules; ++i) {
    const auto made =
        all[0]->as().post("/api/jobs", {{"type", "noop"},
                                        {"arguments", {{"items", 1 + i}, {"micros", 0}}},
                                        {"runAt", in_two_seconds()}});
    ASSERT_EQ(made.status, 202) << made.body;
  }
  EXPECT_TRUE(eventually([&] { return number("SELECT count(*) FROM jobs") == schedules; }));
  EXPECT_TRUE(
      eventually([&] { return number("SELECT count(*) FROM jobs WHERE state = 4") == schedules; }));
  EXPECT_EQ(number("SELECT count(*) FROM jobs"), schedules);
}

}  // namespace
}  // namespace mutirao::e2e
