// The scripts of bench/load as their page, docs/load-testing.md, tells to use them.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <string>

#include "tests/e2e/database.hpp"
#include "tests/support/background_process.hpp"
#include "tests/support/places.hpp"
#include "tests/support/socket_client.hpp"
#include "tests/support/temporary_folder.hpp"

namespace mutirao::e2e {
namespace {

using std::chrono::seconds;
using testing::background_process;
using tests::eventually;

const std::string scripts = testing::in_source("bench/load/");

class load : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(eventually([this] { return std::filesystem::exists(settings()); }, seconds(60)))
        << service_.output();
  }

  std::string settings() const { return (data_ / "env").string(); }
  /// Runs a script as somebody who has read the settings does, until it says `last`.
  std::string run(const std::string& script, const std::string& last) {
    const background_process one(
        {.words = {"bash", "-c", ". " + settings() + " && " + scripts + script + "; echo exit=$?"},
         .output = folder_ / "output"});
    EXPECT_TRUE(
        eventually([&] { return one.output().find("exit=") != std::string::npos; }, seconds(120)));
    EXPECT_NE(one.output().find(last), std::string::npos) << one.output() << service_.output();
    return one.output();
  }

  testing::temporary_folder folder_;
  std::filesystem::path data_ = folder_ / "load";
  background_process service_{
      {.words = {scripts + "serve", data_.string()},
       .output = folder_ / "service",
       .environment = {{"MUTIRAO_PROGRAM", testing::places.program}, {"UNITS", "500"}}}};
};

TEST_F(load, wrk_posts_for_three_seconds_and_every_accepted_job_ends) {
  const auto said = run("wrk 3 20", "exit=0");
  std::smatch sums;
  ASSERT_TRUE(std::regex_search(
      said, sums, std::regex("accepted=(\\d+) refused=(\\d+) other=(\\d+) unanswered=(\\d+)")))
      << said;
  EXPECT_GT(std::stoll(sums[1]), 0);
  EXPECT_EQ(sums[2], "0") << "limits are lifted";
  EXPECT_EQ(sums[3], "0");
  EXPECT_EQ(sums[4], "0");
  EXPECT_NE(said.find("every accepted job has ended"), std::string::npos);

  database stored((data_ / "load.db").string());
  ASSERT_TRUE(std::regex_search(said, sums, std::regex("created=(\\d+) ")));
  EXPECT_EQ(stored.integer("SELECT count(*) FROM jobs WHERE state = 4"), std::stoll(sums[1]));
  EXPECT_EQ(stored.integer("SELECT count(*) FROM jobs WHERE state <> 4"), 0);
}

TEST_F(load, hey_asks_for_one_job_and_is_answered) {
  const auto said = run("hey 1 5", "exit=0");
  EXPECT_TRUE(std::regex_search(said, std::regex("\\[200\\]\\s+\\d+ responses"))) << said;
  EXPECT_FALSE(std::regex_search(said, std::regex("\\[(?!200)\\d+\\]\\s+\\d+ responses"))) << said;
}

TEST_F(load, reconcile_says_when_an_accepted_job_is_missing) {
  const auto said = run("reconcile --url $MUTIRAO_URL --accepted 3 --within 0", "exit=1");
  EXPECT_NE(said.find("3 were accepted and have no job"), std::string::npos) << said;
}

TEST(load_scripts, the_one_for_k6_is_a_module_without_errors_of_syntax) {
  EXPECT_EQ(std::system(("node --input-type=module --check < '" + scripts + "k6.js'").c_str()), 0);
}

}  // namespace
}  // namespace mutirao::e2e
