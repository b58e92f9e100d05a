// Brings a database's schema up to date: the numbered files of storage/migrations/postgres, each in
// a transaction of its own, never one twice, whoever else is at it.
#pragma once

#include "storage/open.hpp"
#include "storage/postgres/connection.hpp"

namespace mutirao::storage::postgres {

/// The first number of our advisory locks; the second says which: 0 the table of migrations, 1 the
/// process that leads, others the sequence that next_id moves (0001_initial.sql).
#define MUTIRAO_LOCKS "1299543151"

/// errc::newer_schema; errc::store_failed where the server is older than 13, or another program's
/// tables are there; else what went wrong.
expected<schema_report> bring_up_to_date(connection& on);

}  // namespace mutirao::storage::postgres
