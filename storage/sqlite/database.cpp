#include "storage/sqlite/database.hpp"

#include <filesystem>
#include <fstream>
#include <string>

#include "storage/sql/account_writes.hpp"
#include "storage/sql/attempt.hpp"
#include "storage/sql/reader.hpp"

namespace mutirao::storage::sqlite {
namespace {

// What an operator can do about it. The detail says what SQLite said.
std::string advice(errc code) {
  switch (code) {
    case errc::store_corrupt:
      return "; the file is damaged or no database: restore a backup, or name another file";
    case errc::store_read_only:
      return "; this user must be able to write the file and its directory";
    case errc::disk_full:
      return "; make room on its disk";
    case errc::store_busy:
      return "; another program holds the file";
    default:
      return {};
  }
}

tl::unexpected<error> at_opening(const std::string& file, error why) {
  if (why.code == errc::store_locked) return tl::unexpected(std::move(why));
  if (why.detail.find(file) == std::string::npos) why.detail = file + ": " + why.detail;
  why.detail += advice(why.code);
  return tl::unexpected(std::move(why));
}

// Looked at before anything is put beside it. What cannot be read is left to SQLite.
bool is_something_else(const std::string& file) {
  constexpr std::string_view header("SQLite format 3", 16);
  std::ifstream in(file, std::ios::binary);
  std::string begin(header.size(), '\0');
  in.read(begin.data(), std::ssize(begin));
  return in.gcount() > 0 && begin != header;
}

expected<void> check_place(const std::string& file, const open_options& options) {
  std::error_code problem;
  const auto folder = std::filesystem::path(file).parent_path();
  if (!std::filesystem::is_directory(folder, problem)) {
    return fail(errc::store_failed, "there is no directory " + folder.string());
  }
  if (std::filesystem::is_directory(file, problem)) {
    return fail(errc::store_failed, "this is a directory; name a file in it");
  }
  if (!options.create && !std::filesystem::exists(file, problem)) {
    return fail(errc::store_failed, "there is no such file");
  }
  if (is_something_else(file)) return fail(errc::store_corrupt, "file is not a database");
  return {};
}

expected<schema_report> prepare(const std::string& file) {
  MUTIRAO_TRY(auto on, connection::open(file, access::create));
  // Looks at the header before anything is changed: it may be no database, or another's.
  MUTIRAO_CHECK(on.integer("PRAGMA user_version"));
  if (on.is_read_only()) return fail(errc::store_read_only, "it cannot be written");
  MUTIRAO_TRY(auto report, migrate(on));
  MUTIRAO_TRY(const auto mode, on.text("PRAGMA journal_mode = WAL"));
  if (mode != "wal") {
    return fail(errc::store_failed, "its file system allows no write-ahead log (" + mode + ")");
  }
  return report;
}

}  // namespace

expected<std::unique_ptr<sqlite_database>> sqlite_database::open(const std::string& file,
                                                                 const job_types& types,
                                                                 const open_options& options) {
  const auto explain = [&](error why) { return at_opening(file, std::move(why)); };
  if (auto there = check_place(file, options); !there) return explain(there.error());
  auto lock = file_lock::take(file, options.owner);
  if (!lock) return explain(lock.error());
  std::unique_ptr<sqlite_database> opened(new sqlite_database(file, *std::move(lock)));
  auto schema = prepare(file);
  if (!schema) return explain(schema.error());
  opened->schema_ = *std::move(schema);
  auto writing =
      sqlite::writer::open(file, types, opened->published_, options.owner, options.webhooks);
  if (!writing) return explain(writing.error());
  opened->writer_ = *std::move(writing);
  opened->interrupted_ = opened->writer_->interrupted();
  return opened;
}

expected<std::unique_ptr<job_store>> sqlite_database::writer() {
  if (!writer_) return fail(errc::internal, "the writer was handed out already");
  return std::unique_ptr<job_store>(std::move(writer_));
}

expected<std::unique_ptr<reads>> sqlite_database::reader() {
  MUTIRAO_TRY(auto on, connection::open(file_, access::read));
  MUTIRAO_CHECK(on.execute("PRAGMA query_only = ON"));
  return std::make_unique<sql::reader>(std::make_unique<connection>(std::move(on)), published_);
}

expected<schema_report> migrate_file(const std::string& file, const open_options& options) {
  const auto explain = [&](error why) { return at_opening(file, std::move(why)); };
  if (auto there = check_place(file, options); !there) return explain(there.error());
  const auto lock = file_lock::take(file, options.owner);
  if (!lock) return explain(lock.error());
  auto report = prepare(file);
  if (!report) return explain(report.error());
  return report;
}

namespace {

expected<bool> is_up_to_date(const std::string& file) {
  std::error_code problem;
  if (!std::filesystem::exists(file, problem)) return false;
  MUTIRAO_TRY(auto on, connection::open(file, access::read));
  MUTIRAO_TRY(const auto version, schema_version(on));
  return version == std::ssize(migrations());
}

expected<connection> open_for_accounts(const std::string& file) {
  MUTIRAO_TRY(auto on, connection::open(file, access::write));
  if (on.is_read_only()) return fail(errc::store_read_only, "it cannot be written");
  // Who serves the file moves its log.
  MUTIRAO_CHECK(on.execute("PRAGMA wal_autocheckpoint = 0"));
  return on;
}

}  // namespace

expected<std::unique_ptr<accounts>> open_accounts_of(const std::string& file,
                                                     const open_options& options) {
  const auto explain = [&](error why) { return at_opening(file, std::move(why)); };
  if (auto there = check_place(file, options); !there) return explain(there.error());
  const auto ready = is_up_to_date(file);
  if (!ready) return explain(ready.error());
  if (!*ready) {
    if (auto made = migrate_file(file, options); !made) return tl::unexpected(made.error());
  }
  auto on = open_for_accounts(file);
  if (!on) return explain(on.error());
  return std::make_unique<sql::account_writes>(std::make_unique<connection>(*std::move(on)));
}

}  // namespace mutirao::storage::sqlite
