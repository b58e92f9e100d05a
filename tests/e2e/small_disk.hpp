// A file system of a fixed size, for as long as this lives. Only root can mount one.
#pragma once

#include <sys/mount.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace mutirao::e2e {

class small_disk {
 public:
  small_disk(std::filesystem::path at, const char* options) : at_(std::move(at)) {
    std::filesystem::create_directory(at_);
    mounted_ = ::mount("tmpfs", at_.c_str(), "tmpfs", 0, options) == 0;
  }
  ~small_disk() {
    if (mounted_) ::umount2(at_.c_str(), MNT_DETACH);
  }
  small_disk(const small_disk&) = delete;
  small_disk& operator=(const small_disk&) = delete;
  bool mounted() const { return mounted_; }
  std::string operator/(const char* name) const { return (at_ / name).string(); }

  /// Leaves no byte.
  void fill() const {
    std::ofstream ballast(*this / "ballast", std::ios::binary);
    const std::string block(4096, 'x');
    while (ballast.write(block.data(), 4096).flush()) {
    }
  }
  void free() const { std::filesystem::remove(*this / "ballast"); }
  bool grow(const char* options) const {
    return ::mount("tmpfs", at_.c_str(), "tmpfs", MS_REMOUNT, options) == 0;
  }
  std::uintmax_t available() const { return std::filesystem::space(at_).available; }

 private:
  std::filesystem::path at_;
  bool mounted_ = false;
};

}  // namespace mutirao::e2e
