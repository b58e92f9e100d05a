#include "storage/sqlite/connection.hpp"

#include <algorithm>
#include <cerrno>
#include <mutex>

#include "domain/ports/store.hpp"
#include "storage/sqlite/attempt.hpp"
#include "storage/sqlite/log_writes.hpp"

namespace mutirao::storage::sqlite {
namespace {

// Readers and the writer would fight over the mutex of SQLite's memory statistics.
void configure_once() {
  static std::once_flag once;
  std::call_once(once, [] { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); });
}

// A COMMIT that fails leaves its reason with the log only; a statement that fails, with the
// connection.
int system_error(sqlite3* db) {
  if (!db) return 0;
  if (const int number = sqlite3_system_errno(db); number != 0) return number;
  sqlite3_file* log = nullptr;
  int number = 0;
  (void)sqlite3_file_control(db, "main", SQLITE_FCNTL_JOURNAL_POINTER, &log);
  if (log && log->pMethods) log->pMethods->xFileControl(log, SQLITE_FCNTL_LAST_ERRNO, &number);
  return number;
}

errc code_of(sqlite3* db, int extended) {
  switch (extended & 0xff) {
    case SQLITE_FULL:
      return errc::disk_full;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return errc::store_busy;
    case SQLITE_READONLY:
      return errc::store_read_only;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return errc::store_corrupt;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
      switch (system_error(db)) {
        case ENOSPC:
        case EDQUOT:
        case EFBIG:  // the process's limit, or the file system's
          return errc::disk_full;
        case EROFS:
        case EACCES:
        case EPERM:
          return errc::store_read_only;
        default:
          return errc::disk_failed;
      }
    default:
      return errc::store_failed;
  }
}

}  // namespace

error error_of(sqlite3* db, int code) {
  const int extended = db ? sqlite3_extended_errcode(db) : code;
  const int known = (extended & 0xff) == (code & 0xff) ? extended : code;
  return {code_of(db, known), std::string(db ? sqlite3_errmsg(db) : sqlite3_errstr(code)) + " (" +
                                  std::to_string(known) + ")"};
}

bool is_store_failure(errc code) {
  return store_is_away(code) || code == errc::store_failed || code == errc::store_corrupt;
}

expected<connection> connection::open(const std::string& file, access mode) {
  configure_once();
  const int flags = SQLITE_OPEN_NOMUTEX |
                    (mode == access::read ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) |
                    (mode == access::create ? SQLITE_OPEN_CREATE : 0);
  sqlite3* raw = nullptr;
  const int code = sqlite3_open_v2(file.c_str(), &raw, flags, gathering_log_writes());
  connection opened(raw);
  if (code != SQLITE_OK) return tl::unexpected(error_of(raw, code));
  sqlite3_extended_result_codes(raw, 1);
  sqlite3_busy_timeout(raw, 5000);
  MUTIRAO_CHECK(opened.execute(
      "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY"));
  return opened;
}

expected<void> connection::execute(const char* sql) {
  const int code = sqlite3_exec(db_.get(), sql, nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) return tl::unexpected(error_of(db_.get(), code));
  return {};
}

expected<std::string> connection::text(const char* sql) {
  std::string found;
  const auto take = [](void* into, int columns, char** values, char**) {
    if (columns > 0 && values[0]) *static_cast<std::string*>(into) = values[0];
    return 0;
  };
  const int code = sqlite3_exec(db_.get(), sql, take, &found, nullptr);
  if (code != SQLITE_OK) return tl::unexpected(error_of(db_.get(), code));
  return found;
}

expected<std::int64_t> connection::integer(const char* sql) {
  return text(sql).map([](const std::string& found) {
    return found.empty() ? std::int64_t{0} : std::int64_t{std::strtoll(found.c_str(), nullptr, 10)};
  });
}

expected<std::optional<std::int64_t>> connection::checkpoint() {
  int moved = 0;
  const int code =
      sqlite3_wal_checkpoint_v2(db_.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, &moved);
  if ((code & 0xff) == SQLITE_BUSY) return std::nullopt;
  if (code != SQLITE_OK) return tl::unexpected(error_of(db_.get(), code));
  return std::int64_t{std::max(moved, 0)};
}

expected<picture> picture::take(connection& of) {
  MUTIRAO_CHECK(of.execute("BEGIN"));
  return picture(of);
}

picture::~picture() {
  // Nothing was written, so nothing is lost where this fails; the next BEGIN would say so.
  if (of_ && of_->in_transaction()) (void)of_->execute("ROLLBACK");
}

}  // namespace mutirao::storage::sqlite
