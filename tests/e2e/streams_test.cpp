// Server-sent events of the real program: what is told, to whom, how often, and at what cost.
#include <algorithm>
#include <fstream>
#include <future>
#include <set>
#include <sstream>

#include "tests/e2e/push_fixture.hpp"
#include "tests/support/event_client.hpp"
#include "tests/support/process_figures.hpp"

namespace mutirao::e2e {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using tests::event_client;
using tests::eventually;

class streams : public push_test {
 protected:
  event_client listen(const std::string& path, const std::string& last_id = {},
                      const identity& who = {}) {
    event_client::headers more;
    if (!last_id.empty()) more.emplace_back("Last-Event-ID", last_id);
    return {service_->port(), path, token_of(who), more};
  }
  /// Another process takes the place of this one, at the same address.
  void kill_and_start_there() {
    service_->kill();
    start_there();
  }
  /// The ids that user 7 is to be told, in order, from what is stored.
  std::vector<std::string> stored_ids() {
    auto stored = db();
    std::vector<std::string> ids;
    for (const auto& row :
         stored.rows("SELECT e.seq, n.id IS NOT NULL FROM job_events e LEFT JOIN notificacoes n"
                     " ON n.job_no = e.job_no AND n.run = e.run AND e.kind IN (5, 6)"
                     " WHERE e.user_id = 7 ORDER BY e.seq")) {
      ids.push_back(row[0]);
      if (row[1] == "1") ids.push_back(row[0] + "n");
    }
    return ids;
  }
};

TEST_F(streams, of_a_job_of_2000_companies_begin_with_a_snapshot_and_end_with_its_end) {
  fill(2000);
  start();
  auto user = as();
  const auto job = start_job(user, 1, 2);
  auto stream = listen(stream_of(job));
  ASSERT_EQ(stream.status(), 200);
  EXPECT_EQ(stream.header("Content-Type"), "text/event-stream");
  EXPECT_EQ(stream.header("Cache-Control"), "no-cache");
  EXPECT_EQ(stream.header("X-Accel-Buffering"), "no");
  const auto told = stream.rest(seconds(120));
  ASSERT_GE(told.size(), 3U);
  EXPECT_TRUE(stream.ended());
  std::int64_t before = 0;
  for (std::size_t i = 0; i < told.size(); ++i) {
    const bool first = i == 0;
    const bool last = i + 1 == told.size();
    EXPECT_EQ(told[i].name, first ? "snapshot" : last ? "completed" : "progress");
    EXPECT_EQ(told[i].id, "") << "a state is nothing to resume behind";
    const auto object = json::parse(told[i].data);
    EXPECT_EQ(object["id"], job);
    EXPECT_GE(object["progress"]["current"], before);
    before = object["progress"]["current"];
  }
  auto whole = wait_for_end(user, job);
  whole["result"].erase("details");
  EXPECT_EQ(json::parse(told.back().data), whole);

  auto late = listen(stream_of(job));
  const auto again = late.rest();
  ASSERT_EQ(again.size(), 2U);
  EXPECT_EQ(again[0].name, "snapshot");
  EXPECT_EQ(again[1].data, told.back().data);
  EXPECT_TRUE(late.ended());
  EXPECT_EQ(listen(stream_of(job), {}, {8, {2}}).status(), 404) << "another's";
  EXPECT_EQ(listen(stream_of(job), {}, {8, {1}}).status(), 200) << "of the same unit";
}

TEST_F(streams, of_a_user_are_resumed_without_gap_or_repeat_over_kills) {
  fill(30);
  start();
  std::vector<std::string> heard;
  std::string last_id;
  for (int round = 0; round < 4; ++round) {
    auto stream = listen(user_path, last_id);
    ASSERT_EQ(stream.status(), 200);
    run_jobs(3);
    // Not all of what there is is read: the rest is for the next.
    for (int i = 0; i < 8; ++i) {
      const auto one = stream.next();
      ASSERT_TRUE(one) << round;
      heard.push_back(one->id);
      last_id = one->id;
    }
    run_jobs(1);
    kill_and_start();
  }
  auto stream = listen(user_path, last_id);
  const auto all = stored_ids();
  ASSERT_GT(all.size(), heard.size());
  while (heard.size() < all.size()) {
    const auto one = stream.next();
    ASSERT_TRUE(one);
    EXPECT_EQ(one->name, one->id.ends_with('n') ? "notification" : "job");
    heard.push_back(one->id);
  }
  EXPECT_EQ(heard, all);
  EXPECT_FALSE(stream.next(milliseconds(200))) << "nothing more";
}

TEST_F(streams, a_notification_is_what_the_list_shows) {
  fill(5);
  start();
  auto stream = listen(user_path);
  ASSERT_EQ(stream.status(), 200);
  run_jobs(1);
  auto user = as();
  for (;;) {
    const auto one = stream.next();
    ASSERT_TRUE(one);
    if (one->name != "notification") continue;
    EXPECT_EQ(json::parse(one->data), user.get("/api/notificacoes").data()["notifications"][0]);
    break;
  }
}

TEST_F(streams, a_connection_lost_before_the_first_event_loses_nothing) {
  fill(5);
  start();
  run_jobs(1);
  std::string last_id;
  {
    auto stream = listen(user_path);
    EXPECT_FALSE(stream.next(milliseconds(50)));
    last_id = stream.last_id();
    ASSERT_NE(last_id, "");
  }
  run_jobs(1);
  const auto one = listen(user_path, last_id).next();
  ASSERT_TRUE(one);
  EXPECT_EQ(json::parse(one->data)["state"], "completed");
  const auto all = stored_ids();
  EXPECT_EQ(one->id, *std::next(std::find(all.begin(), all.end(), last_id)));
}

TEST_F(streams, clients_that_come_and_go_leave_no_listener_and_no_descriptor) {
  fill(5);
  start();
  run_jobs(1);
  auto user = as();
  const auto job = user.get("/api/empresas/jobs").data()["jobs"][0]["id"].get<std::string>();
  const auto token = token_of({});
  const auto descriptors = testing::descriptors_of(service_->child().id());
  for (int round = 0; round < 40; ++round) {
    std::vector<event_client> all;
    for (int i = 0; i < 50; ++i) {
      all.emplace_back(service_->port(), i % 3 == 0 ? stream_of(job) : user_path, token);
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (i % 4 == 0) continue;  // goes before its answer comes
      EXPECT_EQ(all[i].status(), 200);
      if (i % 4 == 1) all[i].socket().reset();
    }
  }
  EXPECT_TRUE(all_gone()) << listeners();
  EXPECT_TRUE(has_no_more_descriptors_than(descriptors));
}

TEST_F(streams, a_ticket_opens_one_and_a_token_in_the_address_none) {
  fill(5);
  start();
  auto user = as();
  const auto ticket = user.post("/api/stream-tickets").data().value("ticket", "");
  ASSERT_FALSE(ticket.empty());
  const auto path = std::string(user_path) + "?ticket=" + ticket;
  event_client stream(service_->port(), path, "");
  ASSERT_EQ(stream.status(), 200);
  run_jobs(1);
  EXPECT_TRUE(stream.next());
  const auto used = nobody().get(path);
  EXPECT_EQ(used.status, 401);
  EXPECT_EQ(used.data()["type"], "urn:mutirao:problem:invalid-ticket");
  EXPECT_EQ(nobody().get(std::string(user_path) + "?token=" + token_of({})).status, 401);
  EXPECT_EQ(nobody().post("/api/stream-tickets").status, 401);
  EXPECT_EQ(service_->errors().find(ticket), std::string::npos) << "in the log";
}

TEST_F(streams, end_with_the_token_that_opened_them) {
  fill(5);
  start();
  const auto brief = [](std::int64_t lifetime) {
    identity who;
    who.lifetime_seconds = lifetime;
    return who;
  };
  auto by_ticket = [&] {
    const auto ticket = as(brief(2)).post("/api/stream-tickets").data().value("ticket", "");
    return event_client(service_->port(), std::string(user_path) + "?ticket=" + ticket, "");
  }();
  auto by_token = listen(user_path, {}, brief(2));
  auto longer = listen(user_path, {}, brief(60));
  ASSERT_EQ(by_token.status(), 200);
  ASSERT_EQ(by_ticket.status(), 200);
  ASSERT_EQ(longer.status(), 200);
  for (auto* one : {&by_token, &by_ticket}) {
    EXPECT_FALSE(one->next(seconds(10)));
    EXPECT_TRUE(one->ended());
  }
  run_jobs(1);
  EXPECT_TRUE(longer.next());
}

TEST_F(streams, are_limited_per_user) {
  start({"--max-streams-per-user", "3"});
  std::vector<event_client> all;
  for (int i = 0; i < 3; ++i) {
    all.push_back(listen(user_path));
    ASSERT_EQ(all.back().status(), 200);
  }
  const auto refused = as().get(user_path);
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.data()["type"], "urn:mutirao:problem:stream-limit");
  EXPECT_EQ(listen(user_path, {}, {8, {1}}).status(), 200);
  all.pop_back();
  EXPECT_TRUE(eventually([this] { return listen(user_path).status() == 200; }));
}

