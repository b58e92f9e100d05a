#include "storage/open.hpp"

#include <algorithm>
#include <filesystem>

#include "storage/postgres/database.hpp"
#include "storage/sqlite/backup.hpp"
#include "storage/sqlite/database.hpp"

namespace mutirao::storage {
namespace {

constexpr std::string_view sqlite_scheme = "sqlite:";

// Absolute and without links, so that two names of one file share one lock; and no name that SQLite
// reads as anything but a file.
expected<std::string> file_of(std::string_view url) {
  if (!url.starts_with(sqlite_scheme)) {
    return fail(errc::invalid_field,
                "database must be sqlite:PATH or postgres://..., not " + shown(url));
  }
  auto path = url.substr(sqlite_scheme.size());
  if (path.starts_with("//")) path.remove_prefix(2);
  if (path.empty() || path == ":memory:") {
    return fail(errc::invalid_field, "database must name a file: sqlite:PATH");
  }
  std::error_code problem;
  auto file = std::filesystem::weakly_canonical(std::filesystem::absolute(path, problem), problem);
  if (problem) return fail(errc::store_failed, std::string(path) + ": " + problem.message());
  return file.string();
}

}  // namespace

bool is_postgres(std::string_view url) {
  return url.starts_with("postgres://") || url.starts_with("postgresql://");
}

std::string shown(std::string_view url) {
  std::string text(url);
  if (const auto host = text.find("://"); host != std::string::npos) {
    const auto begin = host + 3;
    const auto end = std::min(text.find('/', begin), text.size());
    const auto at = text.rfind('@', end);
    const auto colon = text.find(':', begin);
    if (at != std::string::npos && colon < at) text.replace(colon + 1, at - colon - 1, "***");
  }
  const auto setting = text.find("password=");
  if (setting == std::string::npos) return text;
  const auto value = setting + std::string_view("password=").size();
  return text.replace(value, std::min(text.find_first_of("& ", value), text.size()) - value, "***");
}

expected<std::unique_ptr<database>> open_database(std::string_view url, const job_types& types,
                                                  const open_options& options) {
  if (is_postgres(url)) return postgres::open(std::string(url), types, options);
  const auto file = file_of(url);
  if (!file) return tl::unexpected(file.error());
  return sqlite::sqlite_database::open(*file, types, options).map([](auto&& opened) {
    return std::unique_ptr<database>(std::forward<decltype(opened)>(opened));
  });
}

expected<schema_report> migrate_database(std::string_view url, const open_options& options) {
  if (is_postgres(url)) return postgres::migrate(std::string(url));
  const auto file = file_of(url);
  if (!file) return tl::unexpected(file.error());
  return sqlite::migrate_file(*file, options);
}

expected<std::unique_ptr<accounts>> open_accounts(std::string_view url,
                                                  const open_options& options) {
  if (is_postgres(url)) return postgres::accounts_of(std::string(url));
  const auto file = file_of(url);
  if (!file) return tl::unexpected(file.error());
  return sqlite::open_accounts_of(*file, options);
}

expected<backup_report> back_up_database(std::string_view url, const std::string& to) {
  if (is_postgres(url)) {
    return fail(errc::not_implemented, "a PostgreSQL database is copied by its own pg_dump");
  }
  const auto file = file_of(url);
  if (!file) return tl::unexpected(file.error());
  return sqlite::back_up_file(*file, to);
}

}  // namespace mutirao::storage
