// Starting, and what stops it: each time an exit code and one clear line.
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "tests/e2e/fixture.hpp"

namespace mutirao::e2e {
namespace {

constexpr uid_t nobody_id = 65534;

class start_up : public service_test {
 protected:
  program_result serve(std::vector<std::string> flags = {},
                       std::optional<uid_t> user = std::nullopt) {
    std::vector<std::string> all{"serve", "--database", url(), "--listen", "127.0.0.1:0"};
    all.insert(all.end(), flags.begin(), flags.end());
    return run_program({all, with_secret(), "/dev/null", user});
  }
  /// It ended with `code`, said one line of why, and printed nothing.
  void expect_refusal(const program_result& got, int code, const std::vector<std::string>& words) {
    EXPECT_EQ(got.code, code) << got.err;
    EXPECT_EQ(got.out, "");
    for (const auto& word : words) {
      EXPECT_NE(got.err.find(word), std::string::npos) << "no \"" << word << "\" in: " << got.err;
    }
    const auto lines = std::count(got.err.begin(), got.err.end(), '\n');
    EXPECT_GE(lines, 1) << got.err;
    EXPECT_LE(lines, 2) << got.err;
  }
  std::string bytes_of(const std::string& path) const {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
};

TEST_F(start_up, prints_where_it_listens_as_its_first_line) {
  start();
  EXPECT_EQ(service_->first_line(),
            "listening on http://127.0.0.1:" + std::to_string(service_->port()));
  EXPECT_EQ(nobody().get("/health/live").status, 200);
  stop();
}

TEST_F(start_up, a_file_that_is_no_database_is_refused_and_left_alone) {
  for (const std::string& garbage :
       {std::string("this is no database, it is a letter to somebody\n"), std::string(8192, '\x7f'),
        std::string("SQLite format 3\0 and then nonsense", 34) + std::string(8000, 'x')}) {
    std::ofstream(file(), std::ios::binary) << garbage;
    expect_refusal(serve(), 1, {file()});
    EXPECT_EQ(bytes_of(file()), garbage);
    expect_refusal(run_program({{"migrate", "--database", url()}, {}}), 1, {file()});
    EXPECT_EQ(bytes_of(file()), garbage);
    std::filesystem::remove(file());
  }
}

TEST_F(start_up, a_damaged_schema_is_refused) {
  make_database();
  db().run("PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE");
  const auto whole = bytes_of(file());
  auto damaged = whole;
  std::fill(damaged.begin() + 100, damaged.begin() + 4096, '\xee');
  std::ofstream(file(), std::ios::binary) << damaged;
  expect_refusal(serve(), 1, {file()});
  std::ofstream(file(), std::ios::binary) << whole;  // for the checks at the end
}

TEST_F(start_up, a_newer_schema_is_refused_and_left_alone) {
  make_database();
  db().run("PRAGMA user_version = 999");
  for (const char* command : {"serve", "migrate", "demo"}) {
    std::vector<std::string> arguments{command, "--database", url()};
    if (arguments[0] == "serve") arguments.insert(arguments.end(), {"--listen", "127.0.0.1:0"});
    const auto got = run_program({arguments, with_secret()});
    expect_refusal(got, 1, {file(), "999"});
  }
  EXPECT_EQ(db().integer("PRAGMA user_version"), 999);
}

TEST_F(start_up, a_database_that_cannot_be_written_is_refused) {
  make_database();
  db().run("PRAGMA wal_checkpoint(TRUNCATE)");
  const auto folder = std::filesystem::path(file()).parent_path();
  // Root writes everything: let the service be somebody else.
  const auto user = ::geteuid() == 0 ? std::optional(nobody_id) : std::nullopt;
  ::chmod(folder.c_str(), 0755);
  ::chmod(file().c_str(), 0444);
  if (!user) ::chmod(folder.c_str(), 0555);
  const auto got = serve({}, user);
  if (user && got.code == 127) GTEST_SKIP() << "another user cannot reach the program";
  expect_refusal(got, 1, {file(), "write"});

  // A folder that can be written, a file that cannot.
  ::chmod(folder.c_str(), 0777);
  std::filesystem::remove(file() + ".lock");
  expect_refusal(serve({}, user), 1, {file(), "write"});
  ::chmod(folder.c_str(), 0755);
  ::chmod(file().c_str(), 0644);
  start();
  EXPECT_EQ(admin().get("/api/unidades").data()["unidades"].size(), 2U) << "nothing was lost";
}

TEST_F(start_up, a_second_one_on_the_same_file_is_told_who_holds_it) {
  make_database();
  start();
  const auto id = std::to_string(service_->child().id());
  expect_refusal(serve(), 1, {file(), "in use", id});
  expect_refusal(run_program({{"migrate", "--database", url()}, {}}), 1, {"in use", id});
  expect_refusal(run_program({{"demo", "--database", url()}, {}}), 1, {"in use", id});
  EXPECT_EQ(admin().get("/api/unidades").status, 200) << "the first goes on";
  service_->kill();
  start();
}

TEST_F(start_up, a_place_that_does_not_exist_is_refused) {
  expect_refusal(run_program({{"serve", "--database", "sqlite:" + file() + "/not/here.db",
                               "--listen", "127.0.0.1:0"},
                              with_secret()}),
                 1, {"not/here.db"});
  expect_refusal(run_program({{"migrate", "--database",
                               "sqlite:" + std::filesystem::path(file()).parent_path().string()},
                              {}}),
                 1, {"directory"});
}

TEST_F(start_up, a_port_in_use_is_refused) {
  start();
  const auto port = std::to_string(service_->port());
  const auto other = (folder_ / "other.db").string();
  const auto got = run_program(
      {{"serve", "--database", "sqlite:" + other, "--listen", "127.0.0.1:" + port}, with_secret()});
  expect_refusal(got, 1, {port, "in use"});
}

TEST_F(start_up, without_a_good_secret_it_refuses_and_says_what_mends_it) {
  const auto with = [&](std::map<std::string, std::string> environment,
                        std::vector<std::string> flags = {}) {
    std::vector<std::string> all{"serve", "--database", url(), "--listen", "127.0.0.1:0"};
    all.insert(all.end(), flags.begin(), flags.end());
    return run_program({all, environment});
  };
  const auto none = with({});
  EXPECT_EQ(none.code, 2);
  EXPECT_NE(none.err.find("MUTIRAO_JWT_SECRET"), std::string::npos) << none.err;
  EXPECT_NE(none.err.find("--dev"), std::string::npos) << none.err;
  const auto brief = with({{"MUTIRAO_JWT_SECRET", "too short"}});
  EXPECT_EQ(brief.code, 2);
  EXPECT_NE(brief.err.find("32"), std::string::npos) << brief.err;
  EXPECT_EQ(brief.err.find("too short"), std::string::npos) << "the secret is told";
  const auto missing = with({}, {"--jwt-secret-file", (folder_ / "no-file").string()});
  EXPECT_EQ(missing.code, 2);
  EXPECT_NE(missing.err.find("no-file"), std::string::npos) << missing.err;
  EXPECT_FALSE(std::filesystem::exists(file())) << "nothing was made";
}

TEST_F(start_up, a_secret_may_come_from_a_file) {
  const auto path = (folder_ / "secret").string();
  std::ofstream(path) << service_process::secret << "\n";
  program_process child(
      {{"serve", "--database", url(), "--listen", "127.0.0.1:0", "--jwt-secret-file", path}, {}});
  const auto line = child.read_line();
  ASSERT_TRUE(line) << child.errors();
  const auto port = static_cast<std::uint16_t>(std::stoi(line->substr(line->rfind(':') + 1)));
  EXPECT_EQ(http_client(port, token_of({})).get("/api/unidades").status, 200);
}

TEST_F(start_up, dev_makes_a_secret_prints_a_token_that_works_and_stays_on_loopback) {
  program_process child({{"serve", "--database", url(), "--listen", "127.0.0.1:0", "--dev"}, {}});
  const auto line = child.read_line();
  ASSERT_TRUE(line) << child.errors();
  ASSERT_EQ(line->rfind("listening on http://127.0.0.1:", 0), 0U) << *line;
  const auto port = static_cast<std::uint16_t>(std::stoi(line->substr(line->rfind(':') + 1)));
  std::string token;
  for (int i = 0; i < 5 && token.empty(); ++i) {
    const auto next = child.read_line(std::chrono::seconds(5)).value_or("");
    const auto at = next.find("eyJ");
    if (at != std::string::npos) token = next.substr(at, next.find_first_of(" \"'", at) - at);
  }
  ASSERT_FALSE(token.empty());
  EXPECT_EQ(http_client(port, token).get("/api/empresas").status, 200);
  EXPECT_EQ(http_client(port, token_of({})).get("/api/empresas").status, 401);
  child.send(SIGTERM);
  EXPECT_EQ(child.wait(), 0);
  const auto open =
      run_program({{"serve", "--database", url(), "--listen", "0.0.0.0:0", "--dev"}, {}});
  EXPECT_EQ(open.code, 2) << open.err;
  EXPECT_NE(open.err.find("loopback"), std::string::npos) << open.err;
}

TEST_F(start_up, wrong_use_exits_2_and_names_the_option) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> wrong{
      {{"serve", "--no-such-option"}, "--no-such-option"},
      {{"serve", "--listen", "nowhere"}, "--listen"},
      {{"serve", "--listen", "127.0.0.1:99999"}, "--listen"},
      {{"serve", "--timezone", "Mars/Olympus"}, "--timezone"},
      {{"serve", "--workers", "0"}, "--workers"},
      {{"serve", "--workers", "many"}, "--workers"},
      {{"serve", "--max-jobs", "-1"}, "--max-jobs"},
      {{"serve", "--drain-timeout", "soon"}, "--drain-timeout"},
      {{"serve", "--retention", "1m"}, "--retention"},
      {{"serve", "--database", "mysql://here"}, "--database"},
      {{"serve", "extra"}, "extra"},
      {{"token"}, "--user"},
      {{"token", "--user", "0"}, "--user"},
      {{"import"}, "FILE"},
      {{"nothing"}, "nothing"},
      {{}, "command"}};
  for (const auto& [arguments, names] : wrong) {
    const auto got = run_program({arguments, with_secret()});
    EXPECT_EQ(got.code, 2) << names << ": " << got.err;
    EXPECT_NE(got.err.find(names), std::string::npos) << names << " is not in: " << got.err;
    EXPECT_EQ(got.out, "") << names;
  }
  EXPECT_FALSE(std::filesystem::exists(file()));
}

TEST_F(start_up, an_unknown_key_of_the_file_is_an_error) {
  const auto config = (folder_ / "mutirao.toml").string();
  std::ofstream(config) << "max-jobs = 5\nno-such-key = 1\n";
  const auto got = serve({"--config", config});
  EXPECT_EQ(got.code, 2) << got.err;
  EXPECT_NE(got.err.find("no-such-key"), std::string::npos) << got.err;
}

TEST_F(start_up, every_command_has_a_help_with_an_example) {
  for (const std::vector<std::string>& command : {std::vector<std::string>{"serve"},
                                                  {"token"},
                                                  {"import"},
                                                  {"demo"},
                                                  {"preview"},
                                                  {"migrate"},
                                                  {"jobs", "list"},
                                                  {"jobs", "show"},
                                                  {"jobs", "watch"},
                                                  {"jobs", "start"},
                                                  {"jobs", "cancel"},
                                                  {"jobs", "retry"},
                                                  {"jobs", "pause"},
                                                  {"jobs", "resume"},
                                                  {"jobs", "priority"}}) {
    auto arguments = command;
    arguments.push_back("--help");
    const auto got = run_program({arguments, {}});
    EXPECT_EQ(got.code, 0) << command.back() << got.err;
    EXPECT_NE(got.out.find("mutirao " + command.front()), std::string::npos) << got.out;
  }
}

}  // namespace
}  // namespace mutirao::e2e
