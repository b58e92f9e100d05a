#include "storage/postgres/migrate.hpp"

#include <embedded/postgres_migrations.hpp>

#include "storage/sql/attempt.hpp"
#include "storage/sql/statement.hpp"

namespace mutirao::storage::postgres {
namespace {

constexpr int oldest_server = 130000;

expected<int> version_of(connection& on) {
  sql::statement newest(on, "SELECT coalesce(max(version), 0) FROM mutirao_schema");
  return sql::number(newest.run()).map([](std::int64_t x) { return static_cast<int>(x); });
}

/// One of them, or nothing where all are there.
expected<std::optional<std::string>> apply_next(connection& on) {
  MUTIRAO_CHECK(on.begin_writing());
  MUTIRAO_CHECK(
      on.execute("SET LOCAL statement_timeout = 0; LOCK TABLE mutirao_schema"
                 " IN SHARE ROW EXCLUSIVE MODE"));
  MUTIRAO_TRY(const auto version, version_of(on));
  const auto& all = embedded::postgres_migrations;
  if (version >= static_cast<int>(all.size())) {
    MUTIRAO_CHECK(on.commit());
    return std::nullopt;
  }
  const auto& next = all[static_cast<std::size_t>(version)];
  if (auto done = on.execute(std::string(next.text).c_str()); !done) {
    return fail(done.error().code, std::string(next.name) + ": " + done.error().detail);
  }
  sql::statement note(on,
                      "INSERT INTO mutirao_schema (version, name, applied_at)"
                      " VALUES (?1, ?2, now())");
  MUTIRAO_CHECK(note.execute(version + 1, next.name));
  MUTIRAO_CHECK(on.commit());
  return std::string(next.name);
}

// Several nodes may begin at the same moment.
expected<void> make_table(connection& on) {
  return on.execute(
      "BEGIN; SELECT pg_advisory_xact_lock(" MUTIRAO_LOCKS
      ", 0);"
      " CREATE TABLE IF NOT EXISTS mutirao_schema (version bigint PRIMARY KEY, name text NOT NULL,"
      " applied_at timestamptz NOT NULL); COMMIT");
}

expected<schema_report> run(connection& on) {
  schema_report report;
  report.now = static_cast<int>(embedded::postgres_migrations.size());
  MUTIRAO_CHECK(make_table(on));
  MUTIRAO_TRY(report.found, version_of(on));
  if (report.found > report.now) {
    return fail(errc::newer_schema, "its schema is version " + std::to_string(report.found) +
                                        ", this program knows up to " + std::to_string(report.now) +
                                        "; use a newer mutirao");
  }
  for (;;) {
    MUTIRAO_TRY(auto applied, apply_next(on));
    if (!applied) return report;
    report.applied.push_back(*std::move(applied));
  }
}

}  // namespace

expected<schema_report> bring_up_to_date(connection& on) {
  if (PQserverVersion(on.handle()) < oldest_server) {
    return fail(errc::store_failed, "the server is older than PostgreSQL 13");
  }
  auto report = run(on);
  if (!report && on.in_transaction()) (void)on.rollback();
  return report;
}

}  // namespace mutirao::storage::postgres
