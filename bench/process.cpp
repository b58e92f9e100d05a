#include "bench/process.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>

#include "bench/failure.hpp"

namespace mutirao::bench {
namespace {

[[noreturn]] void become(const std::vector<std::string>& arguments, int output, int errors) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  dup2(output, STDOUT_FILENO);
  dup2(errors, STDERR_FILENO);
  std::vector<char*> words;
  for (const auto& word : arguments) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  execv(words.front(), words.data());
  _exit(127);
}

}  // namespace

process::process(const std::vector<std::string>& arguments, const std::string& log)
    : name_(arguments.front()) {
  int ends[2];
  const int errors = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  require(errors >= 0 && pipe2(ends, O_CLOEXEC) == 0, "cannot start " + name_);
  id_ = fork();
  require(id_ >= 0, "cannot fork");
  if (id_ == 0) become(arguments, ends[1], errors);
  close(ends[1]);
  close(errors);
  output_ = ends[0];
}

process::~process() {
  if (id_ > 0) {
    kill(id_, SIGKILL);
    waitpid(id_, nullptr, 0);
  }
  close(output_);
}

std::string process::first_line() {
  std::string line;
  for (char c = 0; c != '\n';) {
    if (read(output_, &c, 1) != 1) give_up(name_ + " ended before it was ready");
    if (c != '\n') line += c;
  }
  return line;
}

int process::end() {
  kill(id_, SIGTERM);
  return wait();
}

int process::wait() {
  int status = 0;
  while (waitpid(id_, &status, 0) < 0) require(errno == EINTR, "waitpid");
  id_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void process::freeze() {
  int status = 0;
  require(kill(id_, SIGSTOP) == 0 && waitpid(id_, &status, WUNTRACED) == id_ && WIFSTOPPED(status),
          "cannot freeze " + name_);
}

void process::kill_now() {
  kill(id_, SIGKILL);
  require(wait() == 128 + SIGKILL, name_ + " ended before it was killed");
}

void process::forget_peak() const {
  std::ofstream("/proc/" + std::to_string(id_) + "/clear_refs") << "5";
}

double process::processor_seconds() const {
  clockid_t clock{};
  timespec used{};
  require(clock_getcpuclockid(id_, &clock) == 0 && clock_gettime(clock, &used) == 0,
          "no processor time of " + name_);
  return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

double process::status_mib(const char* name) const {
  std::ifstream file("/proc/" + std::to_string(id_) + "/status");
  for (std::string word; file >> word;) {
    double kib = 0;
    if (word == name && file >> kib) return kib / 1024;
  }
  give_up("no " + std::string(name) + " of " + name_);
}

}  // namespace mutirao::bench
