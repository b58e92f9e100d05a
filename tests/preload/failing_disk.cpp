// Loaded before a program: while the file that FAILING_DISK names is there, writes to files and
// their way to the disk fail, with the error number that it holds. What cannot be had by mounts:
// a disk that is broken for a while, or was made read-only beneath files that are open.
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace {

int trouble(int descriptor) {
  static const char* const flag = std::getenv("FAILING_DISK");
  struct stat about {};
  if (!flag || ::fstat(descriptor, &about) != 0 || !S_ISREG(about.st_mode)) return 0;
  const int file = ::open(flag, O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  char text[16] = {};
  const auto length = ::read(file, text, sizeof text - 1);
  ::close(file);
  return length > 0 ? std::atoi(text) : 0;
}

template <class Function>
Function next(const char* name) {
  return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" {

ssize_t pwrite64(int descriptor, const void* bytes, size_t size, off64_t at) {
  if ((errno = trouble(descriptor)) != 0) return -1;
  static const auto real = next<ssize_t (*)(int, const void*, size_t, off64_t)>("pwrite64");
  return real(descriptor, bytes, size, at);
}

ssize_t pwrite(int descriptor, const void* bytes, size_t size, off_t at) {
  return pwrite64(descriptor, bytes, size, at);
}

int fsync(int descriptor) {
  if ((errno = trouble(descriptor)) != 0) return -1;
  static const auto real = next<int (*)(int)>("fsync");
  return real(descriptor);
}

int fdatasync(int descriptor) {
  if ((errno = trouble(descriptor)) != 0) return -1;
  static const auto real = next<int (*)(int)>("fdatasync");
  return real(descriptor);
}
}
