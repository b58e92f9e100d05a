// A child process: started, its first line read, its memory and processor time looked at, ended in
// order.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

namespace mutirao::bench {

class process {
 public:
  /// `log` takes its stderr. It dies with this process.
  process(const std::vector<std::string>& arguments, const std::string& log);
  ~process();
  process(const process&) = delete;
  process& operator=(const process&) = delete;

  /// The first line that it prints; gives up where it ends before.
  std::string first_line();

  /// SIGTERM, then waits. Its exit code, or 128 + the signal that ended it.
  int end();
  /// Waits for it to end by itself.
  int wait();

  /// Returns once no thread of it runs any more (SIGSTOP).
  void freeze();
  /// SIGKILL, frozen or not; returns once it is gone.
  void kill_now();

  double resident_mib() const { return status_mib("VmRSS:"); }
  double peak_mib() const { return status_mib("VmHWM:"); }
  /// What all its threads have used so far, in user and kernel mode.
  double processor_seconds() const;
  pid_t id() const { return id_; }
  /// From here on the peak counts anew.
  void forget_peak() const;

 private:
  double status_mib(const char* name) const;

  std::string name_;
  pid_t id_ = -1;
  int output_ = -1;
};

}  // namespace mutirao::bench
