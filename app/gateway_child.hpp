// The gateway beside a service: a child process, started anew with a growing pause where it dies.
// It gets none of the service's secrets and files: peers speak to it.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "domain/error.hpp"
#include "domain/ports/telemetry.hpp"

namespace mutirao::app {

struct gateway_child_options {
  std::string listen;                  // HOST:PORT
  std::vector<std::string> arguments;  // of `mutirao gateway`, without --listen and --url
  std::chrono::milliseconds first_pause{100};
  std::chrono::milliseconds longest_pause{5'000};
  std::chrono::milliseconds steady{10'000};  // who lived so long is restarted after the first pause
  std::chrono::milliseconds patience{20'000};  // for the first line of the first start
};

/// For the one thread that waits for signals: the child dies with the thread that started it.
class gateway_child {
 public:
  /// `log` outlives this.
  gateway_child(gateway_child_options options, telemetry& log)
      : options_(std::move(options)), log_(log), pause_(options_.first_pause) {}
  ~gateway_child();
  gateway_child(const gateway_child&) = delete;
  gateway_child& operator=(const gateway_child&) = delete;

  /// The first start, with `url` for the service: `caf://HOST:PORT` once it listens. Later ones
  /// take the same port. Why not is on stderr already; the detail says with which code it ended.
  expected<std::string> start(const std::string& url);

  /// Takes note of its end, and starts it anew once that is due. Call it at every SIGCHLD, and
  /// within `until_next_look()`.
  void look();
  std::chrono::milliseconds until_next_look() const;

  void ask_to_stop();
  /// Kills it where it has not ended in time.
  void finish(std::chrono::milliseconds limit);

  std::uint64_t restarts() const { return restarts_; }
  bool up() const { return child_ > 0; }

 private:
  using steady_clock = std::chrono::steady_clock;

  /// `output`: its stdout; -1: nowhere.
  bool spawn(int output);
  std::optional<int> ended(std::chrono::milliseconds limit);
  void note_end(int status);

  gateway_child_options options_;
  telemetry& log_;
  std::string url_;
  pid_t child_ = -1;
  int descriptor_ = -1;  // of the child, to wait on
  bool stopping_ = false;
  std::uint64_t restarts_ = 0;
  std::chrono::milliseconds pause_;
  steady_clock::time_point started_;
  std::optional<steady_clock::time_point> due_;  // of the next start
};

}  // namespace mutirao::app
