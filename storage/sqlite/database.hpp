// A database file of ours: locked, checked and brought up to date, with what its writer and its
// readers share.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "storage/open.hpp"
#include "storage/sqlite/file_lock.hpp"
#include "storage/sqlite/migrate.hpp"
#include "storage/sqlite/revisions.hpp"
#include "storage/sqlite/writer.hpp"

namespace mutirao::storage::sqlite {

class sqlite_database final : public database {
 public:
  /// `file` must be absolute.
  static expected<std::unique_ptr<sqlite_database>> open(const std::string& file,
                                                         const job_types& types,
                                                         const open_options& options);

  expected<std::unique_ptr<job_store>> writer() override;
  expected<std::unique_ptr<reads>> reader() override;
  const schema_report& schema() const override { return schema_; }
  std::int64_t interrupted() const override { return interrupted_; }

 private:
  sqlite_database(std::string file, file_lock lock)
      : file_(std::move(file)), lock_(std::move(lock)) {}

  std::string file_;
  file_lock lock_;
  schema_report schema_;
  std::int64_t interrupted_ = 0;
  published_revision published_;
  std::unique_ptr<sqlite::writer> writer_;  // until it is handed out
};

/// Locks and migrates `file` and lets go of it.
expected<schema_report> migrate_file(const std::string& file, const open_options& options);

/// Without the lock, but to migrate the file.
expected<std::unique_ptr<accounts>> open_accounts_of(const std::string& file,
                                                     const open_options& options);

}  // namespace mutirao::storage::sqlite