TEST_F(streams, end_in_order_when_the_service_stops) {
  fill(2000);
  start();
  auto user = as();
  const auto job = start_job(user, 1, 5);
  auto of_job = listen(stream_of(job));
  auto of_user = listen(user_path);
  ASSERT_EQ(of_job.status(), 200);
  ASSERT_EQ(of_user.status(), 200);
  // Clients that read: what one leaves unread for long the service does not wait for.
  auto job_read = std::async(std::launch::async, [&] { of_job.rest(); });
  auto user_read = std::async(std::launch::async, [&] { of_user.rest(); });
  stop();
  job_read.get();
  user_read.get();
  EXPECT_TRUE(of_job.ended());
  EXPECT_TRUE(of_user.ended());
}

class watching : public streams {
 protected:
  program_result watch(const std::string& job, const std::string& token) {
    return run_program(
        {{"jobs", "watch", job, "--url", "http://" + address(), "--token", token}, {}});
  }
};

TEST_F(watching, a_job_follows_its_stream_to_the_end) {
  fill(500);
  start();
  auto user = as();
  const auto job = start_job(user, 1, 2);
  const auto watched = watch(job, token_of({}));
  EXPECT_EQ(watched.code, 0) << watched.err;
  EXPECT_NE(watched.out.find("completed 500/500 100%"), std::string::npos) << watched.out;
  const auto asked = nobody().get("/metrics").body;
  EXPECT_NE(asked.find(R"(route="/api/empresas/jobs/:jobId/events",status="200")"),
            std::string::npos);
  EXPECT_EQ(asked.find(R"(route="/api/empresas/jobs/:jobId",status)"), std::string::npos)
      << "it polled";
}

