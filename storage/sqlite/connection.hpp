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

namespace mutirao::storage::sqlite {

/// What went wrong on `db` just now, as this program's vocabulary: disk_full, store_busy,
/// store_read_only, disk_failed, store_corrupt, else store_failed. `detail` is for logs.
error error_of(sqlite3* db, int code);

/// Whether `code` says that the database itself failed, not that a command was refused.
bool is_store_failure(errc code);

enum class access : std::uint8_t { write, read, create };

class connection {
 public:
  /// Foreign keys on, busy timeout 5 s, synchronous FULL. Readers cannot write.
  static expected<connection> open(const std::string& file, access mode);

  /// Runs statements that answer nothing.
  expected<void> execute(const char* sql);

  /// The integer that `sql` answers in its first row, e.g. a pragma's value.
  expected<std::int64_t> integer(const char* sql);
  expected<std::string> text(const char* sql);

  /// Whether a transaction is open: an error may have rolled it back already.
  bool in_transaction() const { return sqlite3_get_autocommit(db_.get()) == 0; }
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

  std::unique_ptr<sqlite3, closer> db_;
};

/// A transaction for reading: one picture of the data from its first statement to its end.
class picture {
 public:
  static expected<picture> take(connection& of);
  picture(picture&& other) noexcept : of_(std::exchange(other.of_, nullptr)) {}
  picture& operator=(picture&&) = delete;
  ~picture();

 private:
  explicit picture(connection& of) : of_(&of) {}
  connection* of_;
};

}  // namespace mutirao::storage::sqlite
