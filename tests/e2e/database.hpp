// The service's own SQLite file, read and filled by plain SQL beside it.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <string>
#include <vector>

namespace mutirao::e2e {

/// Throws std::runtime_error with SQLite's message where SQL fails: a test then fails.
class database {
 public:
  explicit database(const std::string& file);
  ~database();
  database(const database&) = delete;
  database& operator=(const database&) = delete;

  void run(const std::string& sql);
  /// Each row's columns as text; NULL is "null".
  std::vector<std::vector<std::string>> rows(const std::string& sql);
  /// Each row as one text, its columns divided by `|`.
  std::vector<std::string> lines(const std::string& sql);
  /// The first column of the only row.
  std::int64_t integer(const std::string& sql);
  std::string text(const std::string& sql);

  sqlite3* handle() const { return handle_; }

 private:
  sqlite3* handle_ = nullptr;
};

/// The blob literal of a job's id.
std::string blob(const std::string& uuid);

/// What must hold of every stored state, whatever happened: no damage, each job's counters equal to
/// its ledger, per user a sequence of events without gaps, one notification per end of a run (none
/// for empty and cancelled jobs), no task twice, one event a task, no rows of jobs that are gone.
/// Each breach as a sentence.
std::vector<std::string> breaches(database& in);

}  // namespace mutirao::e2e
