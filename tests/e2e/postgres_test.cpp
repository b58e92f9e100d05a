// The real program on a PostgreSQL server: killed, and cut off.
#include <gmock/gmock.h>

#include <array>
#include <future>

#include "tests/e2e/fixture.hpp"
#include "tests/support/database_place.hpp"
#include "tests/support/socket_client.hpp"

namespace mutirao::e2e {
namespace {

class on_postgres : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto filled = run("demo", {"--units", "1", "--companies", "600", "--seed", "3"});
    ASSERT_EQ(filled.code, 0) << filled.err;
    start();
  }
  program_result run(const std::string& command, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {command, "--database", place_.url()});
    return run_program({arguments, with_secret()});
  }
  void start() {
    service_.reset();
    service_ = std::make_unique<service_process>(place_.url());
    ASSERT_NE(service_->port(), 0) << service_->errors();
  }
  http_client as() { return http_client(service_->port(), token_of({7, {1}})); }
  std::string generate(int future_years) {
    const auto answer = as().post(job_path(1), json{{"futureYears", future_years}});
    EXPECT_EQ(answer.status, 202) << answer.body;
    return answer.data()["jobId"];
  }
  json status(const std::string& job) { return as().get("/api/empresas/jobs/" + job).data(); }
  bool completes(const std::string& job) {
    return tests::eventually([&] { return status(job)["status"] == "completed"; });
  }
  std::int64_t number(const std::string& sql) { return place_.number(sql); }

  /// Every company handled once, every task once and with its event, told once.
  void expect_whole(const std::string& job) {
    const auto total = status(job)["progress"]["total"].get<std::int64_t>();
    EXPECT_EQ(number("SELECT count(*) FROM job_items WHERE state = 1"), total);
    EXPECT_EQ(number("SELECT sum(created) FROM job_items"), number("SELECT count(*) FROM tarefas"));
    EXPECT_EQ(number("SELECT count(*) FROM tarefas"), number("SELECT count(*) FROM agenda"));
    EXPECT_EQ(number("SELECT count(*) FROM (SELECT 1 FROM tarefas GROUP BY empresa_id, prazo"
                     " HAVING count(*) > 1) AS twice"),
              0);
    EXPECT_EQ(number("SELECT count(*) FROM notificacoes"), 1);
    EXPECT_EQ(number("SELECT max(seq) - count(*) FROM job_events"), 0) << "a gap";
  }

  testing::database_place place_;
  std::unique_ptr<service_process> service_;
};

TEST_F(on_postgres, a_job_is_done_and_its_owner_told) {
  const auto job = generate(1);
  ASSERT_TRUE(completes(job));
  expect_whole(job);
  const auto told = as().get("/api/notificacoes").data()["notifications"];
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0]["metadata"]["jobId"], job);
  EXPECT_EQ(service_->stop(), 0);
}

TEST_F(on_postgres, kill_9_in_the_middle_loses_and_doubles_nothing) {
  const auto job = generate(5);
  ASSERT_TRUE(tests::eventually([&] { return status(job)["progress"]["current"].get<int>() > 0; }));
  service_->kill();
  start();
  ASSERT_TRUE(completes(job));
  expect_whole(job);
}

TEST_F(on_postgres, cut_connections_are_made_anew_and_the_job_goes_on) {
  const auto job = generate(5);
  ASSERT_TRUE(tests::eventually([&] { return status(job)["progress"]["current"].get<int>() > 0; }));
  // All of this database's but the one that asks.
  ASSERT_TRUE(
      place_.change("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"));
  ASSERT_TRUE(completes(job));
  expect_whole(job);
}

TEST_F(on_postgres, the_password_of_the_url_is_not_logged) {
  auto url = place_.url();
  url.insert(url.find('@'), ":s3cret");
  service_.reset();
  service_process with_password(url);
  ASSERT_NE(with_password.port(), 0) << with_password.errors();
  EXPECT_TRUE(tests::eventually([&] {
    return with_password.errors().find("mutirao:***@") != std::string::npos;
  })) << with_password.errors();
  EXPECT_THAT(with_password.errors(), ::testing::Not(::testing::HasSubstr("s3cret")));
}

TEST_F(on_postgres, a_database_of_another_program_is_refused_and_left_as_it_was) {
  const testing::database_place other;
  ASSERT_TRUE(other.change("CREATE TABLE jobs (name text)"));
  const auto refused = run_program({{"migrate", "--database", other.url()}, with_secret()});
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, ::testing::HasSubstr("another program's tables are there"));
  EXPECT_EQ(other.number("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"), 1);
}

TEST_F(on_postgres, who_may_only_read_lists_the_users) {
  ASSERT_TRUE(place_.change(
      "CREATE ROLE only_reads LOGIN IN ROLE pg_read_all_data; REVOKE CREATE ON SCHEMA public FROM"
      " PUBLIC"));
  auto url = place_.url();
  url.replace(url.find("mutirao@"), 8, "only_reads@");
  const auto listed = run_program({{"users", "list", "--database", url}, with_secret()});
  const testing::database_place empty;
  EXPECT_TRUE(empty.change("REVOKE CREATE ON SCHEMA public FROM PUBLIC"));
  auto nothing_there = empty.url();
  nothing_there.replace(nothing_there.find("mutirao@"), 8, "only_reads@");
  const auto refused = run_program({{"users", "list", "--database", nothing_there}, with_secret()});
  EXPECT_TRUE(place_.change("DROP ROLE only_reads"));
  EXPECT_EQ(listed.code, 0) << listed.err;
  EXPECT_EQ(refused.code, 1);
  EXPECT_THAT(refused.err, ::testing::HasSubstr("have its owner run mutirao migrate"));
  EXPECT_THAT(refused.err, ::testing::Not(::testing::HasSubstr("CREATE TABLE")));
}

TEST_F(on_postgres, two_that_fill_it_at_once_fill_it_once) {
  const testing::database_place empty;
  const auto fill = [&] {
    return run_program({{"demo", "--database", empty.url(), "--companies", "2000"}, with_secret()});
  };
  auto other = std::async(std::launch::async, fill);
  const std::array both{fill(), other.get()};
  for (const auto& each : both) EXPECT_EQ(each.code, 0) << each.err;
  EXPECT_EQ(empty.number("SELECT count(*) FROM empresas"), 6000);
}

}  // namespace
}  // namespace mutirao::e2e
