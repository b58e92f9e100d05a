// The real program as a child process: started with a database of the test's own, its first line
// awaited, its ends (in order, by kill -9, by itself) with exit code and what it wrote.
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/support/places.hpp"
#include "tests/support/temporary_folder.hpp"

namespace mutirao::testing {

/// One run of `mutirao ARGUMENTS`. Killed at the end of its life if it still runs.
class program_process {
 public:
  struct setup {
    std::vector<std::string> arguments = {};
    // Besides ours, which loses every MUTIRAO_*.
    std::map<std::string, std::string> environment = {};
    std::string input = "/dev/null";         // a file
    std::optional<uid_t> user = {};          // to become before it starts
    std::optional<rlim_t> descriptors = {};  // that it may have, hard and soft
  };

  explicit program_process(const setup& with) {
    int output[2];
    if (::pipe2(output, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    const int input = ::open(with.input.c_str(), O_RDONLY | O_CLOEXEC);
    const std::string log = (folder_ / "stderr").string();
    const int errors = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (input < 0 || errors < 0) throw std::runtime_error("no file for a child");
    std::vector<std::string> words{testing::places.program};
    words.insert(words.end(), with.arguments.begin(), with.arguments.end());
    auto variables = environment(with);
    const auto arguments = pointers(words);
    const auto environment = pointers(variables);
    id_ = ::fork();
    if (id_ == 0) {
      // Only calls that are safe after a fork.
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      ::dup2(input, STDIN_FILENO);
      ::dup2(output[1], STDOUT_FILENO);
      ::dup2(errors, STDERR_FILENO);
      const rlimit few{with.descriptors.value_or(0), with.descriptors.value_or(0)};
      if (with.descriptors && ::setrlimit(RLIMIT_NOFILE, &few) != 0) ::_exit(126);
      if (with.user && (::setgid(*with.user) != 0 || ::setuid(*with.user) != 0)) ::_exit(126);
      ::execve(arguments[0], arguments.data(), environment.data());
      ::_exit(127);
    }
    ::close(input);
    ::close(errors);
    ::close(output[1]);
    output_ = output[0];
    if (id_ < 0) throw std::runtime_error("cannot fork");
    descriptor_ = static_cast<int>(::syscall(SYS_pidfd_open, id_, 0));
    if (descriptor_ < 0) throw std::runtime_error("no pidfd");
  }
  ~program_process() {
    if (!code_) {
      send(SIGKILL);
      wait();
    }
    ::close(descriptor_);
    ::close(output_);
  }
  program_process(const program_process&) = delete;
  program_process& operator=(const program_process&) = delete;

  pid_t id() const { return id_; }
  bool running() { return !wait(std::chrono::milliseconds(0)).has_value(); }

  /// Nothing where it has ended, and was waited for, already. SIGSTOP: returns once every thread
  /// of it stands still, which is later than kill(2) does (signal(7): stops are asynchronous).
  void send(int signal) {
    if (code_) return;
    ::kill(id_, signal);
    siginfo_t stopped;
    if (signal == SIGSTOP) ::waitid(P_PID, id_, &stopped, WSTOPPED | WEXITED | WNOWAIT);
  }

  /// Its exit code, or 128 + the signal that ended it; nothing if it still runs after `limit`.
  std::optional<int> wait(std::chrono::milliseconds limit = patience) {
    if (code_) return code_;
    pollfd ended{descriptor_, POLLIN, 0};
    if (::poll(&ended, 1, static_cast<int>(limit.count())) <= 0) return std::nullopt;
    int status = 0;
    if (::waitpid(id_, &status, 0) != id_) return std::nullopt;
    code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return code_;
  }

  /// The next line on its stdout, without the line's end; nothing if it ends or takes longer.
  std::optional<std::string> read_line(std::chrono::milliseconds limit = patience) {
    const auto end = std::chrono::steady_clock::now() + limit;
    std::size_t at = 0;
    while ((at = unread_.find('\n')) == std::string::npos) {
      if (!read_more(end)) return std::nullopt;
    }
    std::string line = unread_.substr(0, at);
    unread_.erase(0, at + 1);
    return line;
  }
  /// All that is left on its stdout until it ends it.
  std::string read_all(std::chrono::milliseconds limit = patience) {
    const auto end = std::chrono::steady_clock::now() + limit;
    while (read_more(end)) {
    }
    return std::exchange(unread_, {});
  }
  /// What it wrote to stderr so far.
  std::string errors() const {
    std::ifstream file(folder_ / "stderr", std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }

  static constexpr std::chrono::milliseconds patience{60'000};

 private:
  static std::vector<std::string> environment(const setup& with) {
    std::vector<std::string> all;
    for (char** each = environ; *each != nullptr; ++each) {
      if (std::string_view(*each).substr(0, 8) != "MUTIRAO_") all.emplace_back(*each);
    }
    for (const auto& [name, value] : with.environment) all.push_back(name + "=" + value);
    return all;
  }
  static std::vector<char*> pointers(std::vector<std::string>& words) {
    std::vector<char*> all;
    for (auto& word : words) all.push_back(word.data());
    all.push_back(nullptr);
    return all;
  }

  bool read_more(std::chrono::steady_clock::time_point end) {
    using std::chrono::milliseconds;
    const auto left =
        std::chrono::duration_cast<milliseconds>(end - std::chrono::steady_clock::now());
    pollfd wanted{output_, POLLIN, 0};
    if (left.count() < 0 || ::poll(&wanted, 1, static_cast<int>(left.count()) + 1) <= 0) {
      return false;
    }
    char buffer[4096];
    const ssize_t got = ::read(output_, buffer, sizeof buffer);
    if (got <= 0) return false;
    unread_.append(buffer, static_cast<std::size_t>(got));
    return true;
  }

  temporary_folder folder_;
  pid_t id_ = -1;
  int descriptor_ = -1;
  int output_ = -1;
  std::string unread_;
  std::optional<int> code_;
};

struct program_result {
  int code = -1;  // -1: it did not end in time
  std::string out;
  std::string err;
};

/// Runs the program to its end.
inline program_result run_program(const program_process::setup& with) {
  program_process child(with);
  program_result result;
  result.out = child.read_all();
  result.code = child.wait().value_or(-1);
  result.err = child.errors();
  return result;
}

/// `mutirao serve` on a free port of the loopback.
class service_process {
 public:
  /// Signs every token that the service takes.
  static constexpr std::string_view secret = "a secret of the tests, 32 bytes or longer";

  /// Waits for the line that says where it listens; see ready().
  explicit service_process(const std::string& database, const std::vector<std::string>& flags = {},
                           std::optional<uid_t> user = std::nullopt,
                           std::optional<rlim_t> descriptors = std::nullopt,
                           std::map<std::string, std::string> environment = {})
      : child_({arguments(database, flags), with_secret(std::move(environment)), "/dev/null", user,
                descriptors}) {
    const auto line = child_.read_line();
    constexpr std::string_view front = "listening on http://";
    if (!line || line->compare(0, front.size(), front) != 0) return;
    first_line_ = *line;
    const auto colon = line->rfind(':');
    port_ = static_cast<std::uint16_t>(std::atoi(line->c_str() + colon + 1));
  }

  /// False: it ended, or said something else, before it listened. errors() tells why.
  bool ready() const { return port_ != 0; }
  std::uint16_t port() const { return port_; }
  const std::string& first_line() const { return first_line_; }

  /// SIGTERM, then waits. Its exit code; nothing if it does not end.
  std::optional<int> stop(std::chrono::milliseconds limit = program_process::patience) {
    child_.send(SIGTERM);
    return child_.wait(limit);
  }
  /// kill -9, then waits.
  void kill() {
    child_.send(SIGKILL);
    child_.wait();
  }
  std::optional<int> wait() { return child_.wait(); }
  void send(int signal) { child_.send(signal); }
  bool running() { return child_.running(); }
  std::string errors() const { return child_.errors(); }
  program_process& child() { return child_; }

 private:
  static std::map<std::string, std::string> with_secret(std::map<std::string, std::string> all) {
    all.emplace("MUTIRAO_JWT_SECRET", secret);
    return all;
  }
  static std::vector<std::string> arguments(const std::string& database,
                                            const std::vector<std::string>& flags) {
    const bool is_url = database.find("://") != std::string::npos;
    std::vector<std::string> all{"serve", "--database", is_url ? database : "sqlite:" + database,
                                 "--listen", "127.0.0.1:0"};
    all.insert(all.end(), flags.begin(), flags.end());
    return all;
  }

  program_process child_;
  std::uint16_t port_ = 0;
  std::string first_line_;
};

}  // namespace mutirao::testing
