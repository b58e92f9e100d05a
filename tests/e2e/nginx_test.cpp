// Behind Debian's nginx with the site of docs/nginx.conf everything works as without it; and what
// only works on one origin, the browser example of docs/push.md.
#include "tests/e2e/nginx.hpp"

#include <future>

#include "tests/e2e/browser.hpp"
#include "tests/e2e/node_clients.hpp"
#include "tests/e2e/push_fixture.hpp"
#include "tests/support/event_client.hpp"

namespace mutirao::e2e {
namespace {

using std::chrono::seconds;
using tests::event_client;
using tests::eventually;

class behind_nginx : public push_test {
 protected:
  void begin() {
    fill(20);
    start();
    front_ = std::make_unique<nginx>(folder_ / "nginx", service_->port());
  }
  http_client through(const std::string& token = token_of({})) {
    return http_client(front_->port(), token);
  }
  bool listen(std::int64_t count) {
    return eventually([&] { return listeners() == count; }, seconds(60));
  }
  /// The address of a page with the browser example of the docs, which says what it is told.
  std::string page() {
    write("nginx/page.html",
          "<!doctype html><meta charset=utf-8><script>\n" + example("Browser", "js") +
              "listen(() => '" + token_of({}) +
              "',\n  (told) => console.log(`notification ${told.id} ${told.message}`),\n"
              "  (job) => console.log(`job ${job.id} ${job.state}`));\n</script>\n");
    return front_->url() + "/page.html";
  }
  static bool says(const browser& shown, const std::string& text) {
    return eventually([&] { return shown.output().find(text) != std::string::npos; }, seconds(30));
  }

  std::unique_ptr<nginx> front_;
};

TEST_F(behind_nginx, requests_streams_and_sockets_work_as_without_it) {
  begin();
  event_client stream(front_->port(), user_path, token_of({}));
  ASSERT_EQ(stream.status(), 200) << front_->errors();
  const auto client = node_clients::connect(folder_ / "clients", front_->url(), token_of({}));
  ASSERT_TRUE(listen(2)) << client.output() << front_->errors();
  auto user = through();
  const auto job = start_job(user);
  auto one = stream.next();
  for (; one && one->name != "notification"; one = stream.next()) EXPECT_EQ(one->name, "job");
  ASSERT_TRUE(one) << "the stream goes on: what nginx held back would not come";
  const auto listed = user.get("/api/notificacoes").data()["notifications"];
  ASSERT_EQ(listed.size(), 1U);
  EXPECT_EQ(json::parse(one->data), listed[0]);
  ASSERT_TRUE(eventually([&] { return client.told("notification:new").size() == 1; }, seconds(30)))
      << client.output();
  EXPECT_EQ(json::parse(client.told("notification:new")[0]), listed[0]);
  EXPECT_EQ(client.told("job:done"), std::vector<std::string>{job});

  EXPECT_EQ(wait_for_end(user, job)["status"], "completed");
  event_client of_job(front_->port(), stream_of(job), token_of({}));
  EXPECT_EQ(of_job.rest().size(), 2U);
  EXPECT_TRUE(of_job.ended());
  EXPECT_EQ(user.get("/api/empresas/jobs/x").status, 404);
  EXPECT_EQ(through("x").get("/api/notificacoes").data()["error"], "Token inválido");
}

TEST_F(behind_nginx, who_leaves_it_leaves_the_service) {
  begin();
  {
    event_client stream(front_->port(), user_path, token_of({}));
    ASSERT_EQ(stream.status(), 200);
    const auto client = node_clients::connect(folder_ / "clients", front_->url(), token_of({}));
    ASSERT_TRUE(listen(2)) << client.output() << front_->errors();
  }
  EXPECT_TRUE(all_gone());
}

TEST_F(behind_nginx, the_browser_of_the_docs_is_told_also_what_it_missed) {
  begin();
  const browser shown(folder_ / "browser", page());
  ASSERT_TRUE(listen(1)) << shown.output() << front_->errors();
  auto user = as();
  const auto job = start_job(user);
  EXPECT_TRUE(says(shown, "notification 1000001 ")) << shown.output();
  EXPECT_TRUE(says(shown, "job " + job + " completed")) << shown.output();
  service_->kill();
  start_there();
  run_jobs(1);
  EXPECT_TRUE(says(shown, "notification 1000002 ")) << shown.output();
}

TEST_F(behind_nginx, the_browser_of_the_docs_misses_nothing_before_its_first_event) {
  begin();
  const browser shown(folder_ / "browser", page());
  ASSERT_TRUE(listen(1)) << shown.output() << front_->errors();
  service_->kill();
  start_there();
  run_jobs(1);  // while the page waits before it connects again
  EXPECT_TRUE(says(shown, "notification 1000001 ")) << shown.output();
}

TEST_F(behind_nginx, a_job_is_watched_over_a_restart_of_the_service) {
  fill(2000, 2);
  begin();
  auto user = admin();
  const auto job = start_job(user, 2, 5);
  ASSERT_EQ(user.post("/api/empresas/jobs/" + job + "/pause").status, 202);
  auto watched = std::async(std::launch::async, [&] {
    return run_program(
        {{"jobs", "watch", job, "--url", front_->url(), "--token", token_of({7, {2}})}, {}});
  });
  ASSERT_TRUE(listen(1)) << front_->errors();
  service_->kill();
  ASSERT_TRUE(eventually(
      [this] { return front_->errors().find("Connection refused") != std::string::npos; },
      seconds(30)))
      << "nginx answers 502 meanwhile";
  start_there();
  ASSERT_EQ(admin().post("/api/empresas/jobs/" + job + "/resume").status, 202);
  const auto end = watched.get();
  EXPECT_EQ(end.code, 0) << end.err;
  EXPECT_NE(end.out.find("completed 2000/2000 100%"), std::string::npos) << end.out;
}

}  // namespace
}  // namespace mutirao::e2e
