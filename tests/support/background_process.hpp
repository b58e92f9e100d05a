// Another program beside the test, such as a browser: its output goes into a file, and it ends,
// with all that it started, when the test does.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace mutirao::testing {

class background_process {
 public:
  struct setup {
    std::vector<std::string> words;                       // the program is looked for in PATH
    std::filesystem::path output;                         // stdout and stderr
    std::map<std::string, std::string> environment = {};  // besides ours
    int inherited = -1;                                   // a descriptor that it gets as its 3
  };

  explicit background_process(const setup& with) : output_(with.output) {
    std::vector<std::string> words{"/usr/bin/env"};
    for (const auto& [name, value] : with.environment) words.push_back(name + "=" + value);
    words.insert(words.end(), with.words.begin(), with.words.end());
    std::vector<char*> pointers;
    for (auto& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    const int out = ::open(output_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (out < 0) throw std::runtime_error("no file for a child");
    id_ = ::fork();
    if (id_ == 0) {
      // Only calls that are safe after a fork.
      ::setpgid(0, 0);
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      ::dup2(out, STDOUT_FILENO);
      ::dup2(out, STDERR_FILENO);
      if (with.inherited == 3) ::fcntl(3, F_SETFD, 0);
      if (with.inherited > 3) ::dup2(with.inherited, 3);
      ::execv(pointers[0], pointers.data());
      ::_exit(127);
    }
    ::close(out);
    if (id_ < 0) throw std::runtime_error("cannot fork");
    ::setpgid(id_, id_);  // as it does itself: whichever comes first
  }
  ~background_process() {
    ::kill(-id_, SIGKILL);
    ::waitpid(id_, nullptr, 0);
  }
  background_process(const background_process&) = delete;
  background_process& operator=(const background_process&) = delete;

  void send(int signal) { ::kill(id_, signal); }

  /// All that it wrote so far.
  std::string output() const {
    std::ifstream file(output_);
    return {std::istreambuf_iterator<char>(file), {}};
  }

 private:
  std::filesystem::path output_;
  pid_t id_ = -1;
};

}  // namespace mutirao::testing
