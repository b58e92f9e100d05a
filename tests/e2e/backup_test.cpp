// mutirao backup: a copy of a database that is being served, good enough to go on from.
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "tests/e2e/fixture.hpp"
#include "tests/e2e/small_disk.hpp"

namespace mutirao::e2e {
namespace {

class backup : public service_test {
 protected:
  void SetUp() override { make_database(); }

  std::string copy() const { return (folder_ / "copy.db").string(); }
  program_result back_up(const std::string& to, std::string from = {}) {
    if (from.empty()) from = url();
    return run_program({{"backup", to, "--database", from}, {}});
  }
  /// It failed with one line that says these words, and left no file.
  void expect_refusal(const program_result& got, const std::vector<std::string>& words) {
    EXPECT_EQ(got.code, 1) << got.err;
    EXPECT_EQ(got.out, "");
    EXPECT_EQ(std::count(got.err.begin(), got.err.end(), '\n'), 1) << got.err;
    for (const auto& word : words) {
      EXPECT_NE(got.err.find(word), std::string::npos) << "no \"" << word << "\" in: " << got.err;
    }
  }
  static std::size_t files_in(const std::filesystem::path& folder) {
    std::size_t count = 0;
    for ([[maybe_unused]] const auto& each : std::filesystem::directory_iterator(folder)) ++count;
    return count;
  }
};

TEST_F(backup, of_a_running_job_lets_both_go_on_and_end_right) {
  constexpr int years = 5;
  {
    auto stored = db();
    add_companies(stored, busy_companies(1, 1, 2000));
  }
  start();
  auto user = as();
  const auto id = start_job(user, 1, years);
  ASSERT_TRUE(wait_for_progress(user, id, 1));
  const auto got = back_up(copy());
  ASSERT_EQ(got.code, 0) << got.err;
  EXPECT_EQ(got.out.rfind("wrote " + copy() + ": ", 0), 0U) << got.out;
  {
    database copied(copy());
    EXPECT_EQ(breaches(copied), std::vector<std::string>{});
    const auto done = copied.integer("SELECT done FROM jobs");
    EXPECT_GT(done, 0);
    EXPECT_LT(done, 2000) << "the job was over too early for this test to mean anything";
  }
  EXPECT_EQ(wait_for_end(user, id)["status"], "completed");
  stop();

  service_process second(copy(), {"--timezone", noon_zone()});
  ASSERT_TRUE(second.ready()) << second.errors();
  http_client again(second.port(), token_of({}));
  EXPECT_EQ(wait_for_end(again, id)["status"], "completed");
  EXPECT_EQ(second.stop(), 0);
  for (const auto& path : {file(), copy()}) {
    database stored(path);
    EXPECT_EQ(breaches(stored), std::vector<std::string>{}) << path;
    EXPECT_EQ(difference(planned_for_unit(stored, 1, {noon_date(), years}), stored_lines(stored)),
              "")
        << path;
    EXPECT_EQ(stored.integer("SELECT count(*) FROM notificacoes"), 1) << path;
  }
}

TEST_F(backup, is_for_its_owner_only) {
  ASSERT_EQ(back_up(copy()).code, 0);
  struct stat is {};
  ASSERT_EQ(::stat(copy().c_str(), &is), 0);
  EXPECT_EQ(is.st_mode & 0777U, 0600U);
}

TEST_F(backup, never_overwrites_a_file) {
  std::ofstream(copy()) << "precious";
  expect_refusal(back_up(copy()), {copy(), "exists"});
  std::string kept;
  std::ifstream(copy()) >> kept;
  EXPECT_EQ(kept, "precious");
  std::filesystem::remove(copy());
}

TEST_F(backup, refuses_what_is_no_database_of_ours) {
  const auto from = (folder_ / "other.db").string();
  expect_refusal(back_up(copy(), "sqlite:" + from), {from, "no such file"});
  EXPECT_FALSE(std::filesystem::exists(from));
  std::ofstream(from) << std::string(5000, 'x');
  expect_refusal(back_up(copy(), "sqlite:" + from), {from, "not a database"});
  std::ofstream(from, std::ios::trunc);
  expect_refusal(back_up(copy(), "sqlite:" + from), {from, "empty"});
  db().run("PRAGMA user_version = 999");
  expect_refusal(back_up(copy()), {file(), "999", "newer mutirao"});
  db().run("PRAGMA user_version = 2; PRAGMA application_id = 1");
  expect_refusal(back_up(copy()), {file(), "another program"});
  db().run("PRAGMA application_id = 0x4D757469");
  EXPECT_FALSE(std::filesystem::exists(copy()));
}

TEST_F(backup, of_a_damaged_database_fails) {
  {
    auto stored = db();
    add_companies(stored, busy_companies(1, 1, 500));
    stored.run("PRAGMA wal_checkpoint(TRUNCATE)");
  }
  const auto bad = (folder_ / "bad.db").string();
  std::filesystem::copy_file(file(), bad);
  {
    std::fstream damage(bad, std::ios::in | std::ios::out | std::ios::binary);
    const auto size = static_cast<std::streamoff>(std::filesystem::file_size(bad));
    for (std::streamoff at = 4096 * 3; at + 4096 <= size; at += 4096) {
      damage.seekp(at);
      damage << std::string(200, '\xee');
    }
  }
  const auto before = files_in(folder_ / "");
  expect_refusal(back_up(copy(), "sqlite:" + bad), {bad, "damaged"});
  EXPECT_FALSE(std::filesystem::exists(copy()));
  EXPECT_LE(files_in(folder_ / ""), before + 2) << "no more than the log and its index";
}

TEST_F(backup, says_where_it_cannot_write) {
  expect_refusal(back_up("/nowhere/at/all.db"), {"/nowhere/at/all.db", "No such file"});
  const small_disk small(folder_ / "disk", "size=100k");
  if (!small.mounted()) GTEST_SKIP() << "only root can mount a small disk";
  {
    auto stored = db();
    add_companies(stored, busy_companies(1, 1, 2000));
  }
  const auto to = small / "copy.db";
  expect_refusal(back_up(to), {to, "room"});
  EXPECT_EQ(files_in(folder_ / "disk"), 0U) << "nothing half is left";
  small.grow("size=50m");
  EXPECT_EQ(back_up(to).code, 0);
}

}  // namespace
}  // namespace mutirao::e2e
