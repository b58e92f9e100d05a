#include "storage/sqlite/backup.hpp"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "storage/sql/attempt.hpp"
#include "storage/sql/statement.hpp"
#include "storage/sqlite/connection.hpp"
#include "storage/sqlite/migrate.hpp"

namespace mutirao::storage::sqlite {
namespace {

errc code_of(int number) {
  switch (number) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
      return errc::disk_full;
    case EROFS:
    case EACCES:
    case EPERM:
      return errc::store_read_only;
    case EEXIST:
      return errc::already_registered;
    default:
      return errc::store_failed;
  }
}

tl::unexpected<error> cannot_write(const std::string& to, const error& why) {
  const auto* advice =
      why.code == errc::disk_full            ? "; make room on its disk"
      : why.code == errc::store_read_only    ? "; this user must be able to write there"
      : why.code == errc::already_registered ? "; name a file that is not there yet"
                                             : "";
  return fail(why.code, "cannot write " + to + ": " + why.detail + advice);
}

tl::unexpected<error> cannot_write(const std::string& to, int number) {
  return cannot_write(to, {code_of(number), std::strerror(number)});
}

/// The copy until it is whole: beside its place, under a name of its own, removed if it fails.
class unfinished_copy {
 public:
  static expected<unfinished_copy> begin(const std::string& to) {
    std::string form = to + ".XXXXXX";
    const int descriptor = ::mkstemp(form.data());
    if (descriptor < 0) return cannot_write(to, errno);
    return unfinished_copy(to, form, descriptor);
  }
  unfinished_copy(unfinished_copy&& other) noexcept
      : to_(std::move(other.to_)),
        name_(std::move(other.name_)),
        descriptor_(std::exchange(other.descriptor_, -1)) {}
  unfinished_copy& operator=(unfinished_copy&&) = delete;
  ~unfinished_copy() {
    if (descriptor_ < 0) return;
    (void)::close(descriptor_);
    (void)::unlink(name_.c_str());
    (void)::unlink((name_ + "-journal").c_str());  // SQLite's, where it was interrupted
  }

  const std::string& name() const { return name_; }

  /// On disk, under its own name.
  expected<void> finish() {
    if (::fsync(descriptor_) != 0) return cannot_write(to_, errno);
    if (auto named = take_name(); !named) return named;
    (void)::close(std::exchange(descriptor_, -1));
    return sync_folder();
  }

 private:
  unfinished_copy(std::string to, std::string name, int descriptor)
      : to_(std::move(to)), name_(std::move(name)), descriptor_(descriptor) {}

  expected<void> take_name() {
    if (::renameat2(AT_FDCWD, name_.c_str(), AT_FDCWD, to_.c_str(), RENAME_NOREPLACE) == 0)
      return {};
    if (errno != EINVAL) return cannot_write(to_, errno);
    // A file system that cannot refuse: look first.
    if (::access(to_.c_str(), F_OK) == 0) return cannot_write(to_, EEXIST);
    if (::rename(name_.c_str(), to_.c_str()) != 0) return cannot_write(to_, errno);
    return {};
  }

  expected<void> sync_folder() {
    const auto folder = std::filesystem::path(to_).parent_path();
    const int opened =
        ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const bool synced = opened >= 0 && ::fsync(opened) == 0;
    const int number = errno;
    if (opened >= 0) (void)::close(opened);
    if (!synced && number != EINVAL) return cannot_write(to_, number);
    return {};
  }

  std::string to_;
  std::string name_;
  int descriptor_;
};

tl::unexpected<error> cannot_read(const std::string& file, const error& why) {
  const bool damaged = why.code == errc::store_corrupt;
  return fail(why.code, file + ": " + why.detail + (damaged ? "; the file is damaged" : ""));
}

expected<connection> open_source(const std::string& file, int& schema) {
  std::error_code problem;
  if (std::filesystem::is_directory(file, problem)) {
    return fail(errc::store_failed, "this is a directory; name a file in it");
  }
  if (!std::filesystem::is_regular_file(file, problem)) {
    return fail(errc::store_failed, "there is no such file");
  }
  MUTIRAO_TRY(auto on, connection::open(file, access::read));
  MUTIRAO_TRY(schema, schema_version(on));
  if (schema == 0) return fail(errc::store_failed, "it is empty");
  return on;
}

}  // namespace

expected<backup_report> back_up_file(const std::string& file, const std::string& to) {
  backup_report report;
  auto on = open_source(file, report.schema);
  if (!on) return cannot_read(file, on.error());
  if (::access(to.c_str(), F_OK) == 0) return cannot_write(to, EEXIST);
  auto copy = unfinished_copy::begin(to);
  if (!copy) return tl::unexpected(copy.error());
  // Takes a file that is there where it is empty. One read transaction: as of one moment.
  sql::statement copies(*on, "VACUUM INTO ?1");
  if (auto done = copies.execute(copy->name()); !done) {
    if (done.error().code == errc::store_corrupt) return cannot_read(file, done.error());
    return cannot_write(to, done.error());
  }
  if (auto done = copy->finish(); !done) return tl::unexpected(done.error());
  std::error_code problem;
  report.bytes = static_cast<std::int64_t>(std::filesystem::file_size(to, problem));
  return report;
}

}  // namespace mutirao::storage::sqlite