TEST_F(watching, a_job_that_failed_exits_1_and_one_that_is_not_there_says_so) {
  fill(500);
  start();
  auto user = as();
  const auto job = start_job(user, 1, 5);
  ASSERT_EQ(user.post("/api/empresas/jobs/" + job + "/cancel").status, 202);
  const auto watched = watch(job, token_of({}));
  EXPECT_EQ(watched.code, 1);
  EXPECT_NE(watched.out.find("cancelled"), std::string::npos) << watched.out;
  const auto unknown = watch("3f2b8c1e-9d4a-4c7b-8e21-5a6f0b9c7d10", token_of({}));
  EXPECT_EQ(unknown.code, 1);
  EXPECT_NE(unknown.err.find("404 Job not found"), std::string::npos) << unknown.err;
  const auto stranger = watch(job, "x");
  EXPECT_EQ(stranger.code, 1);
  EXPECT_NE(stranger.err.find("401"), std::string::npos) << stranger.err;
}

TEST_F(watching, where_no_stream_is_to_be_had_polls_and_says_so) {
  fill(20);
  start({"--max-streams-per-user", "1"});
  auto other = listen(user_path);
  ASSERT_EQ(other.status(), 200);
  auto user = as();
  const auto watched = watch(start_job(user), token_of({}));
  EXPECT_EQ(watched.code, 0);
  EXPECT_NE(watched.err.find("no stream, asking every 500 ms instead"), std::string::npos)
      << watched.err;
  EXPECT_NE(watched.out.find("completed 20/20 100%"), std::string::npos) << watched.out;
}

