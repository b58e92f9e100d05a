// A database of ours on a PostgreSQL server, with what its writer and its readers share.
#pragma once

#include <memory>
#include <string>

#include "storage/open.hpp"

namespace mutirao::storage::postgres {

/// As open_database, migrate_database and open_accounts. `url`: as libpq takes it.
expected<std::unique_ptr<database>> open(const std::string& url, const job_types& types,
                                         const open_options& options);
expected<schema_report> migrate(const std::string& url);
expected<std::unique_ptr<accounts>> accounts_of(const std::string& url);

}  // namespace mutirao::storage::postgres
