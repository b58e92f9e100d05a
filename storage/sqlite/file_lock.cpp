#include "storage/sqlite/file_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace mutirao::storage::sqlite {
namespace {

std::string first_line(int descriptor) {
  std::array<char, 200> text{};
  const auto length = ::pread(descriptor, text.data(), text.size(), 0);
  if (length <= 0) return {};
  const std::string_view all(text.data(), static_cast<std::size_t>(length));
  return std::string(all.substr(0, all.find('\n')));
}

error failure(const std::string& what, const std::string& file, int number) {
  const auto code = number == ENOSPC || number == EDQUOT                     ? errc::disk_full
                    : number == EROFS || number == EACCES || number == EPERM ? errc::store_read_only
                                                                             : errc::store_failed;
  return {code, what + " " + file + ": " + std::strerror(number)};
}

}  // namespace

expected<file_lock> file_lock::take(const std::string& file, std::string_view owner) {
  const std::string beside = file + ".lock";
  const int descriptor = ::open(beside.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor < 0) return tl::unexpected(failure("cannot open", beside, errno));
  file_lock taken(descriptor);
  if (::flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) return tl::unexpected(failure("cannot lock", beside, errno));
    const auto holder = first_line(descriptor);
    return fail(errc::store_locked, file + " is in use by " +
                                        (holder.empty() ? "another process" : holder) +
                                        "; stop it first, or name another database");
  }
  // Only to tell others who holds it: nothing depends on it.
  const auto text = std::string(owner) + " (process " + std::to_string(::getpid()) + ")\n";
  if (::ftruncate(descriptor, 0) == 0) {
    [[maybe_unused]] const auto written = ::pwrite(descriptor, text.data(), text.size(), 0);
  }
  return taken;
}

file_lock::~file_lock() {
  if (descriptor_ < 0) return;
  // A process that we forked may have the descriptor still: say so to the kernel, then close.
  (void)::flock(descriptor_, LOCK_UN);
  (void)::close(descriptor_);
}

}  // namespace mutirao::storage::sqlite
