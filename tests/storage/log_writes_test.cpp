// What is written to the log goes to the kernel in large pieces, and whoever reads it sees what
// SQLite's own file layer would show.
#include "storage/sqlite/log_writes.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "storage/sqlite/connection.hpp"
#include "tests/support/temporary_folder.hpp"

namespace mutirao::storage::sqlite {
namespace {

constexpr std::int64_t rows = 2'000;
constexpr auto insert_rows =
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
    " INSERT INTO t SELECT NULL, hex(zeroblob(500)) FROM n";

class log_writes : public ::testing::Test {
 protected:
  mutirao::testing::temporary_folder folder_;
  std::string file_ = (folder_ / "t.db").string();
  connection on_ = create();

  connection create() {
    auto made = connection::open(file_, access::create).value();
    run(made,
        "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0;"
        "CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT) STRICT");
    return made;
  }
  static void run(connection& on, const char* sql) {
    const auto done = on.execute(sql);
    ASSERT_TRUE(done) << done.error().detail;
  }
  connection another() { return connection::open(file_, access::write).value(); }
  std::int64_t count(connection& by) { return by.integer("SELECT count(*) FROM t").value(); }
  std::string check(connection& by) { return by.text("PRAGMA integrity_check").value(); }
  std::uintmax_t log_bytes() const { return std::filesystem::file_size(file_ + "-wal"); }
};

TEST_F(log_writes, reach_the_log_at_the_commit_and_no_sooner) {
  const auto before = log_bytes();
  run(on_, "BEGIN; INSERT INTO t VALUES (NULL, 'a')");
  EXPECT_EQ(log_bytes(), before);
  run(on_, "COMMIT");
  EXPECT_GT(log_bytes(), before);
}

TEST_F(log_writes, of_a_transaction_larger_than_what_is_gathered_are_all_there_for_others) {
  run(on_, insert_rows);
  auto other = another();
  EXPECT_EQ(count(other), rows);
  EXPECT_EQ(check(other), "ok");
}

// Pages that leave the cache before the commit are written, read and written again.
TEST_F(log_writes, of_pages_that_leave_a_small_cache_are_read_back_by_their_own_transaction) {
  run(on_, "PRAGMA cache_size = 10");
  run(on_, "BEGIN");
  run(on_, insert_rows);
  run(on_, "UPDATE t SET text = text || id");
  EXPECT_EQ(on_.integer("SELECT count(*) FROM t WHERE text LIKE '%00' || id").value(), rows);
  auto other = another();
  EXPECT_EQ(count(other), 0);
  run(on_, "COMMIT");
  EXPECT_EQ(count(other), rows);
  EXPECT_EQ(check(other), "ok");
}

TEST_F(log_writes, that_are_rolled_back_leave_the_next_transaction_whole) {
  run(on_, "PRAGMA cache_size = 10; BEGIN");
  run(on_, insert_rows);
  run(on_, "ROLLBACK");
  run(on_, "INSERT INTO t VALUES (NULL, 'a')");
  auto other = another();
  EXPECT_EQ(count(other), 1);
  EXPECT_EQ(check(other), "ok");
}

TEST_F(log_writes, are_moved_into_the_file_by_another_connection) {
  run(on_, insert_rows);
  auto other = another();
  EXPECT_GT(other.checkpoint().value().value(), 0);
  run(on_, "DELETE FROM t");
  EXPECT_EQ(count(other), 0);
  EXPECT_EQ(check(other), "ok");
}

/// Writes that this process asked the kernel for.
std::int64_t writes_asked() {
  std::ifstream from("/proc/self/io");
  std::string name;
  std::int64_t value = 0;
  while (from >> name >> value) {
    if (name == "syscw:") return value;
  }
  return -1;
}

TEST_F(log_writes, are_few) {
  const auto before = writes_asked();
  ASSERT_GE(before, 0) << "the kernel does not count them in /proc/self/io";
  const auto pages_before = log_bytes() / 4096;
  run(on_, insert_rows);
  const auto pages = static_cast<std::int64_t>(log_bytes() / 4096 - pages_before);
  ASSERT_GT(pages, 200);
  EXPECT_LT(writes_asked() - before, pages / 10);
}

}  // namespace
}  // namespace mutirao::storage::sqlite
