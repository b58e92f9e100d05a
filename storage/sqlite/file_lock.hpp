// One process owns a database file: an flock on `<file>.lock` beside it. The kernel lets go of it
// when the process ends, however it ends, so the file itself is left and means nothing.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "domain/error.hpp"

namespace mutirao::storage::sqlite {

class file_lock {
 public:
  /// errc::store_locked (detail: who holds it), errc::store_read_only, errc::disk_full,
  /// errc::store_failed.
  static expected<file_lock> take(const std::string& file, std::string_view owner);

  file_lock(file_lock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  file_lock& operator=(file_lock&&) = delete;
  ~file_lock();

 private:
  explicit file_lock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace mutirao::storage::sqlite
