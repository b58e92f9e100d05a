// `mutirao users`: what it says, and how it ends. Passwords come from the standard input here.
#include <gmock/gmock.h>

#include "storage/open.hpp"
#include "tests/app/program_call.hpp"
#include "tests/support/temporary_folder.hpp"

namespace mutirao::app {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class users_command : public ::testing::Test {
 protected:
  program_call run(std::vector<std::string> words, const std::string& input = {}) {
    words.insert(words.begin(), "users");
    words.insert(words.end(), {"--database", url()});
    return call(words, {}, input);
  }
  program_call add(std::vector<std::string> more = {}, const std::string& input = "long enough\n") {
    more.insert(more.begin(), {"add", "--email", "ana@example.com", "--nome", "Ana"});
    return run(std::move(more), input);
  }
  void expect_failure(const program_call& done, int code, const std::string& why) {
    EXPECT_EQ(done.code, code) << done.err;
    EXPECT_EQ(done.out, "");
    EXPECT_THAT(done.err, HasSubstr(why));
  }
  void add_units() {
    const auto file =
        write_file((folder_ / "units.json").string(),
                   R"({"unidades":[{"id":1,"nome":"Matriz"},{"id":2,"nome":"Filial"}]})");
    ASSERT_EQ(call({"import", file, "--database", url()}).code, 0);
  }
  std::string url() const { return "sqlite:" + (folder_ / "users.db").string(); }

  testing::temporary_folder folder_;
};

TEST_F(users_command, adds_lists_disables_and_enables) {
  add_units();
  const auto added = add({"--sobrenome", "Lima", "--unit", "2", "--unit", "1", "--admin", "--cargo",
                          "3=Consultora", "--setor", "2=Visita"});
  EXPECT_EQ(added.code, 0) << added.err;
  EXPECT_EQ(added.out, "user 1 signs in as ana@example.com\n");
  const std::string line = "1  ana@example.com  Ana Lima  Consultora  admin  units 1,2";
  EXPECT_EQ(run({"list"}).out, line + "\n");
  EXPECT_THAT(run({"disable", "Ana@Example.com"}).out, HasSubstr("signs in no more"));
  EXPECT_EQ(run({"list"}).out, line + "  disabled\n");
  EXPECT_THAT(run({"disable", "1"}).out, HasSubstr("was disabled already"));
  EXPECT_THAT(run({"enable", "1"}).out, HasSubstr("signs in again"));
  EXPECT_EQ(run({"list"}).out, line + "\n");
  EXPECT_THAT(run({"passwd", "1"}, "another one\n").out, HasSubstr("has a new password"));
}

TEST_F(users_command, makes_the_database_for_the_first_user_only) {
  expect_failure(run({"list"}), 1, "there is no such file");
  expect_failure(run({"disable", "ana@example.com"}), 1, "there is no such file");
  EXPECT_EQ(add().code, 0);
  EXPECT_EQ(run({"list"}).code, 0);
}

TEST_F(users_command, refuses_what_is_wrong_all_at_once) {
  const auto done = run({"add", "--email", "ana", "--unit", "x", "--setor", "2", "--id", "0"});
  EXPECT_EQ(done.code, 2);
  for (const auto* why :
       {"--email: \"ana\"", "--nome", "--unit: \"x\"", "--setor: \"2\"", "--id"}) {
    EXPECT_THAT(done.err, HasSubstr(why));
  }
  std::vector<std::string> many;
  for (int i = 1; i <= 101; ++i) many.insert(many.end(), {"--unit", std::to_string(i)});
  expect_failure(add(many), 2, "at most 100 units");
  expect_failure(run({"disable", "ana"}), 2, "neither an e-mail address nor an id");
  expect_failure(run({"passwd", "0"}), 2, "neither an e-mail address nor an id");
}

TEST_F(users_command, takes_no_password_that_is_missing_short_or_huge) {
  for (const auto& input : {std::string(), std::string("\n"), std::string("seven77\n"),
                            "7éééééé\n" + std::string(), std::string(1025, 'x')}) {
    expect_failure(add({}, input), 2, "password");
  }
  EXPECT_EQ(run({"list"}).out, "");
  EXPECT_EQ(add({}, "8ééééééé").code, 0);
}

TEST_F(users_command, fails_where_what_is_stored_stands_against_it) {
  expect_failure(add({"--unit", "77"}), 1, "there is no unit 77");
  ASSERT_EQ(add().code, 0);
  expect_failure(add(), 1, "ana@example.com signs in already, as user 1");
  expect_failure(run({"disable", "bia@example.com"}), 1, "nobody signs in as bia@example.com");
  expect_failure(run({"passwd", "9"}, "long enough"), 1, "nobody signs in as 9");
}

TEST_F(users_command, never_takes_a_password_as_an_option) {
  const auto done = add({"--password", "long enough"});
  EXPECT_EQ(done.code, 2);
  EXPECT_THAT(call({"users", "add", "--help"}).out, Not(HasSubstr("--password")));
}

TEST_F(users_command, says_so_where_a_user_was_known_without_a_password) {
  const auto file = write_file(
      (folder_ / "users.json").string(),
      R"({"usuarios":[{"id":40,"nome":"Ana","sobrenome":"Lima","email":"Ana@example.com"}]})");
  ASSERT_EQ(call({"import", file, "--database", url()}).code, 0);
  const auto added = add({"--cargo", "Chefe"});
  EXPECT_EQ(added.out, "user 40 signs in as ana@example.com (was known without a password)\n");
  EXPECT_EQ(run({"list"}).out, "40  ana@example.com  Ana  Chefe\n");
}

TEST_F(users_command, says_so_where_serve_dev_offers_the_same_user) {
  ASSERT_EQ(call({"demo", "--database", url(), "--units=1", "--companies=1"}).code, 0);
  EXPECT_THAT(add().out, HasSubstr("serve --dev offers this user with rights of its own"));
}

TEST_F(users_command, is_named_among_the_commands) {
  EXPECT_THAT(call({"--help"}).out, HasSubstr("says who signs in"));
  EXPECT_THAT(call({"--help"}).out, HasSubstr("asks a running service about its schedules"));
}

}  // namespace
}  // namespace mutirao::app