TEST_F(watching, goes_on_over_a_restart_on_the_same_address) {
  fill(2000);
  start();
  auto user = as();
  const auto job = start_job(user, 1, 5);
  program_process watch(
      {{"jobs", "watch", job, "--url", "http://" + address(), "--token", token_of({})}});
  ASSERT_TRUE(watch.read_line());
  kill_and_start_there();
  EXPECT_EQ(watch.wait(), 0) << watch.errors();
  EXPECT_NE(watch.read_all().find("completed 2000/2000 100%"), std::string::npos);
}

class examples : public streams {
 protected:
  std::string variables() { return "URL=http://" + address() + " T=" + token_of({}) + " "; }
  int run(const std::string& line) {
    return std::system(
        (line + " >'" + (folder_ / "out").string() + "' 2>'" + (folder_ / "err").string() + "'")
            .c_str());
  }
};

TEST_F(examples, curl_shows_a_job_from_snapshot_to_end) {
  fill(20);
  start();
  auto user = as();
  const auto job = start_job(user);
  const auto script = write("curl.sh", example("curl", "sh"));
  EXPECT_EQ(run(variables() + "JOB=" + job + " timeout 60 sh '" + script + "'"), 0) << read("err");
  const auto told = read("out");
  EXPECT_TRUE(told.starts_with("retry: 2000\n\nevent: snapshot\ndata: {\"id\":\"" + job)) << told;
  EXPECT_NE(told.find("event: completed\ndata: {\"id\":\"" + job), std::string::npos) << told;
}

TEST_F(examples, node_hears_of_jobs_and_notifications_also_of_those_that_it_missed) {
  ASSERT_EQ(std::system("command -v node >/dev/null"), 0) << "scripts/setup installs node";
  fill(20);
  start();
  const auto script = write("listen.mjs", example("Node", "js"));
  // Ends with this test's shell, whatever happens.
  const auto out = (folder_ / "out").string();
  const auto line = variables() + "timeout 60 node '" + script + "' >'" + out + "' 2>'" +
                    (folder_ / "err").string() + "' & echo $! >'" + (folder_ / "pid").string() +
                    "'";
  ASSERT_EQ(std::system(line.c_str()), 0);
  const auto notes = [&] {
    const auto text = read("out");
    std::size_t count = 0;
    for (auto at = text.find("notification 1"); at != std::string::npos;
         at = text.find("notification 1", at + 1)) {
      ++count;
    }
    return count;
  };
  ASSERT_TRUE(eventually([this] { return listeners() == 1; }, seconds(30))) << read("err");
  run_jobs(1);
  EXPECT_TRUE(eventually([&] { return notes() == 1; })) << read("out") << read("err");
  kill_and_start_there();
  run_jobs(1);
  EXPECT_TRUE(eventually([&] { return notes() == 2; }, seconds(20))) << read("out") << read("err");
  EXPECT_NE(read("out").find("completed"), std::string::npos);
  std::system(("kill $(cat '" + (folder_ / "pid").string() + "')").c_str());
}

}  // namespace
}  // namespace mutirao::e2e
