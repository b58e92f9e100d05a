#include "app/webhooks/options.hpp"

#include <gtest/gtest.h>

#include "tests/app/program_call.hpp"
#include "tests/app/webhooks/made_up_secret.hpp"

namespace mutirao::app {
namespace {

using namespace std::chrono_literals;

struct webhook_reading {
  webhook_options options;
  std::vector<std::string> problems;
};

webhook_reading read_webhooks(const option_texts& flags, const variables& set = {}) {
  const auto with = environment_of(set);
  const auto table = webhook_option_table();
  const option_values values(table, flags, with, {}, "");
  option_reader reader(values, with);
  webhook_reading made;
  made.options = read_webhook_options(reader);
  made.problems = reader.problems();
  return made;
}

TEST(webhook_options, are_off_without_a_secret) {
  const auto [options, problems] = read_webhooks({});
  EXPECT_TRUE(problems.empty());
  EXPECT_FALSE(options.on());
  EXPECT_FALSE(options.takes_callbacks());
  EXPECT_EQ(options.timeout, 10s);
  EXPECT_EQ(options.retry.first_pause, 5s);
  EXPECT_EQ(options.retry.attempts, 16);
  EXPECT_EQ(options.retry.age, 72h);
  EXPECT_FALSE(options.allowed.everything);
}

TEST(webhook_options, are_all_read) {
  const auto [options, problems] = read_webhooks(
      {{"webhook", {"job.completed+job.failed https://example.com/", "job.* http://10.0.0.1"}},
       {"webhook-allow", {"10.0.0.0/8", "fd00::/8"}},
       {"webhook-timeout", {"3s"}},
       {"webhook-backoff", {"1s"}},
       {"webhook-attempts", {"4"}},
       {"webhook-max-age", {"1h"}}},
      {{"MUTIRAO_WEBHOOK_SECRET", made_up_secret}});
  EXPECT_EQ(problems, std::vector<std::string>{});
  EXPECT_TRUE(options.takes_callbacks());
  ASSERT_EQ(options.endpoints.size(), 2U);
  EXPECT_EQ(options.endpoints[0].url, "https://example.com/");
  EXPECT_EQ(options.endpoints[0].events, (std::vector<std::string>{"job.completed", "job.failed"}));
  EXPECT_EQ(options.allowed.also.size(), 2U);
  EXPECT_EQ(options.timeout, 3s);
  EXPECT_EQ(options.retry.first_pause, 1s);
  EXPECT_EQ(options.retry.attempts, 4);
  EXPECT_EQ(options.retry.age, 1h);
}

TEST(webhook_options, name_endpoints_by_events_and_url) {
  for (const auto* text : {"", "https://example.com", "job.* ", "job.done https://example.com",
                           "job.failed+ https://example.com", " https://example.com",
                           "job.*  https://example.com", "job.* https://user@example.com"}) {
    EXPECT_FALSE(parse_endpoint(text)) << text;
  }
}

TEST(webhook_options, of_a_url_with_its_own_secret_take_no_callbacks) {
  const auto path =
      (std::filesystem::temp_directory_path() / ("webhook_options_" + std::to_string(::getpid())))
          .string();
  write_file(path, std::string("https://example.com/ ") + made_up_secret + "\n");
  const auto [options, problems] =
      read_webhooks({{"webhook", {"job.* https://example.com/"}}, {"webhook-secret-file", {path}}});
  EXPECT_EQ(problems, std::vector<std::string>{});
  EXPECT_TRUE(options.on());
  EXPECT_FALSE(options.takes_callbacks());
  std::filesystem::remove(path);
}

TEST(webhook_options, that_are_wrong_are_told_without_the_secret) {
  const auto [options, problems] = read_webhooks({}, {{"MUTIRAO_WEBHOOK_SECRET", "whsec_hunter2"}});
  ASSERT_EQ(problems.size(), 1U);
  EXPECT_EQ(problems[0].find("hunter2"), std::string::npos);
  EXPECT_EQ(problems[0].rfind("MUTIRAO_WEBHOOK_SECRET: ", 0), 0U);
}

}  // namespace
}  // namespace mutirao::app
