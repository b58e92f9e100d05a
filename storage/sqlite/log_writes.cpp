#include "storage/sqlite/log_writes.hpp"

#include <sqlite3.h>

#include <cstring>
#include <memory>
#include <new>
#include <utility>

namespace mutirao::storage::sqlite {
namespace {

// SQLite 3.40 itself hands at most 128 KiB - 1 to the kernel, and of exactly 128 KiB nothing.
constexpr int capacity = 127 * 1024;
constexpr const char* name = "mutirao";

/// Writes to one log that the kernel has not seen yet: one piece without a gap.
class gathered {
 public:
  explicit gathered(sqlite3_file* to) : to_(to) {}

  int write(const void* bytes, int count, sqlite3_int64 at) {
    const bool continues = size_ > 0 && at == at_ + size_;
    if (!continues || size_ + count > capacity) {
      if (const int code = flush(); code != SQLITE_OK) return code;
      at_ = at;
    }
    if (!make_room() || count > capacity) return to_->pMethods->xWrite(to_, bytes, count, at);
    std::memcpy(bytes_.get() + size_, bytes, static_cast<std::size_t>(count));
    size_ += count;
    return SQLITE_OK;
  }

  /// Where it fails, what was gathered is gone: the transaction fails, and the next one writes
  /// these places again.
  int flush() {
    if (size_ == 0) return SQLITE_OK;
    return to_->pMethods->xWrite(to_, bytes_.get(), std::exchange(size_, 0), at_);
  }

 private:
  // Few connections ever write.
  bool make_room() {
    if (!bytes_) bytes_.reset(new (std::nothrow) char[capacity]);
    return bytes_ != nullptr;
  }

  sqlite3_file* to_;
  std::unique_ptr<char[]> bytes_;
  sqlite3_int64 at_ = 0;
  int size_ = 0;
};

// What SQLite allots for a file: this, and the system's own file behind it.
struct log_file {
  sqlite3_file base;
  gathered* writes;

  sqlite3_file* inner() { return reinterpret_cast<sqlite3_file*>(this + 1); }
  static log_file& of(sqlite3_file* file) { return *reinterpret_cast<log_file*>(file); }
};

/// `method` of the system's own file, after what was gathered.
template <auto Method, class... Arguments>
int flushed(sqlite3_file* file, Arguments... arguments) {
  auto& log = log_file::of(file);
  if (const int code = log.writes->flush(); code != SQLITE_OK) return code;
  return (log.inner()->pMethods->*Method)(log.inner(), arguments...);
}

template <auto Method, class... Arguments>
int passed_on(sqlite3_file* file, Arguments... arguments) {
  auto* inner = log_file::of(file).inner();
  return (inner->pMethods->*Method)(inner, arguments...);
}

int write(sqlite3_file* file, const void* bytes, int count, sqlite3_int64 at) {
  return log_file::of(file).writes->write(bytes, count, at);
}

int close(sqlite3_file* file) {
  auto& log = log_file::of(file);
  const int written = log.writes->flush();
  delete log.writes;
  const int closed = log.inner()->pMethods->xClose(log.inner());
  return written != SQLITE_OK ? written : closed;
}

// Version 1: a log is neither mapped nor locked by itself.
constexpr sqlite3_io_methods methods() {
  using io = sqlite3_io_methods;
  io all{};
  all.iVersion = 1;
  all.xClose = close;
  all.xRead = flushed<&io::xRead, void*, int, sqlite3_int64>;
  all.xWrite = write;
  all.xTruncate = flushed<&io::xTruncate, sqlite3_int64>;
  all.xSync = flushed<&io::xSync, int>;
  all.xFileSize = flushed<&io::xFileSize, sqlite3_int64*>;
  all.xLock = passed_on<&io::xLock, int>;
  all.xUnlock = passed_on<&io::xUnlock, int>;
  all.xCheckReservedLock = passed_on<&io::xCheckReservedLock, int*>;
  all.xFileControl = passed_on<&io::xFileControl, int, void*>;
  all.xSectorSize = passed_on<&io::xSectorSize>;
  all.xDeviceCharacteristics = passed_on<&io::xDeviceCharacteristics>;
  return all;
}
constexpr auto log_methods = methods();

// The one whose files' size was asked for at the registration, whatever became the default since.
sqlite3_vfs* system_layer() {
  static sqlite3_vfs* const found = sqlite3_vfs_find(nullptr);
  return found;
}

int open(sqlite3_vfs* of, const char* path, sqlite3_file* file, int flags, int* out_flags) {
  auto* system = system_layer();
  if ((flags & SQLITE_OPEN_WAL) == 0) return system->xOpen(of, path, file, flags, out_flags);
  auto& log = log_file::of(file);
  log.base.pMethods = nullptr;
  auto writes = std::unique_ptr<gathered>(new (std::nothrow) gathered(log.inner()));
  if (!writes) return SQLITE_NOMEM;
  const int code = system->xOpen(of, path, log.inner(), flags, out_flags);
  if (code != SQLITE_OK) return code;
  log.writes = writes.release();
  log.base.pMethods = &log_methods;
  return SQLITE_OK;
}

const char* register_once() {
  const auto* system = system_layer();
  if (!system) return nullptr;
  static sqlite3_vfs ours = *system;
  ours.zName = name;
  ours.pNext = nullptr;
  ours.szOsFile = static_cast<int>(sizeof(log_file)) + system->szOsFile;
  ours.xOpen = open;
  return sqlite3_vfs_register(&ours, 0) == SQLITE_OK ? name : nullptr;
}

}  // namespace

const char* gathering_log_writes() {
  static const char* const registered = register_once();
  return registered;
}

}  // namespace mutirao::storage::sqlite
