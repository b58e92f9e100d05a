#include "app/secret.hpp"

#include <gtest/gtest.h>

#include "tests/app/program_call.hpp"
#include "tests/support/temporary_folder.hpp"

namespace mutirao::app {
namespace {

const std::string from_flag(40, 'f');
const std::string from_environment(40, 'e');
const std::string from_file(40, 'c');

class Secret : public ::testing::Test {
 protected:
  expected<std::string> find(const option_texts& flags, const variables& environment,
                             const option_texts& config = {}) {
    const auto set = environment_of(environment);
    const option_values values({secret_file_option()}, flags, set, config, "a.toml");
    return find_secret(option_reader(values, set));
  }

  std::string file(const std::string& name, const std::string& text) {
    return write_file((folder_ / name).string(), text);
  }

  testing::temporary_folder folder_;
};

TEST_F(Secret, TheFlagBeatsTheEnvironmentAndThatTheFile) {
  const option_texts flag{{"jwt-secret-file", {file("f", from_flag)}}};
  const option_texts config{{"jwt-secret-file", {file("c", from_file)}}};
  const variables environment{{"MUTIRAO_JWT_SECRET", from_environment}};
  EXPECT_EQ(find(flag, environment, config), from_flag);
  EXPECT_EQ(find({}, environment, config), from_environment);
  EXPECT_EQ(find({}, {}, config), from_file);
  EXPECT_EQ(find({}, {}, {}), "");
}

TEST_F(Secret, OneLineEndIsNoPartOfIt) {
  for (const char* end : {"", "\n", "\r\n"}) {
    EXPECT_EQ(find({{"jwt-secret-file", {file("s", from_flag + end)}}}, {}), from_flag);
  }
  EXPECT_EQ(find({{"jwt-secret-file", {file("s", from_flag + "\n\n")}}}, {}), from_flag + "\n");
}

TEST_F(Secret, LessThan32BytesIsRefused) {
  EXPECT_EQ(find({}, {{"MUTIRAO_JWT_SECRET", std::string(32, 'x')}}), std::string(32, 'x'));
  const auto refused = find({}, {{"MUTIRAO_JWT_SECRET", std::string(31, 'x')}});
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().detail.find("31 bytes"), std::string::npos);
  EXPECT_FALSE(find({{"jwt-secret-file", {file("s", std::string(31, 'x') + "\n")}}}, {}));
}

TEST_F(Secret, AFileThatCannotBeReadIsAnError) {
  const auto missing = find({{"jwt-secret-file", {"/nowhere/s"}}}, {});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().detail, "--jwt-secret-file: cannot read \"/nowhere/s\"");
}

TEST_F(Secret, MadeUpOnesAreLongAndDifferent) {
  const auto one = make_secret();
  const auto other = make_secret();
  ASSERT_TRUE(one && other);
  EXPECT_EQ(one->size(), 64U);
  EXPECT_NE(*one, *other);
}

TEST_F(Secret, ServeAndTokenDoNotWorkWithoutOne) {
  for (const auto& arguments : {std::vector<std::string>{"serve"}, {"token", "--user", "7"}}) {
    const program_call done = call(arguments);
    EXPECT_EQ(done.code, 2);
    EXPECT_EQ(done.out, "");
    EXPECT_NE(done.err.find("MUTIRAO_JWT_SECRET"), std::string::npos);
    EXPECT_NE(done.err.find("--jwt-secret-file"), std::string::npos);
  }
}

TEST_F(Secret, AShortOneIsNeverPrinted) {
  const program_call done = call({"token", "--user=7"}, {{"MUTIRAO_JWT_SECRET", "hunter2hunter2"}});
  EXPECT_EQ(done.code, 2);
  EXPECT_EQ(done.err.find("hunter2"), std::string::npos);
}

}  // namespace
}  // namespace mutirao::app
