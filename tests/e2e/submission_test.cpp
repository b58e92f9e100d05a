// One job for one wish: idempotency keys, double clicks, limits.
#include <atomic>
#include <latch>
#include <map>
#include <set>
#include <thread>

#include "tests/e2e/fixture.hpp"

namespace mutirao::e2e {
namespace {

constexpr int clients = 50;

class submission : public service_test {
 protected:
  /// Unit 1 lasts some seconds with futureYears=5, unit 2 is quick, 3 and 4 are as 1.
  void SetUp() override {
    make_database();
    auto stored = db();
    add_units(stored, {3, 4});
    for (const std::int64_t unit : {1, 3, 4}) {
      add_companies(stored, busy_companies(unit, unit * 10'000, 600));
    }
    add_companies(stored, mixed_companies(2, 20'000, 5));
  }

  http_client mine() { return as({7, {1, 2, 3, 4}}); }

  /// What `clients` clients that ask at the same moment are answered.
  template <class Ask>
  std::vector<answer> at_once(Ask ask) {
    std::vector<answer> answers(clients);
    std::latch ready(clients);
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < clients; ++i) {
      threads.emplace_back([&, i] {
        auto user = mine();
        user.get("/api/unidades");  // connected
        ready.arrive_and_wait();
        answers[i] = ask(user, i);
      });
    }
    for (auto& each : threads) each.join();
    return answers;
  }

  /// With an Idempotency-Key.
  static answer post_as(http_client& user, const std::string& key, std::int64_t unit,
                        int future_years = 0) {
    return user.post_with(job_path(unit, "futureYears=" + std::to_string(future_years)),
                          {{"Idempotency-Key", key}});
  }

  static std::set<std::string> jobs_in(const std::vector<answer>& answers) {
    std::set<std::string> ids;
    for (const auto& each : answers) {
      EXPECT_EQ(each.status, 202) << each.body;
      if (each.status == 202) ids.insert(each.data()["jobId"].get<std::string>());
    }
    return ids;
  }
};

TEST_F(submission, fifty_clients_with_one_key_get_one_job) {
  start();
  const auto answers = at_once([](http_client& user, std::size_t) {
    return user.post_with(job_path(2), {{"Idempotency-Key", "once-1"}});
  });
  EXPECT_EQ(jobs_in(answers).size(), 1U);
  for (const auto& each : answers) EXPECT_EQ(each.data(), answers.front().data());
  auto user = mine();
  wait_for_end(user, *jobs_in(answers).begin());
  EXPECT_EQ(db().integer("SELECT count(*) FROM jobs"), 1);
}

TEST_F(submission, a_key_is_replayed_after_the_end_and_after_a_restart) {
  start();
  auto user = mine();
  const auto first = user.post_with(job_path(2, "futureYears=1"), {{"Idempotency-Key", "k 1~"}});
  ASSERT_EQ(first.status, 202);
  const std::string id = first.data()["jobId"];
  wait_for_end(user, id);
  for (const std::string before : {"the same process", "a stop", "kill -9"}) {
    SCOPED_TRACE(before);
    if (before == "a stop") {
      stop();
      start();
    }
    if (before == "kill -9") kill_and_start();
    auto again = mine();
    const auto replay =
        again.post_with(job_path(2, "futureYears=1"), {{"Idempotency-Key", "k 1~"}});
    EXPECT_EQ(replay.status, 202);
    EXPECT_EQ(replay.data(), first.data());
    EXPECT_EQ(replay.header("Location"), "/api/empresas/jobs/" + id);
    EXPECT_EQ(again.post_with(job_path(2, "futureYears=2"), {{"Idempotency-Key", "k 1~"}}).status,
              422);
    EXPECT_EQ(mine().post_with(job_path(1, "futureYears=1"), {{"Idempotency-Key", "k 1~"}}).status,
              422);
  }
  EXPECT_EQ(db().integer("SELECT count(*) FROM jobs"), 1);
  // Another user's key is another key.
  auto other = as({8, {2}});
  const auto theirs = other.post_with(job_path(2, "futureYears=2"), {{"Idempotency-Key", "k 1~"}});
  EXPECT_EQ(theirs.status, 202);
  EXPECT_NE(theirs.data()["jobId"], id);
}

TEST_F(submission, fifty_clients_with_one_key_for_two_requests_get_one_job_and_422) {
  start();
  const auto answers = at_once([](http_client& user, std::size_t i) {
    return post_as(user, "contested", 2, static_cast<int>(i % 2));
  });
  std::set<std::string> ids;
  std::set<int> statuses[2];
  for (std::size_t i = 0; i < answers.size(); ++i) {
    statuses[i % 2].insert(answers[i].status);
    if (answers[i].status == 202) ids.insert(answers[i].data()["jobId"]);
  }
  EXPECT_EQ(ids.size(), 1U);
  EXPECT_EQ(statuses[0].size(), 1U);
  EXPECT_EQ(statuses[1].size(), 1U);
  EXPECT_EQ(*statuses[0].begin() + *statuses[1].begin(), 202 + 422);
  auto user = mine();
  wait_for_end(user, *ids.begin());
  EXPECT_EQ(db().integer("SELECT count(*) FROM jobs"), 1);
}

TEST_F(submission, fifty_keys_that_join_at_once_are_all_bound_to_the_job) {
  start();
  const auto key = [](std::size_t i) { return "click " + std::to_string(i); };
  const auto answers =
      at_once([&](http_client& user, std::size_t i) { return post_as(user, key(i), 1, 5); });
  ASSERT_EQ(jobs_in(answers).size(), 1U);
  const auto id = *jobs_in(answers).begin();
  auto user = mine();
  ASSERT_EQ(user.post("/api/empresas/jobs/" + id + "/cancel").status, 202);
  wait_for_end(user, id);
  kill_and_start();
  const auto replays =
      at_once([&](http_client& client, std::size_t i) { return post_as(client, key(i), 1, 5); });
  EXPECT_EQ(jobs_in(replays), std::set{id});
  EXPECT_EQ(db().integer("SELECT count(*) FROM jobs"), 1);
}

TEST_F(submission, one_key_makes_one_job_though_the_service_is_killed_meanwhile) {
  start();
  std::set<std::string> ids;
  for (int round = 0; round < 5; ++round) {
    std::vector<std::set<std::string>> told(clients);
    std::atomic<int> answered = 0;
    std::vector<std::thread> threads;
    for (auto& mine_told : told) {
      threads.emplace_back([&] {
        auto user = mine();
        for (;;) {
          const auto got = post_as(user, "through kills", 1, 5);
          if (got.status != 202) return;  // the kill
          mine_told.insert(got.data()["jobId"].get<std::string>());
          ++answered;
        }
      });
    }
    EXPECT_TRUE(
        tests::eventually([&] { return answered >= 20 * round + 1; }, std::chrono::seconds(60)));
    service_->send(SIGKILL);
    for (auto& each : threads) each.join();
    service_->wait();
    for (const auto& some : told) ids.insert(some.begin(), some.end());
    start();
  }
  auto user = mine();
  ids.insert(post_as(user, "through kills", 1, 5).data()["jobId"].get<std::string>());
  ASSERT_EQ(ids.size(), 1U);
  EXPECT_EQ(db().integer("SELECT count(*) FROM jobs"), 1);
  EXPECT_EQ(db().integer("SELECT count(*) FROM idempotency_keys"), 1);
  user.post("/api/empresas/jobs/" + *ids.begin() + "/cancel");
  wait_for_end(user, *ids.begin());
}

TEST_F(submission, fifty_clicks_beside_a_cancel_never_get_the_job_that_is_being_cancelled) {
  start();
  auto user = mine();
  const auto id = start_job(user, 1, 5);
  ASSERT_EQ(user.post("/api/empresas/jobs/" + id + "/cancel").status, 202);
  const auto ids = jobs_in(at_once(
      [](http_client& client, std::size_t) { return client.post(job_path(1, "futureYears=5")); }));
  EXPECT_EQ(ids.size(), 1U);
  EXPECT_FALSE(ids.contains(id));
  user.post("/api/empresas/jobs/" + *ids.begin() + "/cancel");
  EXPECT_EQ(wait_for_end(user, id)["state"], "cancelled");
  wait_for_end(user, *ids.begin());
}

TEST_F(submission, a_key_that_is_none_is_refused) {
  start();
  auto user = mine();
  const std::string longest(255, 'k');
  for (const std::string& wrong :
       {std::string(), longest + "k", std::string("a\tb"), std::string("chave-ção")}) {
    EXPECT_EQ(user.post_with(job_path(2), {{"Idempotency-Key", wrong}}).status, 400) << wrong;
  }
  EXPECT_EQ(db().integer("SELECT count(*) FROM jobs"), 0);
  EXPECT_EQ(user.post_with(job_path(2), {{"Idempotency-Key", longest}}).status, 202);
}

TEST_F(submission, fifty_clicks_at_once_give_one_job) {
  start();
  const auto answers = at_once(
      [](http_client& user, std::size_t) { return user.post(job_path(1, "futureYears=5")); });
  EXPECT_EQ(jobs_in(answers).size(), 1U);
  auto user = mine();
  EXPECT_EQ(wait_for_end(user, *jobs_in(answers).begin())["status"], "completed");
  EXPECT_EQ(db().integer("SELECT count(*) FROM notificacoes"), 1);
}

TEST_F(submission, a_click_joins_only_an_equal_unfinished_job_of_the_same_user) {
  start();
  auto user = mine();
  const auto id = start_job(user, 1, 5);
  EXPECT_EQ(start_job(user, 1, 5), id);
  EXPECT_EQ(
      user.post_with(job_path(1, "futureYears=5"), {{"Idempotency-Key", "late"}}).data()["jobId"],
      id);
  const auto shorter = start_job(user, 1, 4);
  EXPECT_NE(shorter, id);
  auto other = as({8, {1}});
  const auto theirs = start_job(other, 1, 5);
  EXPECT_NE(theirs, id);
  for (const auto& each : {id, shorter}) wait_for_end(user, each);
  wait_for_end(other, theirs);
  EXPECT_NE(start_job(user, 1, 5), id);
  // The key that joined stays bound.
  EXPECT_EQ(
      user.post_with(job_path(1, "futureYears=5"), {{"Idempotency-Key", "late"}}).data()["jobId"],
      id);
}

TEST_F(submission, a_click_after_a_restart_joins_the_job_that_goes_on) {
  {
    auto stored = db();
    add_units(stored, {5});
    add_companies(stored, busy_companies(5, 100'000, 6000));
  }
  start();
  auto user = as({7, {5}});
  const auto id = start_job(user, 5, 1);
  kill_and_start();
  auto again = as({7, {5}});
  EXPECT_EQ(start_job(again, 5, 1), id);
  EXPECT_EQ(wait_for_end(again, id)["status"], "completed");
}

TEST_F(submission, overlapping_jobs_give_what_one_after_the_other_would) {
  start();
  auto user = mine();
  auto other = as({8, {1}});
  const auto a = start_job(user, 1, 3);
  const auto b = start_job(other, 1, 3);
  const auto first = wait_for_end(user, a);
  const auto second = wait_for_end(other, b);
  auto stored = db();
  const auto planned = planned_for_unit(stored, 1, {noon_date(), 3});
  EXPECT_EQ(difference(planned, stored_lines(stored)), "");
  EXPECT_EQ(first["result"]["createdTotal"].get<std::size_t>() +
                second["result"]["createdTotal"].get<std::size_t>(),
            planned.size());
}

TEST_F(submission, a_users_limit_is_429_and_frees_itself) {
  start({"--max-jobs-per-user", "2"});
  auto user = mine();
  const auto a = start_job(user, 1, 5);
  const auto b = start_job(user, 3, 5);
  const auto refused = user.post_with(job_path(4, "futureYears=5"), {{"Idempotency-Key", "later"}});
  EXPECT_EQ(refused.status, 429) << refused.body;
  EXPECT_TRUE(refused.header("Retry-After"));
  EXPECT_EQ(start_job(user, 1, 5), a) << "a join needs no room";
  auto other = as({8, {2}});
  wait_for_end(other, start_job(other, 2));
  wait_for_end(user, a);
  wait_for_end(user, b);
  EXPECT_EQ(user.post_with(job_path(4), {{"Idempotency-Key", "later"}}).status, 202)
      << "a refused key is not used up";
}

TEST_F(submission, the_services_limit_is_503) {
  start({"--max-jobs", "2"});
  auto one = mine();
  auto two = as({8, {3}});
  auto three = as({9, {4}});
  const auto a = start_job(one, 1, 5);
  const auto b = start_job(two, 3, 5);
  const auto refused = three.post(job_path(4, "futureYears=5"));
  EXPECT_EQ(refused.status, 503) << refused.body;
  EXPECT_TRUE(refused.header("Retry-After"));
  wait_for_end(one, a);
  wait_for_end(two, b);
  EXPECT_EQ(three.post(job_path(4)).status, 202);
}

TEST_F(submission, a_short_job_does_not_wait_for_a_long_one) {
  {
    auto stored = db();
    add_units(stored, {5});
    add_companies(stored, busy_companies(5, 100'000, 6000));
  }
  start();
  auto other = as({8, {2}});
  auto big = as({7, {5}});
  const auto longer = start_job(big, 5, 1);
  EXPECT_EQ(wait_for_end(other, start_job(other, 2))["status"], "completed");
  const auto now = big.get("/api/empresas/jobs/" + longer).data();
  EXPECT_NE(now["status"], "completed") << now << "\nthe long job was over too early";
  wait_for_end(big, longer);
}

}  // namespace
}  // namespace mutirao::e2e
