// What a running process has and uses, from /proc.
#pragma once

#include <sys/types.h>
#include <unistd.h>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

namespace mutirao::testing {

inline std::filesystem::path process_folder(pid_t id) {
  return std::filesystem::path("/proc") / std::to_string(id);
}

/// 0 where it has ended.
inline std::size_t descriptors_of(pid_t id) {
  std::error_code gone;
  std::size_t count = 0;
  for (std::filesystem::directory_iterator at(process_folder(id) / "fd", gone), end;
       !gone && at != end; at.increment(gone)) {
    ++count;
  }
  return count;
}

/// Resident; 0 where it has ended.
inline std::size_t memory_bytes_of(pid_t id) {
  std::ifstream file(process_folder(id) / "statm");
  std::size_t all = 0;
  std::size_t resident = 0;
  file >> all >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

/// The most that was resident; 0 where it has ended.
inline std::size_t peak_memory_bytes_of(pid_t id) {
  std::ifstream file(process_folder(id) / "status");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("VmHWM:")) return std::stoul(line.substr(6)) * 1024;
  }
  return 0;
}

/// Of all its threads, in user and kernel mode, since it began.
inline std::chrono::milliseconds processor_time_of(pid_t id) {
  std::ifstream file(process_folder(id) / "stat");
  std::string text;
  std::getline(file, text);
  std::istringstream fields(text.substr(text.rfind(')') + 1));
  std::string skipped;
  for (int i = 0; i < 11; ++i) fields >> skipped;  // from `state` on, up to `utime`
  long user = 0;
  long kernel = 0;
  fields >> user >> kernel;
  return std::chrono::milliseconds((user + kernel) * 1000 / ::sysconf(_SC_CLK_TCK));
}

}  // namespace mutirao::testing
