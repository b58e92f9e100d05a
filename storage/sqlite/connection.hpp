// One connection to the database file: opened with the settings that every connection of ours has,
// closed when it goes. Used by one thread at a time.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "domain/error.hpp"
#include "storage/sql/connection.hpp"

namespace mutirao::storage::sqlite {

/// What went wrong on `db` just now, as this program's vocabulary: disk_full, store_busy,
/// store_read_only, disk_failed, store_corrupt, else store_failed. `detail` is for logs.
error error_of(sqlite3* db, int code);

enum class access : std::uint8_t { write, read, create };

class connection final : public sql::connection {
 public:
  /// Foreign keys on, busy timeout 5 s, synchronous FULL. Readers cannot write.
  static expected<connection> open(const std::string& file, access mode);

  expected<std::unique_ptr<sql::prepared>> prepare(std::string_view sql) override;
  expected<std::unique_ptr<sql::prepared_rows>> prepare_rows(std::string_view sql,
                                                             std::string_view kinds,
                                                             std::string_view returns) override;
  expected<void> begin_writing() override { return execute("BEGIN IMMEDIATE"); }
  expected<void> begin_reading() override { return execute("BEGIN"); }
  expected<void> commit() override { return execute("COMMIT"); }
  expected<void> rollback() override { return execute("ROLLBACK"); }
  expected<void> execute(const char* sql) override;

  /// The integer that `sql` answers in its first row, e.g. a pragma's value.
  expected<std::int64_t> integer(const char* sql);
  expected<std::string> text(const char* sql);

  bool in_transaction() const override { return sqlite3_get_autocommit(db_.get()) == 0; }
  /// Opened for writing, but the file or its place cannot be written.
  bool is_read_only() const { return sqlite3_db_readonly(db_.get(), "main") == 1; }

  /// Moves the log into the file as far as readers allow, without waiting for anybody. The pages of
  /// the log that are in the file then; nothing where somebody else is at it.
  expected<std::optional<std::int64_t>> checkpoint();

  sqlite3* handle() const { return db_.get(); }

 private:
  struct closer {
    void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
  };
  explicit connection(sqlite3* db) : db_(db) {}
  expected<sqlite3_stmt*> compile(std::string_view sql);

  std::unique_ptr<sqlite3, closer> db_;
};

}  // namespace mutirao::storage::sqlite
