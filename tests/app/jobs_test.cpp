#include <gtest/gtest.h>

#include "app/client/job_progress.hpp"
#include "tests/app/program_call.hpp"

namespace mutirao::app {
namespace {

const std::string id = "3f2b8c1e-9d4a-4c7b-8e21-5a6f0b9c7d10";
const variables asked{{"MUTIRAO_TOKEN", "t"}};

TEST(Jobs, WhatIsNotThereYetSaysSo) {
  for (const char* verb : {"cancel", "retry", "pause", "resume"}) {
    const program_call done = call({"jobs", verb, id}, asked);
    EXPECT_EQ(done.code, 1) << verb;
    EXPECT_EQ(done.out, "");
    EXPECT_EQ(done.err.substr(0, std::string(verb).size() + 24),
              std::string("mutirao jobs ") + verb + ": not yet: ");
  }
  EXPECT_EQ(call({"jobs", "priority", id, "-5"}, asked).code, 1);
}

TEST(Jobs, ATokenIsNeeded) {
  const program_call done = call({"jobs", "list"});
  EXPECT_EQ(done.code, 2);
  EXPECT_NE(done.err.find("--token (or MUTIRAO_TOKEN) is missing"), std::string::npos);
}

TEST(Jobs, WrongArgumentsAreWrongUse) {
  EXPECT_EQ(call({"jobs", "show", "x"}, asked).code, 2);
  EXPECT_EQ(call({"jobs", "list", "--url", "ftp://x"}, asked).code, 2);
  EXPECT_EQ(call({"jobs", "list", "--state", "asleep"}, asked).code, 2);
  EXPECT_EQ(call({"jobs", "list", "--token", "a\nb: c"}).code, 2);
  EXPECT_EQ(call({"jobs", "start"}, asked).code, 2);
  EXPECT_EQ(call({"jobs", "start", "--unit", "1", "--future-years", "6"}, asked).code, 2);
}

TEST(Jobs, NobodyThereIsAFailureThatNamesTheUrl) {
  // Nothing listens on port 1, and nobody but root may.
  const program_call done = call({"jobs", "show", id, "--url", "http://127.0.0.1:1/"}, asked);
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
  EXPECT_EQ(draw_bar(*job, 9), "[##.......] paused 50/150 33% created 120 failed 2 12s left");
  EXPECT_FALSE(job->ended());
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
  EXPECT_EQ(draw_bar(*odd, 3).substr(0, 5), "[###]");
}

}  // namespace
}  // namespace mutirao::app
