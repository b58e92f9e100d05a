#include "app/config_file.hpp"

#include <gtest/gtest.h>

#include "app/commands/commands.hpp"
#include "tests/app/program_call.hpp"

namespace mutirao::app {
namespace {

expected<option_texts> parse(const std::string& text, const std::string& command = "serve") {
  const auto all = all_commands();
  for (const command_spec& each : all) {
    if (each.name == command) return parse_config(text, "a.toml", each, all);
  }
  return fail(errc::internal, "no such command");
}

std::string problem(const std::string& text, const std::string& command = "serve") {
  const auto parsed = parse(text, command);
  return parsed ? "" : parsed.error().detail;
}

TEST(ConfigFile, TextsNumbersAndTruthsBecomeTexts) {
  const auto parsed = parse("listen = \"[::1]:0\"\nworkers = 4\ndev = true\nadmin-cargos = [1, 2]");
  ASSERT_TRUE(parsed) << parsed.error().detail;
  EXPECT_EQ(*parsed, (option_texts{{"listen", {"[::1]:0"}},
                                   {"workers", {"4"}},
                                   {"dev", {"true"}},
                                   {"admin-cargos", {"1", "2"}}}));
}

TEST(ConfigFile, AnUnknownKeyIsAnErrorWithItsLine) {
  EXPECT_EQ(problem("workers = 4\nworker = 5\n"),
            "a.toml:2: unknown key \"worker\" (see `mutirao serve --help`)");
  EXPECT_EQ(problem("[serve]\nuser = 5\n"),
            "a.toml:2: unknown key \"user\" (see `mutirao serve --help`)");
  EXPECT_EQ(problem("[server]\nworkers = 5\n"),
            "a.toml:1: unknown key \"server\" (see `mutirao serve --help`)");
  EXPECT_EQ(problem("serve.worker = 5\n"),
            "a.toml:1: unknown key \"worker\" (see `mutirao serve --help`)");
}

TEST(ConfigFile, AnUnknownKeyOfAnotherCommandsTableIsAnErrorToo) {
  EXPECT_NE(problem("[token]\nworkers = 5\n"), "");
  EXPECT_EQ(problem("[token]\nuser = 5\n"), "");
}

TEST(ConfigFile, AKeyAtTheTopMayBelongToAnotherCommand) {
  const auto parsed = parse("user = 5\nworkers = 2\n");
  ASSERT_TRUE(parsed) << parsed.error().detail;
  EXPECT_EQ(*parsed, (option_texts{{"workers", {"2"}}}));
}

TEST(ConfigFile, OneTableServesAGroupOfCommands) {
  const std::string text = "[jobs]\nurl = \"http://x\"\nunit = 1\n";
  const auto show = parse(text, "jobs show");
  ASSERT_TRUE(show) << show.error().detail;
  EXPECT_EQ(*show, (option_texts{{"url", {"http://x"}}}));
  const auto start = parse(text, "jobs start");
  ASSERT_TRUE(start);
  EXPECT_EQ(start->at("unit"), std::vector<std::string>{"1"});
}

TEST(ConfigFile, AValueOfTheWrongTypeIsAnError) {
  EXPECT_EQ(problem("dev = \"yes\""), "a.toml:1: \"dev\" must be true or false");
  EXPECT_EQ(problem("listen = [\"a\"]"), "a.toml:1: \"listen\" must be a text or a number");
  EXPECT_EQ(problem("listen = 1979-05-27"), "a.toml:1: \"listen\" must be a text or a number");
  EXPECT_EQ(problem("cors-origin = [[]]"), "a.toml:1: \"cors-origin\" must be an array of texts");
}

TEST(ConfigFile, BrokenTomlIsAnErrorWithItsLine) {
  EXPECT_EQ(problem("workers = 4\nlisten = \n").substr(0, 10), "a.toml:2: ");
}

TEST(ConfigFile, TheSecretItselfIsRefusedWithTheMend) {
  EXPECT_NE(problem("jwt-secret = \"abc\"").find("jwt-secret-file"), std::string::npos);
}

TEST(ConfigFile, AnUnreadableFileIsWrongUse) {
  const program_call done = call({"serve", "--config", "/nowhere/a.toml"});
  EXPECT_EQ(done.code, 2);
  EXPECT_NE(done.err.find("--config: cannot read \"/nowhere/a.toml\""), std::string::npos);
}

}  // namespace
}  // namespace mutirao::app
