#include "app/client/job_request.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/app/program_call.hpp"
#include "tests/support/temporary_folder.hpp"

namespace mutirao::app {
namespace {

using nlohmann::json;

const std::string types = R"({"types":[{"type":"import","arguments":{"properties":
    {"csv":{"type":"string"},"unit":{"type":"integer"},"generate":{"type":"boolean"}}}}]})";

json body(const std::vector<std::string>& given, const std::string& callback = {}) {
  const auto made = job_request_body("import", given, callback, types);
  EXPECT_TRUE(made) << made.error().detail;
  return made ? json::parse(*made) : json();
}

std::string refusal(const std::vector<std::string>& given, const std::string& type = "import") {
  const auto made = job_request_body(type, given, "", types);
  return made ? "" : made.error().detail;
}

TEST(JobRequest, ValuesAreOfTheFormsThatTheTypeSays) {
  EXPECT_EQ(
      body({"csv=1", "unit=2", "generate=true"}),
      (json{{"type", "import"}, {"arguments", {{"csv", "1"}, {"unit", 2}, {"generate", true}}}}));
  EXPECT_EQ(body({"unit=two"})["arguments"]["unit"], "two") << "the service names what is wrong";
  EXPECT_EQ(body({"csv=a=b"})["arguments"]["csv"], "a=b");
  EXPECT_EQ(body({}, "https://a.example")["callbackUrl"], "https://a.example");
}

TEST(JobRequest, AFileIsReadWhole) {
  const testing::temporary_folder folder;
  const auto path = (folder / "e.csv").string();
  std::ofstream(path) << "cnpj\n\"1\"\n";
  EXPECT_EQ(body({"csv=@" + path})["arguments"]["csv"], "cnpj\n\"1\"\n");
  EXPECT_EQ(refusal({"csv=@/nowhere"}), "cannot read \"/nowhere\"");
}

TEST(JobRequest, WhatTheTypeDoesNotKnowIsRefused) {
  EXPECT_EQ(refusal({"cvs=1"}),
            "jobs of type import have no argument \"cvs\"; they have csv, generate, unit");
  EXPECT_EQ(refusal({}, "export"), "the service has no jobs of type \"export\"; it has import");
  EXPECT_FALSE(job_request_body("import", {}, "", "no json"));
}

TEST(JobRequest, ArgumentsWithoutATypeAreWrongUse) {
  const auto done = call({"jobs", "start", "--unit", "1", "--argument", "a=b"}, with_token);
  EXPECT_EQ(done.code, 2);
  EXPECT_NE(done.err.find("it goes with --type"), std::string::npos) << done.err;
  EXPECT_EQ(
      call({"jobs", "start", "--type", "noop", "--url", "http://127.0.0.1:1"}, with_token).code, 1);
}

TEST(JobRequest, ArgumentsWithoutAValueAreWrongUse) {
  for (const auto& command : {std::vector<std::string>{"jobs", "start", "--type", "noop"},
                              {"schedules", "add", "--type", "noop", "--cron", "0 6 2 1 *"}}) {
    auto words = command;
    words.insert(words.end(), {"--argument", "items"});
    const auto done = call(words, with_token);
    EXPECT_EQ(done.code, 2);
    EXPECT_NE(done.err.find("\"items\" is no NAME=VALUE"), std::string::npos) << done.err;
  }
}

}  // namespace
}  // namespace mutirao::app
