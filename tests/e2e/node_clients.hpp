// A Node process that runs a script with the real clients of tests/node/.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace mutirao::e2e {

/// Killed at the end of its life.
class node_clients {
 public:
  /// Runs the file `script`; its packages and its output go beside it.
  node_clients(const std::string& script, const std::vector<std::string>& arguments,
               const std::map<std::string, std::string>& environment)
      : output_(script + ".out") {
    namespace fs = std::filesystem;
    const auto folder = fs::path(script).parent_path();
    if (!fs::exists(folder / "node_modules")) {
      fs::create_directory_symlink(MUTIRAO_NODE_MODULES, folder / "node_modules");
    }
    std::vector<std::string> words{"/usr/bin/env"};
    for (const auto& [name, value] : environment) words.push_back(name + "=" + value);
    words.insert(words.end(), {"node", script});
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> pointers;
    for (auto& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    const int out = ::open(output_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    id_ = ::fork();
    if (id_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      ::dup2(out, STDOUT_FILENO);
      ::dup2(out, STDERR_FILENO);
      ::execv(pointers[0], pointers.data());
      ::_exit(127);
    }
    ::close(out);
    if (id_ < 0) throw std::runtime_error("cannot fork");
  }
  ~node_clients() {
    ::kill(id_, SIGKILL);
    ::waitpid(id_, nullptr, 0);
  }
  node_clients(const node_clients&) = delete;
  node_clients& operator=(const node_clients&) = delete;

  /// All that it wrote so far.
  std::string output() const {
    std::ifstream file(output_);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  /// What stands behind "CLIENT EVENT " in the lines of that event, of any client.
  std::vector<std::string> told(const std::string& event) const {
    std::vector<std::string> all;
    std::istringstream lines(output());
    for (std::string line; std::getline(lines, line);) {
      const auto name = line.find(' ') + 1;
      if (line.compare(name, event.size() + 1, event + " ") != 0) continue;
      all.push_back(line.substr(name + event.size() + 1));
    }
    return all;
  }

 private:
  std::filesystem::path output_;
  pid_t id_ = -1;
};

}  // namespace mutirao::e2e
