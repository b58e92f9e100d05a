#include "storage/postgres/migrate.hpp"

#include <algorithm>
#include <embedded/postgres_migrations.hpp>
#include <iterator>

#include "storage/sql/attempt.hpp"
#include "storage/sql/statement.hpp"

namespace mutirao::storage::postgres {
namespace {

constexpr int oldest_server = 130000;

// A migration that begins so only adds: programs that do not know of it go on beside those that do.
constexpr std::string_view adds = "-- Expands.";

// SQLSTATEs duplicate_table, duplicate_function, undefined_column: of a table of the same name.
constexpr std::string_view foreign[] = {"(42P07)", "(42723)", "(42703)"};
constexpr std::string_view not_allowed = "(42501)";  // insufficient_privilege

bool is_foreign(std::string_view detail) {
  return std::any_of(std::begin(foreign), std::end(foreign),
                     [&](const auto state) { return detail.ends_with(state); });
}

struct stored_schema {
  int version = 0;     // 0: none yet
  int works_with = 0;  // programs of this version and newer ones
};

expected<bool> has_table(connection& on) {
  sql::statement there(on,
                       "SELECT count(*) FROM pg_class WHERE oid = to_regclass('mutirao_schema')");
  return sql::number(there.run()).map([](std::int64_t count) { return count > 0; });
}

expected<stored_schema> schema_of(connection& on) {
  sql::statement newest(on,
                        "SELECT version, works_with FROM mutirao_schema"
                        " ORDER BY version DESC LIMIT 1");
  MUTIRAO_TRY(
      const auto found, sql::first_of(newest.run(), [](const sql::rows& row) {
        return stored_schema{static_cast<int>(row.integer(0)), static_cast<int>(row.integer(1))};
      }));
  return found.value_or(stored_schema{});
}

// One at a time, and the first makes the table: nothing is left of one that failed.
constexpr const char* alone =
    "SET LOCAL statement_timeout = 0; SELECT pg_advisory_xact_lock(" MUTIRAO_LOCKS
    ", 0);"
    " CREATE TABLE IF NOT EXISTS mutirao_schema (version bigint PRIMARY KEY, name text NOT NULL,"
    " works_with bigint NOT NULL, applied_at timestamptz NOT NULL);"
    " LOCK TABLE mutirao_schema IN SHARE ROW EXCLUSIVE MODE";

/// One of them, or nothing where all are there.
expected<std::optional<std::string>> apply_next(connection& on, std::span<const migration> all) {
  MUTIRAO_CHECK(on.begin_writing());
  MUTIRAO_CHECK(on.execute(alone));
  MUTIRAO_TRY(const auto found, schema_of(on));
  const auto version = found.version;
  if (version >= static_cast<int>(all.size())) {
    MUTIRAO_CHECK(on.commit());
    return std::nullopt;
  }
  const auto& next = all[static_cast<std::size_t>(version)];
  if (auto done = on.execute(std::string(next.text).c_str()); !done) {
    auto detail = std::string(next.name) + ": " + done.error().detail;
    return fail(done.error().code, std::move(detail));
  }
  const bool expands = version > 0 && next.text.starts_with(adds);
  sql::statement note(on,
                      "INSERT INTO mutirao_schema (version, name, works_with, applied_at)"
                      " VALUES (?1, ?2, ?3, now())");
  MUTIRAO_CHECK(note.execute(version + 1, next.name, expands ? found.works_with : version + 1));
  MUTIRAO_CHECK(on.commit());
  return std::string(next.name);
}

expected<schema_report> run(connection& on, std::span<const migration> all) {
  schema_report report;
  report.now = static_cast<int>(all.size());
  MUTIRAO_TRY(const bool begun, has_table(on));
  stored_schema found;
  if (begun) {
    MUTIRAO_TRY(found, schema_of(on));
  }
  report.found = found.version;
  if (found.works_with > report.now) {
    return fail(errc::newer_schema, "its schema is version " + std::to_string(report.found) +
                                        ", this program knows up to " + std::to_string(report.now) +
                                        "; use a newer mutirao");
  }
  if (found.version >= report.now) return report;
  for (;;) {
    MUTIRAO_TRY(auto applied, apply_next(on, all));
    if (!applied) return report;
    report.applied.push_back(*std::move(applied));
  }
}

}  // namespace

std::vector<migration> migrations() {
  std::vector<migration> all;
  for (const auto& each : embedded::postgres_migrations) all.push_back({each.name, each.text});
  return all;
}

expected<schema_report> bring_up_to_date(connection& on, std::span<const migration> all) {
  if (PQserverVersion(on.handle()) < oldest_server) {
    return fail(errc::store_failed, "the server is older than PostgreSQL 13");
  }
  auto report = run(on, all);
  if (!report && on.in_transaction()) (void)on.rollback();
  if (!report && report.error().detail.ends_with(not_allowed)) {
    report.error().detail += "; or have its owner run mutirao migrate";
  }
  if (!report && is_foreign(report.error().detail)) {
    report.error().detail +=
        "; another program's tables are there: give Mutirão a database of its own";
  }
  return report;
}

expected<schema_report> bring_up_to_date(connection& on) {
  return bring_up_to_date(on, migrations());
}

}  // namespace mutirao::storage::postgres
