// Brings a database file's schema up to date: the numbered files of storage/migrations/sqlite, each
// in a transaction of its own, never one twice.
#pragma once

#include <span>
#include <string_view>

#include "storage/open.hpp"
#include "storage/sqlite/connection.hpp"

namespace mutirao::storage::sqlite {

/// Names the files of this program (`PRAGMA application_id`): "Muti".
inline constexpr std::int64_t application_id = 0x4D757469;

struct migration {
  int number;             // what user_version is afterwards; from 1, without gaps
  std::string_view name;  // 0001_initial.sql
  std::string_view sql;
};

/// Those built in, ascending.
std::span<const migration> migrations();

/// What version the schema has; 0: an empty file. errc::newer_schema, errc::store_failed where the
/// file belongs to another program.
expected<int> schema_version(connection& on, int newest = static_cast<int>(migrations().size()));

/// errc::newer_schema; errc::store_failed where the file belongs to another program; else what went
/// wrong. A migration that fails leaves nothing behind.
expected<schema_report> migrate(connection& on, std::span<const migration> all = migrations());

}  // namespace mutirao::storage::sqlite
