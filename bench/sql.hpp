// SQLite as a C++ value: a connection and prepared statements. Every error is a bench::failure.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace mutirao::bench {

class sql_database {
 public:
  enum class access : std::uint8_t { read, write };

  /// For writing with the settings of the service's own writer: WAL, synchronous FULL, foreign
  /// keys, a checkpoint only at 16,000 pages.
  sql_database(const std::string& file, access mode);

  void run(const char* sql);
  std::int64_t integer(const char* sql);

  sqlite3* handle() const { return db_.get(); }

 private:
  struct closer {
    void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
  };
  std::unique_ptr<sqlite3, closer> db_;
};

class sql_statement {
 public:
  sql_statement(sql_database& on, const char* sql);

  /// Binds `values` in order and runs the statement. Texts are read during the call only.
  template <class... Values>
  void run(const Values&... values) {
    int position = 0;
    (bind(++position, values), ...);
    finish();
  }

 private:
  struct finalizer {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
  };
  void bind(int position, std::int64_t value);
  void bind(int position, std::string_view text);
  void bind(int position, std::span<const std::uint8_t> bytes);
  void finish();

  sqlite3* db_;
  std::unique_ptr<sqlite3_stmt, finalizer> statement_;
};

}  // namespace mutirao::bench
