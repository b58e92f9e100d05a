// Socket.IO of the real program, with the real clients.
#include <set>
#include <sstream>

#include "tests/e2e/node_clients.hpp"
#include "tests/e2e/push_fixture.hpp"
#include "tests/support/process_figures.hpp"

namespace mutirao::e2e {
namespace {

using std::chrono::seconds;
using tests::eventually;

class sockets : public push_test, public ::testing::WithParamInterface<const char*> {
 protected:
  node_clients connect(int count = 1, const std::string& token = token_of({})) {
    return node_clients::connect(folder_ / "clients", "http://" + address(), token, GetParam(),
                                 count);
  }
  /// Subscribed, so that whatever happens from now on is told.
  bool listen(std::int64_t count) {
    return eventually([&] { return listeners() == count; }, seconds(60));
  }
  static bool hears(const node_clients& from, const std::string& event, std::size_t times,
                    seconds limit = seconds(30)) {
    return eventually([&] { return from.told(event).size() >= times; }, limit);
  }
  static std::vector<std::int64_t> ids(const node_clients& of) {
    std::vector<std::int64_t> all;
    for (const auto& told : of.told("notification:new")) all.push_back(json::parse(told)["id"]);
    return all;
  }
};

class every_client : public sockets {};

TEST_P(every_client, connects_and_is_told_what_the_list_shows) {
  fill(30);
  start();
  const auto client = connect();
  ASSERT_TRUE(listen(1)) << client.output();
  auto user = as();
  const auto job = start_job(user);
  ASSERT_TRUE(hears(client, "notification:new", 1)) << client.output();
  EXPECT_EQ(client.told("job:done"), std::vector<std::string>{job});
  const auto told = json::parse(client.told("notification:new")[0]);
  EXPECT_EQ(told, user.get("/api/notificacoes").data()["notifications"][0]);
  EXPECT_EQ(told.size(), 9U);
  EXPECT_EQ(client.told("connect").size(), 1U);
  EXPECT_EQ(measure("mutirao_sockets"), 1);
  auto stored = db();
  EXPECT_TRUE(eventually([&] {
    return stored.rows("SELECT 1 FROM notificacoes WHERE pushed_at IS NOT NULL").size() == 1;
  }));
}

TEST_P(every_client, comes_back_by_itself_after_a_stop_in_order) {
  fill(10);
  start();
  const auto client = connect();
  ASSERT_TRUE(listen(1)) << client.output();
  EXPECT_EQ(service_->stop(), 0);
  ASSERT_TRUE(hears(client, "disconnect", 1));
  EXPECT_EQ(client.told("disconnect")[0], "transport close") << "it does not come back else";
  start_there();
  ASSERT_TRUE(listen(1)) << client.output();
  run_jobs(1);
  EXPECT_TRUE(hears(client, "notification:new", 1)) << client.output();
}

TEST_P(every_client, with_a_wrong_token_is_told_and_tries_again) {
  start();
  const auto client = connect(1, "x");
  ASSERT_TRUE(hears(client, "auth:error", 2)) << client.output();
  EXPECT_EQ(client.told("auth:error")[0], "Token inválido");
  EXPECT_EQ(client.told("disconnect").at(0), "transport close");
}

INSTANTIATE_TEST_SUITE_P(sockets, every_client,
                         ::testing::Values("socket.io-client", "socket.io-client-4.0"),
                         [](const auto& of) { return of.index == 0 ? "current" : "oldest"; });

class current_client : public sockets {};

TEST_P(current_client, five_hundred_are_each_told_the_end_and_leave_nothing) {
  fill(2000);
  start();
  const auto before = testing::descriptors_of(service_->child().id());
  {
    const auto clients = connect(500);
    ASSERT_TRUE(listen(500)) << clients.told("connect").size();
    auto user = as();
    const auto job = start_job(user, 1, 2);
    ASSERT_TRUE(hears(clients, "job:done", 500, seconds(120))) << clients.told("job:done").size();
    ASSERT_TRUE(hears(clients, "notification:new", 500));
    EXPECT_EQ(clients.told("job:done"), std::vector<std::string>(500, job));
    const auto told = ids(clients);
    EXPECT_EQ(std::set<std::int64_t>(told.begin(), told.end()).size(), 1U);
    EXPECT_EQ(told.size(), 500U) << "each once";
  }
  EXPECT_TRUE(all_gone());
  EXPECT_TRUE(eventually([this] { return measure("mutirao_sockets") == 0; }));
  EXPECT_TRUE(has_no_more_descriptors_than(before + 1));
}

TEST_P(current_client, is_told_first_what_was_committed_before_a_kill_and_never_pushed) {
  fill(10);
  start();
  run_jobs(3);
  service_->kill();
  start_there();
  const auto client = connect();
  ASSERT_TRUE(hears(client, "notification:new", 3)) << client.output();
  EXPECT_EQ(ids(client), (std::vector<std::int64_t>{1'000'001, 1'000'002, 1'000'003}));
  auto stored = db();
  ASSERT_TRUE(eventually([&] {
    return stored.rows("SELECT 1 FROM notificacoes WHERE pushed_at IS NOT NULL").size() == 3;
  }));
  run_jobs(1);
  ASSERT_TRUE(hears(client, "notification:new", 4));
  EXPECT_EQ(ids(client).back(), 1'000'004);
}

TEST_P(current_client, misses_nothing_over_kills_at_any_moment) {
  fill(200);
  start();
  const auto client = connect();
  ASSERT_TRUE(listen(1)) << client.output();
  for (int round = 0; round < 8; ++round) {
    auto user = as();
    start_job(user, 1, round % 4);
    // Between the commit and the mark, if it can be: as soon as the row is there.
    auto stored = db();
    const auto rows = static_cast<std::size_t>(round) + 1;
    if (round % 2 == 0) {
      ASSERT_TRUE(eventually(
          [&] { return stored.rows("SELECT 1 FROM notificacoes").size() == rows; }, seconds(30)));
    }
    round == 0 ? service_->kill() : kill_there();
    start_there();
    ASSERT_TRUE(eventually([&] { return stored.rows("SELECT 1 FROM notificacoes").size() == rows; },
                           seconds(30)));
  }
  const std::set<std::int64_t> all{1'000'001, 1'000'002, 1'000'003, 1'000'004,
                                   1'000'005, 1'000'006, 1'000'007, 1'000'008};
  const auto heard = [&] {
    const auto told = ids(client);
    return std::set<std::int64_t>(told.begin(), told.end());
  };
  EXPECT_TRUE(eventually([&] { return heard() == all; }, seconds(30))) << client.output();
  std::map<std::int64_t, std::string> texts;
  for (const auto& told : client.told("notification:new")) {
    const auto id = json::parse(told)["id"].get<std::int64_t>();
    EXPECT_EQ(texts.emplace(id, told).first->second, told) << "the same each time";
  }
}

TEST_P(current_client, of_the_docs_shows_jobs_and_notifications) {
  fill(20);
  start();
  const node_clients client(write("listen.mjs", example("Socket.IO", "js")), {},
                            {{"URL", "http://" + address()}, {"T", token_of({})}});
  ASSERT_TRUE(listen(1)) << client.output();
  run_jobs(1);
  EXPECT_TRUE(eventually([&] {
    return client.output().find("notification 1000001 ") != std::string::npos;
  })) << client.output();
  EXPECT_NE(client.output().find(" completed\n"), std::string::npos) << client.output();
}

INSTANTIATE_TEST_SUITE_P(sockets, current_client, ::testing::Values("socket.io-client"),
                         [](const auto&) { return "current"; });

}  // namespace
}  // namespace mutirao::e2e
