#include <gtest/gtest.h>

#include "tests/app/program_call.hpp"

namespace mutirao::app {
namespace {

const std::string nowhere = "http://127.0.0.1:1";

TEST(Schedules, NeedAServiceAndSayWhichCommandFailed) {
  const std::vector<std::vector<std::string>> all{
      {"schedules", "list"},
      {"schedules", "add", "--type", "noop", "--cron", "@daily"},
      {"schedules", "delete", "12"},
      {"jobs", "start", "--unit", "1", "--run-at", "2027-01-02T06:00:00Z"}};
  for (auto arguments : all) {
    arguments.insert(arguments.end(), {"--url", nowhere});
    const program_call done = call(arguments, with_token);
    EXPECT_EQ(done.code, 1) << arguments[1] << done.err;
    EXPECT_TRUE(
        done.err.starts_with("mutirao " + arguments[0] + " " + arguments[1] + ": no answer from "))
        << done.err;
  }
}

TEST(Schedules, WrongArgumentsAreWrongUse) {
  EXPECT_EQ(call({"schedules", "list"}).code, 2) << "no token";
  EXPECT_EQ(call({"schedules", "list", "--limit", "0"}, with_token).code, 2);
  EXPECT_EQ(call({"schedules", "delete", "x"}, with_token).code, 2);
  EXPECT_EQ(call({"schedules", "delete"}, with_token).code, 2);
  EXPECT_EQ(call({"schedules", "add", "--cron", "@daily"}, with_token).code, 2) << "no type";
  const auto neither = call({"schedules", "add", "--type", "noop"}, with_token);
  EXPECT_EQ(neither.code, 2);
  EXPECT_NE(neither.err.find("--cron or --run-at"), std::string::npos) << neither.err;
  EXPECT_EQ(call({"schedules", "add", "--type", "noop", "--cron", "@daily", "--run-at",
                  "2027-01-02T06:00:00Z"},
                 with_token)
                .code,
            2);
}

}  // namespace
}  // namespace mutirao::app
