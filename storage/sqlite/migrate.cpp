#include "storage/sqlite/migrate.hpp"

#include <embedded/sqlite_migrations.hpp>
#include <vector>

#include "storage/sql/attempt.hpp"

namespace mutirao::storage::sqlite {
namespace {

expected<void> apply(connection& on, const migration& next) {
  const auto text = std::string(next.sql) +
                    ";\nPRAGMA application_id = " + std::to_string(application_id) +
                    ";\nPRAGMA user_version = " + std::to_string(next.number);
  MUTIRAO_CHECK(on.execute("BEGIN IMMEDIATE"));
  auto done = on.execute(text.c_str());
  if (done) done = on.execute("COMMIT");
  if (done) return {};
  if (on.in_transaction()) (void)on.execute("ROLLBACK");
  done.error().detail = std::string(next.name) + ": " + done.error().detail;
  return done;
}

}  // namespace

std::span<const migration> migrations() {
  static const std::vector<migration> all = [] {
    std::vector<migration> found;
    for (const auto& file : embedded::sqlite_migrations) {
      found.push_back({static_cast<int>(found.size()) + 1, file.name, file.text});
    }
    return found;
  }();
  return all;
}

expected<int> schema_version(connection& on, int newest) {
  MUTIRAO_TRY(const auto version, on.integer("PRAGMA user_version"));
  MUTIRAO_TRY(const auto owner, on.integer("PRAGMA application_id"));
  MUTIRAO_TRY(const auto objects, on.integer("SELECT count(*) FROM sqlite_schema"));
  if (owner != application_id && (version != 0 || owner != 0 || objects != 0)) {
    return fail(errc::store_failed, "this is the database of another program; name another file");
  }
  if (version > newest) {
    return fail(errc::newer_schema, "its schema is version " + std::to_string(version) +
                                        ", this program knows up to " + std::to_string(newest) +
                                        "; use a newer mutirao");
  }
  return static_cast<int>(version);
}

expected<schema_report> migrate(connection& on, std::span<const migration> all) {
  schema_report report;
  report.now = static_cast<int>(all.size());
  MUTIRAO_TRY(report.found, schema_version(on, report.now));
  for (const auto& next : all.subspan(static_cast<std::size_t>(report.found))) {
    MUTIRAO_CHECK(apply(on, next));
    report.applied.emplace_back(next.name);
  }
  return report;
}

}  // namespace mutirao::storage::sqlite
