// Opens a database by its URL: the lock beside the file, the schema, then one writer and readers.
// The only header of this folder that the rest of the program includes.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/error.hpp"
#include "domain/job_type.hpp"
#include "domain/ports/accounts.hpp"
#include "domain/ports/neighbours.hpp"
#include "domain/ports/reads.hpp"
#include "domain/ports/store.hpp"
#include "domain/webhook.hpp"

namespace mutirao::storage {

struct open_options {
  bool create = true;             // where there is no such file yet
  std::string owner = "mutirao";  // what the lock tells others of this process, e.g. "serve"
  const webhook_rules* webhooks = nullptr;  // outlive the database; nothing: nobody is told
  // Where several processes may work on it: for how long one that is not heard of keeps its jobs,
  // and the server's URL without a pooler between (empty: `url` is).
  std::chrono::milliseconds lease{10'000};
  std::string direct = {};
};

/// What opening did to the schema.
struct schema_report {
  int found = 0;                     // 0: a new database
  int now = 0;                       // what this program writes
  std::vector<std::string> applied;  // names of the migrations that were run, in order
};

/// One opened database. It owns the lock beside the file, so it must outlive its writer and its
/// readers.
class database {
 public:
  virtual ~database() = default;

  /// The one connection that writes. errc::internal where it was handed out already.
  virtual expected<std::unique_ptr<job_store>> writer() = 0;

  /// A connection of its own; to be used by one thread at a time. As many as wanted.
  virtual expected<std::unique_ptr<reads>> reader() = 0;

  /// What other processes on it do. Nothing: there can be none.
  virtual expected<std::unique_ptr<neighbours>> others() { return nullptr; }

  /// The database's own time, as far as it has one. Safe from any thread.
  virtual std::optional<instant> now() const { return std::nullopt; }

  virtual const schema_report& schema() const = 0;

  /// Jobs that nobody alive had out when it was opened: claim_jobs gives them out first.
  virtual std::int64_t interrupted() const = 0;
};

/// `url` is `sqlite:PATH`, or `postgres://...` as libpq takes it. Takes the lock, brings the schema
/// up to date, and looks for what an earlier process left. `types` must outlive the database; the
/// texts of notifications are its. errc::store_locked (another process holds the file),
/// errc::newer_schema, errc::store_corrupt, errc::store_read_only, errc::disk_full,
/// errc::store_unreachable, errc::store_failed, errc::invalid_field (the URL), each with a `detail`
/// for the operator: what, where, and how to mend it.
expected<std::unique_ptr<database>> open_database(std::string_view url, const job_types& types,
                                                  const open_options& options = {});

/// Brings the schema of `url` up to date and closes it again. Errors as above.
expected<schema_report> migrate_database(std::string_view url, const open_options& options = {});

/// The accounts of `url`, beside whoever serves it. Brings the schema up to date first where that
/// is older, which needs the lock; makes a new database only where `options` say so. Errors as
/// above.
expected<std::unique_ptr<accounts>> open_accounts(std::string_view url,
                                                  const open_options& options = {});

/// Whether `url` names a PostgreSQL server.
bool is_postgres(std::string_view url);

/// `url` as it may be shown: without the password that it may hold.
std::string shown(std::string_view url);

struct backup_report {
  int schema = 0;
  std::int64_t bytes = 0;
};

/// Copies the database `url` as of one moment to the new file `to`, beside whoever writes it; on
/// disk when it answers. `to` appears whole or not at all. Errors as above but store_locked;
/// errc::already_registered where `to` is there.
expected<backup_report> back_up_database(std::string_view url, const std::string& to);

}  // namespace mutirao::storage
