// The SQL of storage/sql as PostgreSQL takes it.
#pragma once

#include <string>
#include <string_view>

namespace mutirao::storage::postgres {

/// Parameters ?1 become $1; what stands in /*pg: ... */ is run; hints for SQLite's planner (NOT
/// INDEXED, INDEXED BY name) go.
std::string translated(std::string_view sql);

/// `sql`, an INSERT of one row from VALUES, for as many rows as its parameters, now arrays of
/// `kinds` (see connection::prepare_rows), are long; answers the column `returns` of those written.
std::string for_many_rows(std::string_view sql, std::string_view kinds, std::string_view returns);

}  // namespace mutirao::storage::postgres
