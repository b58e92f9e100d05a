#include "bench/sql.hpp"

#include "bench/failure.hpp"

namespace mutirao::bench {
namespace {

void check(sqlite3* db, int code, const char* what) {
  if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW) return;
  give_up(std::string("SQLite: ") + (db ? sqlite3_errmsg(db) : sqlite3_errstr(code)) + ", at " +
          what);
}

}  // namespace

sql_database::sql_database(const std::string& file, access mode) {
  sqlite3* raw = nullptr;
  const int flags =
      SQLITE_OPEN_NOMUTEX | (mode == access::write ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY);
  const int code = sqlite3_open_v2(file.c_str(), &raw, flags, nullptr);
  db_.reset(raw);
  check(raw, code, file.c_str());
  sqlite3_busy_timeout(raw, 5000);
  if (mode == access::read) return;
  run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;"
      " PRAGMA wal_autocheckpoint = 16000");
}

void sql_database::run(const char* sql) {
  check(db_.get(), sqlite3_exec(db_.get(), sql, nullptr, nullptr, nullptr), sql);
}

std::int64_t sql_database::integer(const char* sql) {
  std::int64_t found = 0;
  const auto take = [](void* into, int columns, char** values, char**) {
    if (columns > 0 && values[0]) *static_cast<std::int64_t*>(into) = std::stoll(values[0]);
    return 0;
  };
  check(db_.get(), sqlite3_exec(db_.get(), sql, take, &found, nullptr), sql);
  return found;
}

sql_statement::sql_statement(sql_database& on, const char* sql) : db_(on.handle()) {
  sqlite3_stmt* raw = nullptr;
  check(db_, sqlite3_prepare_v3(db_, sql, -1, SQLITE_PREPARE_PERSISTENT, &raw, nullptr), sql);
  statement_.reset(raw);
}

void sql_statement::bind(int position, std::int64_t value) {
  check(db_, sqlite3_bind_int64(statement_.get(), position, value), "bind");
}

void sql_statement::bind(int position, std::string_view text) {
  check(db_,
        sqlite3_bind_text(statement_.get(), position, text.data(), static_cast<int>(text.size()),
                          SQLITE_STATIC),
        "bind");
}

void sql_statement::bind(int position, std::span<const std::uint8_t> bytes) {
  check(db_,
        sqlite3_bind_blob(statement_.get(), position, bytes.data(), static_cast<int>(bytes.size()),
                          SQLITE_STATIC),
        "bind");
}

void sql_statement::finish() {
  const int code = sqlite3_step(statement_.get());
  sqlite3_reset(statement_.get());
  check(db_, code, sqlite3_sql(statement_.get()));
}

}  // namespace mutirao::bench
