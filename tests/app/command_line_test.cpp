#include "app/command_line.hpp"

#include <gtest/gtest.h>

#include <sstream>

#include "app/commands/commands.hpp"
#include "tests/app/program_call.hpp"

namespace mutirao::app {
namespace {

std::vector<std::string> words(const std::string& text) {
  std::istringstream in(text);
  return {std::istream_iterator<std::string>(in), {}};
}

TEST(CommandLine, EveryCommandHasHelpWithItsOptionsAndAnExample) {
  for (const command_spec& command : all_commands()) {
    auto arguments = words(command.name);
    arguments.push_back("--help");
    const program_call done = call(arguments);
    EXPECT_EQ(done.code, 0) << command.name;
    EXPECT_EQ(done.err, "") << command.name;
    EXPECT_NE(done.out.find("Example:\n  " + command.example), std::string::npos) << done.out;
    EXPECT_FALSE(command.example.empty());
    for (const option_spec& option : command.options) {
      EXPECT_NE(done.out.find("--" + option.name), std::string::npos) << option.name;
      EXPECT_FALSE(option.help.empty()) << option.name;
      if (option.is != option_spec::kind::flag) {
        EXPECT_FALSE(option.placeholder.empty()) << option.name;
      }
    }
  }
}

TEST(CommandLine, TheProgramAndAGroupHaveHelp) {
  EXPECT_EQ(call({"--help"}).code, 0);
  EXPECT_NE(call({"--help"}).out.find("serve"), std::string::npos);
  EXPECT_NE(call({"jobs", "--help"}).out.find("watch"), std::string::npos);
  EXPECT_NE(call({"jobs", "--help"}).out.find("Example:\n  mutirao jobs "), std::string::npos);
}

TEST(CommandLine, TheVersionNamesProgramVersionAndCommit) {
  const program_call done = call({"--version"});
  EXPECT_EQ(done.code, 0);
  EXPECT_EQ(done.out.substr(0, 8), "mutirao ");
  EXPECT_NE(done.out.find('('), std::string::npos);
}

TEST(CommandLine, WrongUseIsExitCodeTwoAndNothingOnStdout) {
  for (const char* line :
       {"", "bogus", "jobs", "jobs bogus", "serve --bogus", "serve extra", "serve --listen",
        "serve --workers 1 --workers 2", "import", "jobs show", "token", "token --user x",
        "demo --units 0", "demo --units 9000 --companies 9000", "serve --log-level loud",
        "jobs show nonsense --token t", "migrate --database mysql://x"}) {
    const program_call done = call(words(line));
    EXPECT_EQ(done.code, 2) << line;
    EXPECT_EQ(done.out, "") << line;
    EXPECT_NE(done.err.find("--help`"), std::string::npos) << line << '\n' << done.err;
  }
}

TEST(CommandLine, AnUnknownCommandIsNamed) {
  EXPECT_EQ(call({"bogus"}).err, "mutirao: unknown command \"bogus\"; see `mutirao --help`\n");
  EXPECT_EQ(call({"jobs", "bogus"}).err,
            "mutirao: unknown command \"jobs bogus\"; see `mutirao jobs --help`\n");
}

TEST(CommandLine, EveryMistakeIsToldAtOnceWithTheOptionOrVariable) {
  const program_call done =
      call({"serve", "--workers", "abc", "--drain-timeout", "soon"}, {{"MUTIRAO_MAX_JOBS", "0"}});
  EXPECT_EQ(done.code, 2);
  EXPECT_NE(done.err.find("--workers: \"abc\" is not a whole number from 1 to 64"),
            std::string::npos);
  EXPECT_NE(done.err.find("--drain-timeout: \"soon\" is not a duration"), std::string::npos);
  EXPECT_NE(done.err.find("MUTIRAO_MAX_JOBS: \"0\" is not a whole number from 1 up"),
            std::string::npos);
}

TEST(CommandLine, ANegativeNumberIsAPositional) {
  const auto all = all_commands();
  const std::string id = "3f2b8c1e-9d4a-4c7b-8e21-5a6f0b9c7d10";
  const auto parsed = parse_command_line(all, {"jobs", "priority", id, "-5"});
  ASSERT_TRUE(std::holds_alternative<parsed_command>(parsed));
  EXPECT_EQ(std::get<parsed_command>(parsed).positionals, (std::vector<std::string>{id, "-5"}));
}

}  // namespace
}  // namespace mutirao::app
