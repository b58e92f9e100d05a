#include "storage/sqlite/connection.hpp"

#include <algorithm>
#include <cerrno>
#include <mutex>
#include <utility>

#include "storage/sql/attempt.hpp"
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

namespace {

/// Binding, which prepared and prepared_rows share.
template <class Interface>
class bound : public Interface {
 public:
  explicit bound(sqlite3_stmt* of) : of_(of) {}
  ~bound() override { sqlite3_finalize(of_); }

  void bind_null(int at, sql::value_kind) final { note(sqlite3_bind_null(of_, at)); }
  void bind(int at, std::int64_t value) final { note(sqlite3_bind_int64(of_, at, value)); }
  void bind(int at, std::string_view text) final {
    // A null pointer would bind NULL.
    const char* data = text.data() ? text.data() : "";
    note(sqlite3_bind_text64(of_, at, data, text.size(), SQLITE_STATIC, SQLITE_UTF8));
  }
  void bind(int at, sql::bytes blob) final {
    const void* data = blob.data() ? static_cast<const void*>(blob.data()) : "";
    note(sqlite3_bind_blob64(of_, at, data, blob.size(), SQLITE_STATIC));
  }
  void bind_copy(int at, std::string_view text) final {
    note(sqlite3_bind_text64(of_, at, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
  }

 protected:
  expected<bool> run() {
    const int code = first_failure_ != SQLITE_OK ? first_failure_ : sqlite3_step(of_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    return tl::unexpected(error_of(sqlite3_db_handle(of_), code));
  }
  void rewind() {
    sqlite3_reset(of_);
    first_failure_ = SQLITE_OK;
  }
  std::int64_t changes() const { return sqlite3_changes64(sqlite3_db_handle(of_)); }
  sqlite3_stmt* handle() const { return of_; }

 private:
  void note(int code) {
    if (first_failure_ == SQLITE_OK) first_failure_ = code;
  }

  sqlite3_stmt* of_;
  int first_failure_ = SQLITE_OK;  // of binding
};

class prepared_statement final : public bound<sql::prepared> {
 public:
  using bound::bound;

  expected<bool> step() override { return run(); }
  std::int64_t changed() const override { return changes(); }
  void reset() override { rewind(); }

  bool is_null(int column) const override {
    return sqlite3_column_type(handle(), column) == SQLITE_NULL;
  }
  std::int64_t integer(int column) const override { return sqlite3_column_int64(handle(), column); }
  std::string_view text(int column) const override {
    const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(handle(), column));
    return data ? std::string_view(data, size(column)) : std::string_view();
  }
  sql::bytes blob(int column) const override {
    const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(handle(), column));
    return {data, data ? size(column) : 0};
  }

 private:
  std::size_t size(int column) const {
    return static_cast<std::size_t>(sqlite3_column_bytes(handle(), column));
  }
};

/// Writes each row as it is added.
class row_by_row final : public bound<sql::prepared_rows> {
 public:
  using bound::bound;

  expected<void> add(std::int64_t key) override {
    const auto done = run();
    const bool written = done && changes() == 1;
    rewind();
    if (!done) return tl::unexpected(done.error());
    if (written) written_.push_back(key);
    return {};
  }
  expected<std::vector<std::int64_t>> flush() override { return std::exchange(written_, {}); }
  void drop() override { written_.clear(); }

 private:
  std::vector<std::int64_t> written_;
};

}  // namespace

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

expected<sqlite3_stmt*> connection::compile(std::string_view sql) {
  sqlite3_stmt* made = nullptr;
  const int code = sqlite3_prepare_v3(db_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &made, nullptr);
  if (code != SQLITE_OK) return tl::unexpected(error_of(db_.get(), code));
  return made;
}

expected<std::unique_ptr<sql::prepared>> connection::prepare(std::string_view sql) {
  MUTIRAO_TRY(auto* const made, compile(sql));
  return std::make_unique<prepared_statement>(made);
}

expected<std::unique_ptr<sql::prepared_rows>> connection::prepare_rows(std::string_view sql,
                                                                       std::string_view,
                                                                       std::string_view) {
  MUTIRAO_TRY(auto* const made, compile(sql));
  return std::make_unique<row_by_row>(made);
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

}  // namespace mutirao::storage::sqlite
