// Webhooks by the real program to real HTTP servers that fail, hang, redirect, answer too much, and
// come back after a kill.
#include <atomic>
#include <set>

#include "app/webhooks/signature.hpp"
#include "tests/e2e/fixture.hpp"
#include "tests/support/places.hpp"
#include "tests/support/process_figures.hpp"
#include "tests/support/web_receiver.hpp"

namespace mutirao::e2e {
namespace {

using testing::received_webhook;
using testing::web_receiver;
using testing::webhook_reply;
using tests::eventually;

constexpr auto secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr auto old_secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

class webhooks : public service_test {
 protected:
  void SetUp() override {
    make_database();
    auto stored = db();
    add_companies(stored, busy_companies(1, 1, 10));
    std::ofstream(folder_ / "secrets") << secret << "\n";
  }
  std::vector<std::string> flags(std::vector<std::string> more = {"--webhooks-allow-private"}) {
    more.insert(more.begin(), {"--webhook-secret-file", (folder_ / "secrets").string(),
                               "--webhook-backoff", "50ms"});
    return more;
  }
  /// A job of unit 1 that calls `url`.
  std::string job_for(const std::string& callback, http_client& by) {
    const auto got = by.post(job_path(1), json{{"callbackUrl", callback}});
    EXPECT_EQ(got.status, 202) << got.body;
    return got.data().value("jobId", "");
  }
  json deliveries(http_client& by, const std::string& job) {
    const auto got = by.get("/api/empresas/jobs/" + job + "/entregas");
    EXPECT_EQ(got.status, 200) << got.body;
    return got.data().value("entregas", json::array());
  }
  json only_delivery(http_client& by, const std::string& job) {
    const auto all = deliveries(by, job);
    EXPECT_EQ(all.size(), 1U) << all;
    return all.empty() ? json::object() : all[0];
  }
  /// The only delivery of the job once it is `state`.
  json once(http_client& by, const std::string& job, const std::string& state) {
    json last;
    EXPECT_TRUE(eventually(
        [&] {
          const auto all = deliveries(by, job);
          last = all.empty() ? json::object() : all[0];
          return last.value("state", "") == state;
        },
        std::chrono::seconds(30)))
        << last;
    return last;
  }
};

TEST_F(webhooks, the_end_of_a_job_is_posted_signed) {
  web_receiver receiver;
  start(flags());
  auto user = as();
  const auto id = job_for(receiver.url("/hook?x=1"), user);
  const auto logged = once(user, id, "delivered");
  const auto all = receiver.received();
  ASSERT_EQ(all.size(), 1U);
  const auto& got = all[0];
  EXPECT_EQ(got.path, "/hook?x=1");
  EXPECT_EQ(got.headers.at("content-type"), "application/json");
  EXPECT_EQ(got.headers.at("host"), "127.0.0.1:" + std::to_string(receiver.port()));
  EXPECT_EQ(got.headers.at("user-agent").rfind("mutirao/", 0), 0U);
  const auto seconds = std::stoll(got.headers.at("webhook-timestamp"));
  EXPECT_EQ(got.headers.at("webhook-signature"),
            app::webhook_secret::parse(secret).value().sign(got.headers.at("webhook-id"), seconds,
                                                            got.body));
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  EXPECT_NEAR(static_cast<double>(seconds), std::chrono::duration<double>(now).count(), 60);

  const auto body = json::parse(got.body);
  EXPECT_EQ(body["type"], "job.completed");
  EXPECT_TRUE(is_instant(body["timestamp"]));
  const auto& job = body["data"];
  EXPECT_EQ(job["id"], id);
  EXPECT_EQ(job["status"], "completed");
  EXPECT_EQ(job["result"]["processed"], 10);
  EXPECT_FALSE(job["result"].contains("details"));
  EXPECT_EQ(keys_of(job["progress"]), (std::vector<std::string>{"current", "percentage", "total"}));

  EXPECT_EQ(logged["webhookId"], got.headers.at("webhook-id"));
  EXPECT_EQ(logged["attempts"], 1);
  EXPECT_EQ(logged["lastStatus"], 200);
  EXPECT_EQ(logged["event"], "job.completed");
}

TEST_F(webhooks, while_a_secret_is_replaced_both_sign) {
  std::ofstream(folder_ / "secrets") << secret << "\n" << old_secret << "\n";
  web_receiver receiver;
  start(flags());
  auto user = as();
  once(user, job_for(receiver.url(), user), "delivered");
  const auto signature = receiver.received().at(0).headers.at("webhook-signature");
  EXPECT_EQ(std::count(signature.begin(), signature.end(), ' '), 1) << signature;
  EXPECT_EQ(signature.rfind("v1,", 0), 0U);
}

TEST_F(webhooks, a_receiver_that_fails_gets_the_same_again_until_it_answers) {
  std::atomic<int> calls = 0;
  web_receiver receiver([&](const auto&) -> webhook_reply {
    switch (calls++) {
      case 0:
        return {.status = 500};
      case 1:
        return {.cuts = true};
      default:
        return {.status = 204};
    }
  });
  start(flags());
  auto user = as();
  const auto logged = once(user, job_for(receiver.url(), user), "delivered");
  EXPECT_EQ(logged["attempts"], 3);
  const auto all = receiver.received();
  ASSERT_EQ(all.size(), 3U);
  std::set<std::string> ids;
  std::set<std::string> bodies;
  for (const auto& one : all) {
    ids.insert(one.headers.at("webhook-id"));
    bodies.insert(one.body);
  }
  EXPECT_EQ(ids.size(), 1U);
  EXPECT_EQ(bodies.size(), 1U);
}

TEST_F(webhooks, a_receiver_that_is_not_there_is_tried_until_the_attempts_are_used_up) {
  std::uint16_t port = 0;
  {
    const web_receiver gone;
    port = gone.port();
  }
  start(flags({"--webhooks-allow-private", "--webhook-attempts", "2"}));
  auto user = as();
  const auto logged =
      once(user, job_for("http://127.0.0.1:" + std::to_string(port) + "/", user), "dead");
  EXPECT_EQ(logged["attempts"], 2);
  EXPECT_EQ(logged["lastError"], "connection");
  EXPECT_FALSE(logged.contains("nextAttemptAt"));
  const auto measured = nobody().get("/metrics").body;
  EXPECT_NE(measured.find("mutirao_webhooks_dead_total 1"), std::string::npos);
  EXPECT_NE(measured.find("mutirao_webhooks_failed_total 2"), std::string::npos);
}

TEST_F(webhooks, gone_ends_it_at_once) {
  web_receiver receiver([](const auto&) { return webhook_reply{.status = 410}; });
  start(flags());
  auto user = as();
  EXPECT_EQ(once(user, job_for(receiver.url(), user), "dead")["lastStatus"], 410);
  EXPECT_EQ(receiver.count(), 1U);
}

TEST_F(webhooks, a_redirect_is_a_failure_and_not_followed) {
  web_receiver elsewhere;
  web_receiver receiver([&](const auto&) {
    return webhook_reply{.status = 307, .headers = {{"Location", elsewhere.url()}}};
  });
  start(flags({"--webhooks-allow-private", "--webhook-attempts", "2"}));
  auto user = as();
  const auto logged = once(user, job_for(receiver.url(), user), "dead");
  EXPECT_EQ(logged["lastStatus"], 307);
  EXPECT_EQ(receiver.count(), 2U);
  EXPECT_EQ(elsewhere.connections(), 0);
}

TEST_F(webhooks, retry_after_is_waited_for) {
  web_receiver receiver([](const auto&) {
    return webhook_reply{.status = 503, .headers = {{"Retry-After", "3600"}}};
  });
  start(flags());
  auto user = as();
  const auto id = job_for(receiver.url(), user);
  ASSERT_TRUE(eventually([&] {
    const auto all = deliveries(user, id);
    return !all.empty() && all[0].value("attempts", 0) == 1;
  }));
  const auto row = only_delivery(user, id);
  auto stored = db();
  EXPECT_GE(stored.integer("SELECT next_try_at - last_try_at FROM webhook_deliveries"), 3'600'000)
      << row;
}

TEST_F(webhooks, a_receiver_that_hangs_holds_up_no_other) {
  web_receiver hanging([](const auto&) { return webhook_reply{.hangs = true}; });
  web_receiver receiver;
  start(flags({"--webhooks-allow-private", "--webhook-timeout", "60s"}));
  for (std::int64_t number = 20; number < 30; ++number) {
    auto user = as({number, {1}});
    job_for(hanging.url(), user);
  }
  EXPECT_TRUE(eventually([&] { return hanging.count() == 4; })) << hanging.count();
  auto user = as();
  once(user, job_for(receiver.url(), user), "delivered");
  EXPECT_EQ(hanging.count(), 4U) << "four at a time, and no more";
}

TEST_F(webhooks, a_receiver_that_takes_too_long_is_a_failure) {
  web_receiver hanging([](const auto&) { return webhook_reply{.hangs = true}; });
  start(
      flags({"--webhooks-allow-private", "--webhook-timeout", "200ms", "--webhook-attempts", "1"}));
  auto user = as();
  EXPECT_EQ(once(user, job_for(hanging.url(), user), "dead")["lastError"], "timeout");
}

TEST_F(webhooks, a_long_answer_is_cut_and_its_status_counts) {
  web_receiver receiver(
      [](const auto&) { return webhook_reply{.status = 200, .body = std::string(8 << 20, 'x')}; });
  start(flags());
  auto user = as();
  const auto logged = once(user, job_for(receiver.url(), user), "delivered");
  EXPECT_LT(logged.dump().size(), 1'000U) << "what was answered is not shown";
}

TEST_F(webhooks, an_endless_head_is_a_failure) {
  web_receiver receiver([](const auto&) {
    return webhook_reply{.headers = std::vector<std::pair<std::string, std::string>>(
                             5'000, {"X-Filler", std::string(100, 'x')})};
  });
  start(flags({"--webhooks-allow-private", "--webhook-attempts", "1"}));
  auto user = as();
  EXPECT_EQ(once(user, job_for(receiver.url(), user), "dead")["lastError"], "protocol");
}

TEST_F(webhooks, kill_9_between_commit_and_delivery_delivers_after_the_start) {
  std::atomic<bool> hangs = true;
  web_receiver receiver([&](const auto&) { return webhook_reply{.hangs = hangs}; });
  const auto with = flags({"--webhooks-allow-private", "--webhook-timeout", "60s"});
  start(with);
  std::string id;
  {
    auto user = as();
    id = job_for(receiver.url(), user);
    ASSERT_TRUE(eventually([&] { return receiver.count() == 1; }));
    EXPECT_EQ(only_delivery(user, id)["state"], "pending");
  }
  service_->kill();
  hangs = false;
  {
    auto stored = db();
    EXPECT_EQ(stored.integer("SELECT count(*) FROM webhook_deliveries WHERE state = 0"), 1);
  }
  start(with);
  auto user = as();
  once(user, id, "delivered");
  const auto all = receiver.received();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[1].headers.at("webhook-id"), all[0].headers.at("webhook-id"));
  EXPECT_EQ(all[1].body, all[0].body);
}

TEST_F(webhooks, of_many_jobs_all_arrive_once_and_leave_no_descriptor) {
  constexpr std::int64_t jobs = 150;
  web_receiver receiver;
  start(flags());
  const auto before = testing::descriptors_of(service_->child().id());
  for (std::int64_t number = 1; number <= jobs; ++number) {
    auto user = as({number, {1}});
    job_for(receiver.url(), user);
  }
  EXPECT_TRUE(eventually([&] { return receiver.count() >= jobs; }, std::chrono::seconds(60)));
  auto stored = db();
  EXPECT_TRUE(eventually([&] {
    return stored.integer("SELECT count(*) FROM webhook_deliveries WHERE state = 2") == jobs;
  }));
  EXPECT_EQ(receiver.count(), jobs);
  EXPECT_TRUE(eventually([&] {
    return testing::descriptors_of(service_->child().id()) <= before + 2;
  })) << testing::descriptors_of(service_->child().id())
      << " after " << before;
}

TEST_F(webhooks, kill_9_amid_many_loses_none_and_repeats_none_under_another_id) {
  constexpr std::int64_t jobs = 60;
  web_receiver receiver;
  start(flags());
  std::set<std::string> expected;
  std::size_t mark = 5;
  for (std::int64_t number = 1; number <= jobs; ++number) {
    {
      auto user = as({number, {1}});
      expected.insert(job_for(receiver.url(), user));
    }
    if (number % 15 != 0) continue;
    EXPECT_TRUE(eventually([&] { return receiver.count() >= mark; }));
    mark += 15;
    kill_and_start(flags());
  }
  auto stored = db();
  EXPECT_TRUE(eventually(
      [&] {
        return stored.integer("SELECT count(*) FROM webhook_deliveries WHERE state = 2") == jobs;
      },
      std::chrono::seconds(60)));
  std::map<std::string, std::set<std::string>> ids;
  for (const auto& one : receiver.received()) {
    ids[json::parse(one.body)["data"]["id"]].insert(one.headers.at("webhook-id"));
  }
  EXPECT_EQ(ids.size(), expected.size());
  for (const auto& [job, messages] : ids) {
    EXPECT_TRUE(expected.contains(job));
    EXPECT_EQ(messages.size(), 1U) << job;
  }
}

TEST_F(webhooks, what_ended_while_none_were_configured_is_told_once_they_are) {
  web_receiver receiver;
  start(flags());
  std::string id;
  {
    auto user = as();
    id = job_for("http://127.0.0.1:1/", user);  // nobody is there
    wait_for_end(user, id);
  }
  kill_and_start();
  auto user = as();
  EXPECT_EQ(only_delivery(user, id)["state"], "pending");
  {
    service_->kill();
    auto stored = db();
    stored.run("UPDATE webhook_deliveries SET url = '" + receiver.url() + "', next_try_at = 0");
    stored.run("UPDATE job_callbacks SET url = '" + receiver.url() + "'");
  }
  start(flags());
  auto again = as();
  once(again, id, "delivered");
}

TEST_F(webhooks, private_addresses_are_refused_without_permission) {
  web_receiver receiver;
  start(flags({}));
  auto user = as();
  const auto refused = user.post(job_path(1), json{{"callbackUrl", receiver.url()}});
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(refused.data()["type"], "urn:mutirao:problem:private-callback-url");
  EXPECT_NE(refused.data().value("message", "").find("127.0.0.1"), std::string::npos);
  EXPECT_EQ(user.get("/api/empresas/jobs").data()["jobs"].size(), 0U);
}

TEST_F(webhooks, a_private_address_is_refused_where_it_is_connected_to) {
  // Taken while it was allowed; then the operator allows it no more.
  web_receiver receiver([](const auto&) { return webhook_reply{.status = 500}; });
  start(flags());
  std::string id;
  {
    auto user = as();
    id = job_for(receiver.url(), user);
    ASSERT_TRUE(eventually([&] { return receiver.count() >= 1; }));
  }
  service_->kill();
  const int before = receiver.connections();
  start(flags({"--webhook-attempts", "1"}));
  auto user = as();
  EXPECT_EQ(once(user, id, "dead")["lastError"], "private-address");
  EXPECT_EQ(receiver.connections(), before);
}

TEST_F(webhooks, a_range_that_is_allowed_may_be_called) {
  web_receiver receiver;
  start(flags({"--webhook-allow", "127.0.0.0/8"}));
  auto user = as();
  once(user, job_for(receiver.url(), user), "delivered");
}

TEST_F(webhooks, no_proxy_of_the_environment_is_used) {
  web_receiver proxy;
  web_receiver receiver;
  ::setenv("http_proxy", proxy.url("").c_str(), 1);
  start(flags());
  ::unsetenv("http_proxy");
  auto user = as();
  once(user, job_for(receiver.url(), user), "delivered");
  EXPECT_EQ(proxy.connections(), 0);
}

TEST_F(webhooks, an_operators_url_hears_of_every_job) {
  web_receiver receiver;
  start(flags({"--webhooks-allow-private", "--webhook", "job.* " + receiver.url()}));
  auto user = as();
  const auto id = start_job(user);
  wait_for_end(user, id);
  ASSERT_TRUE(eventually([&] { return receiver.count() == 3; })) << receiver.count();
  std::vector<std::string> types;
  for (const auto& one : receiver.received()) types.push_back(json::parse(one.body)["type"]);
  EXPECT_EQ(types, (std::vector<std::string>{"job.created", "job.started", "job.completed"}));
  EXPECT_EQ(deliveries(user, id).size(), 0U) << "an operator's URL is not its owner's to see";
  auto root = admin();
  EXPECT_EQ(deliveries(root, id).size(), 3U);
}

TEST_F(webhooks, are_listed_on_the_command_line) {
  web_receiver receiver;
  start(flags());
  auto user = as();
  const std::vector<std::string> client{
      "--url", "http://127.0.0.1:" + std::to_string(service_->port()), "--token", token_of({})};
  const auto run = [&](std::vector<std::string> words) {
    words.insert(words.end(), client.begin(), client.end());
    return run_program({words, {}});
  };
  const auto started = run({"jobs", "start", "--unit", "1", "--callback-url", receiver.url()});
  ASSERT_EQ(started.code, 0) << started.err;
  const auto id = started.out.substr(0, started.out.find('\n'));
  once(user, id, "delivered");
  const auto listed = run({"jobs", "deliveries", id});
  EXPECT_EQ(listed.code, 0) << listed.err;
  EXPECT_EQ(listed.out, "delivered  1x  job.completed  " + receiver.url() + "  status 200\n");
}

/// The first block of Python on that page.
std::string example_of(const std::string& page) {
  std::ifstream file(testing::in_source("docs/" + page));
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  const std::string fence = "```python\n";
  const auto begin = text.find(fence) + fence.size();
  return text.substr(begin, text.find("```", begin) - begin);
}

TEST_F(webhooks, the_receiver_of_the_documentation_believes_us_and_nobody_else) {
  const auto script = (folder_ / "receiver.py").string();
  std::ofstream(script) << example_of("webhooks.md");
  const auto said = (folder_ / "said").string();
  const auto command = "exec python3 '" + script + "' " + secret + " 0 > '" + said + "' 2>&1";
  const auto lines = [&] {
    std::ifstream file(said);
    return std::string{std::istreambuf_iterator<char>(file), {}};
  };
  const pid_t child = ::fork();
  if (child == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::execl("/bin/sh", "sh", "-c", command.c_str(), nullptr);
    ::_exit(127);
  }
  const std::string front = "listening on ";
  ASSERT_TRUE(eventually([&] { return lines().find(front) == 0 && lines().back() == '\n'; }))
      << lines();
  const auto port = static_cast<std::uint16_t>(std::stoi(lines().substr(front.size())));
  const auto there = "http://127.0.0.1:" + std::to_string(port) + "/";

  start(flags());
  auto user = as();
  const auto id = job_for(there, user);
  const auto logged = once(user, id, "delivered");
  EXPECT_EQ(logged["lastStatus"], 204);
  EXPECT_NE(lines().find(" job.completed " + id + "\n"), std::string::npos) << lines();

  const auto now = std::to_string(std::chrono::duration_cast<std::chrono::seconds>(
                                      std::chrono::system_clock::now().time_since_epoch())
                                      .count());
  const auto answer_to = [&](const char* key, const std::string& seconds) {
    const std::string body = R"({"type":"x","data":{"id":1}})";
    const auto signature =
        app::webhook_secret::parse(key).value().sign("msg_1", std::stoll(seconds), body);
    tests::socket_client client(port);
    client.send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) +
                "\r\nwebhook-id: msg_1\r\nwebhook-timestamp: " + seconds +
                "\r\nwebhook-signature: v1,AAAA " + signature + "\r\n\r\n" + body);
    const auto head = client.read_to_end().value_or("");
    return head.substr(head.find(' ') + 1, 3);
  };
  EXPECT_EQ(answer_to(secret, now), "204");
  EXPECT_EQ(answer_to(old_secret, now), "401");
  EXPECT_EQ(answer_to(secret, "1614265330"), "401") << "too old";
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
}

TEST_F(webhooks, bad_options_are_told_at_the_start) {
  const auto complaint = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {"serve", "--database", url(), "--listen", "127.0.0.1:0"});
    const auto ended = run_program({more, with_secret()});
    EXPECT_EQ(ended.code, 2) << ended.out;
    return ended.err;
  };
  const auto says = [&](const std::string& text, std::vector<std::string> more) {
    const auto told = complaint(std::move(more));
    EXPECT_NE(told.find(text), std::string::npos) << told;
  };
  const auto file = (folder_ / "secrets").string();
  says("there is no secret", {"--webhook", "job.* https://example.com/"});
  says("is not EVENTS URL", {"--webhook", "job.done https://example.com/"});
  says("is a private address",
       {"--webhook", "job.* http://10.0.0.1/", "--webhook-secret-file", file});
  says("is no range", {"--webhook-allow", "10.0.0.1/8"});
  says("cannot read", {"--webhook-secret-file", file + ".none"});
  std::ofstream(file) << "whsec_short\n";
  says("line 1", {"--webhook-secret-file", file});
}

}  // namespace
}  // namespace mutirao::e2e
