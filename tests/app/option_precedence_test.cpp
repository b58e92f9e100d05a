#include <gtest/gtest.h>

#include "app/commands/commands.hpp"
#include "tests/app/program_call.hpp"
#include "tests/app/token_claims.hpp"
#include "tests/support/temporary_folder.hpp"

namespace mutirao::app {
namespace {

const std::string jwt_secret(40, 's');

class OptionPrecedence : public ::testing::Test {
 protected:
  // The claim that `token` makes of its options, with what each source says.
  nlohmann::json claims(std::vector<std::string> flags, variables environment,
                        const std::string& file) {
    environment["MUTIRAO_JWT_SECRET"] = jwt_secret;
    flags.insert(flags.begin(), "token");
    flags.push_back("--config=" + write_file((folder_ / "a.toml").string(), file));
    const program_call done = call(flags, environment);
    EXPECT_EQ(done.code, 0) << done.err;
    return claims_of(done.out);
  }

  testing::temporary_folder folder_;
};

TEST_F(OptionPrecedence, AFlagBeatsEverything) {
  EXPECT_EQ(claims({"--user", "5"}, {{"MUTIRAO_USER", "4"}}, "user = 3")["userId"], 5);
}

TEST_F(OptionPrecedence, TheEnvironmentBeatsTheFile) {
  EXPECT_EQ(claims({}, {{"MUTIRAO_USER", "4"}}, "user = 3")["userId"], 4);
}

TEST_F(OptionPrecedence, TheFileBeatsTheDefault) {
  const auto from_file = claims({}, {}, "user = 3\nexpires-in = \"60s\"");
  EXPECT_EQ(from_file["userId"], 3);
  EXPECT_EQ(from_file["exp"].get<std::int64_t>() - from_file["iat"].get<std::int64_t>(), 60);
}

TEST_F(OptionPrecedence, TheDefaultIsLast) {
  const auto made = claims({"--user", "5"}, {}, "");
  EXPECT_EQ(made["exp"].get<std::int64_t>() - made["iat"].get<std::int64_t>(), 8 * 3600);
}

TEST_F(OptionPrecedence, AnEmptyVariableIsNotSet) {
  EXPECT_EQ(claims({}, {{"MUTIRAO_USER", "3"}, {"MUTIRAO_EXPIRES_IN", "60s"}}, "")["userId"], 3);
  const environment process = process_environment();
  ASSERT_EQ(::setenv("MUTIRAO_TEST_EMPTY", "", 1), 0);
  EXPECT_EQ(process("MUTIRAO_TEST_EMPTY"), std::nullopt);
}

TEST_F(OptionPrecedence, TheCommandsTableBeatsTheTopOfTheFile) {
  EXPECT_EQ(claims({}, {}, "user = 2\n[token]\nuser = 3\n")["userId"], 3);
}

TEST_F(OptionPrecedence, AFlagThatIsTrueInTheFileCanBeFalseInTheEnvironment) {
  const auto admin = nlohmann::json::array({"admin"});
  EXPECT_EQ(claims({"--user=1"}, {}, "admin = true")["permissions"], admin);
  EXPECT_EQ(claims({"--user=1"}, {{"MUTIRAO_ADMIN", "false"}}, "admin = true")["permissions"],
            nlohmann::json::array());
  EXPECT_EQ(claims({"--user=1", "--admin"}, {{"MUTIRAO_ADMIN", "false"}}, "")["permissions"],
            admin);
}

TEST_F(OptionPrecedence, ListsComeWholeFromOneSource) {
  const auto ids = [](const nlohmann::json& made) {
    std::vector<int> found;
    for (const auto& unit : made["unidades"]) found.push_back(unit["id"]);
    return found;
  };
  const std::string file = "unit = [\"1=A\", \"2=B\"]";
  EXPECT_EQ(ids(claims({"--user=1"}, {}, file)), (std::vector{1, 2}));
  EXPECT_EQ(ids(claims({"--user=1"}, {{"MUTIRAO_UNIT", "3=C,4=D"}}, file)), (std::vector{3, 4}));
  EXPECT_EQ(
      ids(claims({"--user=1", "--unit=5=E", "--unit", "6=F"}, {{"MUTIRAO_UNIT", "3=C"}}, file)),
      (std::vector{5, 6}));
}

TEST_F(OptionPrecedence, TheFileMayBeNamedByTheEnvironment) {
  const std::string path = write_file((folder_ / "b.toml").string(), "user = 9");
  const auto done = call({"token"}, {{"MUTIRAO_JWT_SECRET", jwt_secret}, {"MUTIRAO_CONFIG", path}});
  EXPECT_EQ(claims_of(done.out)["userId"], 9);
}

// Not one option has another order: flag, environment, file, default.
TEST(OptionOrder, HoldsForEveryOptionOfEveryCommand) {
  for (const command_spec& command : all_commands()) {
    for (const option_spec& option : command.options) {
      const std::string variable = variable_name(option.name);
      const option_texts flags{{option.name, {"from-flag"}}};
      const option_texts file{{option.name, {"from-file"}}};
      const auto set = environment_of({{variable, "from-environment"}});
      const auto unset = environment_of({});
      const auto value = [&](const option_texts& by_flag, const environment& by_environment,
                             const option_texts& by_file) {
        const option_values all(command.options, by_flag, by_environment, by_file, "a.toml");
        const auto& texts = all.at(option.name).texts;
        return texts.empty() ? std::string{} : texts.front();
      };
      EXPECT_EQ(value(flags, set, file), "from-flag") << command.name << ' ' << option.name;
      EXPECT_EQ(value({}, set, file), "from-environment") << command.name << ' ' << option.name;
      EXPECT_EQ(value({}, unset, file), "from-file") << command.name << ' ' << option.name;
      EXPECT_EQ(value({}, unset, {}), option.fallback) << command.name << ' ' << option.name;
    }
  }
}

}  // namespace
}  // namespace mutirao::app
