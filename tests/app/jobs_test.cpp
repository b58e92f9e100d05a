#include <gtest/gtest.h>

#include "app/client/job_progress.hpp"
#include "tests/app/program_call.hpp"

namespace mutirao::app {
namespace {

const std::string id = "3f2b8c1e-9d4a-4c7b-8e21-5a6f0b9c7d10";
const std::vector<std::vector<std::string>> controls{{"jobs", "cancel", id},
                                                     {"jobs", "retry", id},
                                                     {"jobs", "pause", id},
                                                     {"jobs", "resume", id},
                                                     {"jobs", "priority", id, "-5"}};

TEST(Jobs, AControlNeedsAServiceAndSaysWhichCommandFailed) {
  for (auto arguments : controls) {
    arguments.insert(arguments.end(), {"--url", "http://127.0.0.1:1"});
    const program_call done = call(arguments, with_token);
    EXPECT_EQ(done.code, 1) << arguments[1];
    EXPECT_EQ(done.out, "");
    EXPECT_TRUE(done.err.starts_with("mutirao jobs " + arguments[1] + ": no answer from "))
        << done.err;
  }
}

TEST(Jobs, AControlNeedsATokenAndAnId) {
  for (auto arguments : controls) {
    EXPECT_EQ(call(arguments).code, 2) << arguments[1];
    arguments[2] = "17";
    const program_call done = call(arguments, with_token);
    EXPECT_EQ(done.code, 2) << arguments[1];
    EXPECT_NE(done.err.find("\"17\" is no job id"), std::string::npos) << done.err;
  }
}

TEST(Jobs, APriorityIsAWholeNumberFromMinusTenToTen) {
  for (const char* wrong : {"11", "-11", "high", "1.5", "", "5 ", "99999999999"}) {
    const program_call done = call({"jobs", "priority", id, wrong}, with_token);
    EXPECT_EQ(done.code, 2) << wrong;
    EXPECT_NE(done.err.find("is not a whole number from -10 to 10"), std::string::npos) << done.err;
  }
  EXPECT_EQ(call({"jobs", "priority", id}, with_token).code, 2);
}

TEST(Jobs, ATokenIsNeeded) {
  const program_call done = call({"jobs", "list"});
  EXPECT_EQ(done.code, 2);
  EXPECT_NE(done.err.find("--token (or MUTIRAO_TOKEN) is missing"), std::string::npos);
}

TEST(Jobs, WrongArgumentsAreWrongUse) {
  EXPECT_EQ(call({"jobs", "show", "x"}, with_token).code, 2);
  EXPECT_EQ(call({"jobs", "list", "--url", "ftp://x"}, with_token).code, 2);
  EXPECT_EQ(call({"jobs", "list", "--state", "asleep"}, with_token).code, 2);
  EXPECT_EQ(call({"jobs", "list", "--token", "a\nb: c"}).code, 2);
  EXPECT_EQ(call({"jobs", "start"}, with_token).code, 2);
  EXPECT_EQ(call({"jobs", "start", "--unit", "1", "--future-years", "6"}, with_token).code, 2);
}

TEST(Jobs, NobodyThereIsAFailureThatNamesTheUrl) {
  // Nothing listens on port 1, and nobody but root may.
  const program_call done = call({"jobs", "show", id, "--url", "http://127.0.0.1:1/"}, with_token);
  EXPECT_EQ(done.code, 1);
  EXPECT_NE(done.err.find("no answer from http://127.0.0.1:1: "), std::string::npos);
  EXPECT_NE(done.err.find("--url"), std::string::npos);
}

TEST(JobProgress, AJobIsReadFromTheApisObject) {
  const auto job = read_job(R"({"id": "a", "type": "t", "status": "running", "state": "paused",
      "progress": {"current": 50, "total": 150, "percentage": 33}, "createdSoFar": 120,
      "failedItems": 2, "secondsLeft": 12.4, "createdAt": "x"})");
  ASSERT_TRUE(job);
  EXPECT_EQ(describe(*job), "paused 50/150 33% created 120 failed 2");
  const std::string text = "paused 50/150 33% created 120 failed 2 12s left";
  EXPECT_EQ(draw_bar(*job, 200), "[#########.....................] " + text);
  EXPECT_EQ(draw_bar(*job, 60), "[##.......] " + text) << "one column less than there are";
  EXPECT_EQ(draw_bar(*job, 50), text);
  EXPECT_EQ(draw_bar(*job, 10), "paused 50");
  EXPECT_FALSE(job->ended());
}

TEST(JobProgress, APriorityIsShownWhereThereIsOne) {
  const auto job = read_job(R"({"id": "a", "status": "pending", "state": "pending",
      "progress": {"current": 0, "total": 2, "percentage": 0}, "priority": -3})");
  ASSERT_TRUE(job);
  EXPECT_EQ(describe(*job), "pending 0/2 0% created 0 priority -3");
}

TEST(JobProgress, AnEndSaysWhy) {
  const auto job = read_job(R"({"id": "a", "status": "failed", "state": "cancelled",
      "progress": {"current": 1, "total": 2, "percentage": 50}, "error": "Processamento cancelado."})");
  ASSERT_TRUE(job);
  EXPECT_EQ(describe(*job), "cancelled 1/2 50% created 0: Processamento cancelado.");
  EXPECT_TRUE(job->ended());
}

TEST(JobProgress, WhatIsNoJobIsRefused) {
  for (const char* body : {"", "[]", "{}", "{\"id\": 5}", "{\"id\": \"a\"}"}) {
    EXPECT_FALSE(read_job(body)) << body;
  }
  const auto odd = read_job(R"({"id":"a","status":"x","progress":{"percentage":900}})");
  ASSERT_TRUE(odd);
  EXPECT_EQ(draw_bar(*odd, 80).substr(0, 32), "[" + std::string(30, '#') + "]");
}

}  // namespace
}  // namespace mutirao::app
