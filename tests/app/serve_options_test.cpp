#include "app/commands/serve_options.hpp"

#include <gtest/gtest.h>

#include <limits>

#include "tests/app/program_call.hpp"

namespace mutirao::app {
namespace {

using namespace std::chrono_literals;

struct reading {
  serve_options options;
  std::vector<std::string> problems;
};

reading read(const option_texts& flags) {
  const auto none = environment_of({});
  const auto table = serve_option_table();
  const option_values values(table, flags, none, {}, "");
  option_reader reader(values, none);
  reading made;
  made.options = read_serve_options(reader);
  made.problems = reader.problems();
  return made;
}

TEST(ServeOptions, TheDefaultsAreTheOnesOfTheSpecification) {
  const auto [options, problems] = read({});
  EXPECT_TRUE(problems.empty());
  EXPECT_EQ(options.listen.host, "127.0.0.1");
  EXPECT_EQ(options.listen.port, 5000);
  EXPECT_EQ(options.database, "sqlite:mutirao.db");
  EXPECT_EQ(options.timezone, "America/Sao_Paulo");
  EXPECT_EQ(options.drain_timeout, 30s);
  EXPECT_EQ(options.retention, 24h);
  EXPECT_EQ(options.limits.max_jobs_per_user, 1000);
  EXPECT_EQ(options.limits.max_jobs, 100'000);
  EXPECT_EQ(options.limits.max_live_jobs, 512);
  EXPECT_EQ(options.limits.job_deadline, 1h);
  EXPECT_EQ(options.limits.stall_after, 60s);
  EXPECT_EQ(options.limits.crash_limit, 3);
  EXPECT_EQ(options.limits.max_streams_per_user, 3000);
  EXPECT_EQ(options.limits.client_timeout, 30s);
  EXPECT_FALSE(options.dev);
  EXPECT_TRUE(options.cors_origins.empty());
  EXPECT_TRUE(options.admin_cargos.empty());
  EXPECT_EQ(options.log.level, log_level::info);
  EXPECT_GE(options.workers, 2);
  EXPECT_EQ(options.readers, options.workers);
}

TEST(ServeOptions, EveryOptionIsRead) {
  const auto [options, problems] = read({{"listen", {"0.0.0.0:0"}},
                                         {"database", {"sqlite:x.db"}},
                                         {"timezone", {"UTC"}},
                                         {"workers", {"3"}},
                                         {"readers", {"5"}},
                                         {"http-threads", {"4"}},
                                         {"drain-timeout", {"2s"}},
                                         {"retention", {"2h"}},
                                         {"max-jobs-per-user", {"7"}},
                                         {"max-streams-per-user", {"11"}},
                                         {"client-timeout", {"4s"}},
                                         {"max-jobs", {"8"}},
                                         {"max-live-jobs", {"9"}},
                                         {"job-deadline", {"3h"}},
                                         {"stall-after", {"4s"}},
                                         {"crash-limit", {"2"}},
                                         {"max-connections", {"99"}},
                                         {"cors-origin", {"https://a", "https://b"}},
                                         {"admin-cargos", {"1,2", "3"}},
                                         {"log-level", {"debug"}}});
  EXPECT_TRUE(problems.empty());
  EXPECT_EQ(options.listen.host, "0.0.0.0");
  EXPECT_EQ(options.database, "sqlite:x.db");
  EXPECT_EQ(options.timezone, "UTC");
  EXPECT_EQ(options.workers, 3);
  EXPECT_EQ(options.readers, 5);
  EXPECT_EQ(options.http_threads, 4);
  EXPECT_EQ(options.drain_timeout, 2s);
  EXPECT_EQ(options.retention, 2h);
  EXPECT_EQ(options.limits.max_jobs_per_user, 7);
  EXPECT_EQ(options.limits.max_streams_per_user, 11);
  EXPECT_EQ(options.limits.client_timeout, 4s);
  EXPECT_EQ(options.limits.max_jobs, 8);
  EXPECT_EQ(options.limits.max_live_jobs, 9);
  EXPECT_EQ(options.limits.job_deadline, 3h);
  EXPECT_EQ(options.limits.stall_after, 4s);
  EXPECT_EQ(options.limits.crash_limit, 2);
  EXPECT_EQ(options.max_connections, 99);
  EXPECT_EQ(options.cors_origins, (std::vector<std::string>{"https://a", "https://b"}));
  EXPECT_EQ(options.admin_cargos, (std::vector<std::int64_t>{1, 2, 3}));
  EXPECT_EQ(options.log.level, log_level::debug);
}

TEST(ServeOptions, WrongValuesAreRefused) {
  const std::vector<std::pair<std::string, std::string>> wrong{
      {"listen", "5000"},
      {"listen", ":5000"},
      {"listen", "::1:5000"},
      {"listen", "a:70000"},
      {"listen", "a:-1"},
      {"listen", "a:"},
      {"database", "mutirao"},
      {"database", "sqlite:"},
      {"timezone", "Mars/Olympus"},
      {"timezone", "../passwd"},
      {"workers", "0"},
      {"workers", "65"},
      {"retention", "59m"},
      {"admin-cargos", "1,x"},
      {"admin-cargos", "1,,2"},
      {"crash-limit", "1.5"},
      {"max-jobs", "1000000000000000000000"},
      {"job-deadline", "0s"},
      {"log-level", "INFO"}};
  for (const auto& [option, text] : wrong) {
    const auto problems = read({{option, {text}}}).problems;
    ASSERT_EQ(problems.size(), 1U) << option << ' ' << text;
    EXPECT_EQ(problems[0].substr(0, option.size() + 3), "--" + option + ":");
  }
}

TEST(ServeOptions, APlaceAmongOtherProcessesGoesWithAServerThatTheyShare) {
  const std::string server = "postgres://mutirao@db/mutirao";
  const auto given = read({{"database", {"postgres://mutirao@pooler/mutirao"}},
                           {"database-direct", {server}},
                           {"role", {"worker"}},
                           {"lease", {"9s"}}});
  EXPECT_TRUE(given.problems.empty());
  EXPECT_EQ(given.options.database_direct, server);
  EXPECT_EQ(given.options.role, node_role::worker);
  EXPECT_EQ(given.options.limits.lease, 9s);
  EXPECT_EQ(read({{"database", {server}}, {"role", {"web"}}}).options.role, node_role::web);
  const auto alone = read({}).options;
  EXPECT_EQ(alone.role, node_role::all);
  EXPECT_EQ(alone.limits.lease, 5s);
  const std::vector<option_texts> wrong{
      {{"role", {"web"}}},
      {{"lease", {"9s"}}},
      {{"database-direct", {server}}},
      {{"database", {server}}, {"role", {"boss"}}},
      {{"database", {server}}, {"lease", {"900ms"}}},
      {{"database", {server}}, {"lease", {"61m"}}},
      {{"database", {server}}, {"role", {"worker"}}, {"listen", {"127.0.0.1:0"}}},
      {{"database", {server}}, {"database-direct", {"sqlite:a.db"}}},
      {{"database", {server}},
       {"role", {"worker"}},
       {"with-gateway", {"true"}},
       {"gateway-insecure", {"true"}}}};
  for (const auto& flags : wrong) {
    EXPECT_EQ(read(flags).problems.size(), 1U) << flags.rbegin()->first;
  }
}

TEST(ServeOptions, DevListensOnLoopbackOnly) {
  EXPECT_EQ(read({{"dev", {"true"}}, {"listen", {"0.0.0.0:5000"}}}).problems.size(), 1U);
  for (const char* address : {"127.0.0.1:0", "127.1.2.3:0", "localhost:0", "[::1]:0"}) {
    EXPECT_TRUE(read({{"dev", {"true"}}, {"listen", {address}}}).problems.empty()) << address;
  }
}

TEST(ServeOptions, LimitsAreLiftedUnderDevOnly) {
  const auto refused = read({{"lift-limits", {"true"}}}).problems;
  ASSERT_EQ(refused.size(), 1U);
  EXPECT_EQ(refused[0].substr(0, 14), "--lift-limits:");
  const auto given = read({{"dev", {"true"}}, {"lift-limits", {"true"}}});
  EXPECT_TRUE(given.problems.empty());
  const auto any = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(given.options.limits.max_jobs_per_user, any);
  EXPECT_EQ(given.options.limits.max_jobs, any);
  EXPECT_EQ(given.options.limits.max_streams_per_user, any);
}

TEST(ServeOptions, AnIpv6AddressStandsInBrackets) {
  const auto address = parse_listen("[2001:db8::1]:80");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->host, "2001:db8::1");
  EXPECT_EQ(address->port, 80);
}

}  // namespace
}  // namespace mutirao::app
