// Brings a database's schema up to date: the numbered files of storage/migrations/postgres, each in
// a transaction of its own, never one twice, whoever else is at it.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "storage/open.hpp"
#include "storage/postgres/connection.hpp"

namespace mutirao::storage::postgres {

/// The first number of our advisory locks; the second says which: 0 the table of migrations, 1 the
/// process that leads, others the sequence that next_id moves (0001_initial.sql).
#define MUTIRAO_LOCKS "1299543151"

/// A newer schema is none to mend, and good, where it says that it works with this program's. A
/// migration that only adds says so by its first line, "-- Expands.".
/// errc::newer_schema (it does not); errc::store_failed where the server is older than 13, or
/// another program's tables are there; else what went wrong.
expected<schema_report> bring_up_to_date(connection& on);

struct migration {
  std::string_view name;
  std::string_view text;
};
/// As a program would that knows these.
expected<schema_report> bring_up_to_date(connection& on, std::span<const migration> all);
/// Those of this program.
std::vector<migration> migrations();

}  // namespace mutirao::storage::postgres
