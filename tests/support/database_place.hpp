// Where a test's database stands: a file in a folder of its own, or, where MUTIRAO_TEST_POSTGRES
// names a server (as `scripts/postgres start` prints it), a database of its own there.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "storage/postgres/connection.hpp"
#include "storage/postgres/wire.hpp"
#include "storage/sqlite/connection.hpp"
#include "tests/support/temporary_folder.hpp"

namespace mutirao::testing {

class database_place {
 public:
  database_place() {
    const char* named = std::getenv("MUTIRAO_TEST_POSTGRES");
    if (!named || !*named) return;
    server_ = named;
    static int count = 0;
    name_ = "t_" + std::to_string(getpid()) + "_" + std::to_string(++count);
    on_server("CREATE DATABASE " + name_);
  }
  ~database_place() {
    if (on_postgres()) on_server("DROP DATABASE " + name_ + " WITH (FORCE)");
  }
  database_place(const database_place&) = delete;
  database_place& operator=(const database_place&) = delete;

  bool on_postgres() const { return !server_.empty(); }

  std::string file() const { return (folder_ / "test.db").string(); }
  std::string url() const {
    if (!on_postgres()) return "sqlite:" + file();
    auto made = server_;
    const std::string usual = "/postgres?";
    return made.replace(made.find(usual), usual.size(), "/" + name_ + "?");
  }
  const temporary_folder& folder() const { return folder_; }

  std::unique_ptr<storage::sql::connection> connect() const {
    if (on_postgres()) return storage::postgres::connection::open(url()).value();
    return std::make_unique<storage::sqlite::connection>(
        storage::sqlite::connection::open(file(), storage::sqlite::access::write).value());
  }

  /// The number that a query answers, on a connection of its own.
  std::int64_t number(const std::string& sql) const {
    if (!on_postgres()) {
      auto on = storage::sqlite::connection::open(file(), storage::sqlite::access::read);
      EXPECT_TRUE(on) << on.error().detail;
      auto found = on->integer(sql.c_str());
      EXPECT_TRUE(found) << found.error().detail;
      return found.value_or(-1);
    }
    namespace pg = storage::postgres;
    auto on = pg::connection::open(url());
    EXPECT_TRUE(on) << on.error().detail;
    const auto found = (*on)->run("SELECT CAST((" + sql + ") AS bigint)", {});
    EXPECT_TRUE(found) << found.error().detail << " in " << sql;
    if (!found) return -1;
    return pg::get_number(pg::cell(*found, 0, 0));
  }

  /// Changes what is stored behind the back of whoever has it open.
  expected<void> change(const std::string& sql) const { return connect()->execute(sql.c_str()); }

 private:
  void on_server(const std::string& sql) const {
    auto on = storage::postgres::connection::open(server_);
    ASSERT_TRUE(on) << on.error().detail;
    const auto done = (*on)->execute(sql.c_str());
    ASSERT_TRUE(done) << done.error().detail;
  }

  temporary_folder folder_;
  std::string server_, name_;
};

}  // namespace mutirao::testing
