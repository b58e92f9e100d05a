// A Node process that runs a script with the real clients of tests/node/.
#pragma once

#include <filesystem>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/background_process.hpp"
#include "tests/support/places.hpp"

namespace mutirao::e2e {

class node_clients {
 public:
  /// Runs the file `script`; its packages and its output go beside it.
  node_clients(const std::filesystem::path& script, const std::vector<std::string>& arguments,
               const std::map<std::string, std::string>& environment)
      : process_(setup_of(script, arguments, environment)) {}

  /// `count` clients of `package` by tests/node/client.mjs, from `folder`.
  static node_clients connect(const std::filesystem::path& folder, const std::string& url,
                              const std::string& token,
                              const std::string& package = "socket.io-client", int count = 1) {
    std::filesystem::create_directories(folder);
    const auto script = folder / "client.mjs";
    std::filesystem::copy_file(testing::in_source("tests/node/client.mjs"), script,
                               std::filesystem::copy_options::overwrite_existing);
    return {script, {package, std::to_string(count)}, {{"URL", url}, {"T", token}}};
  }

  std::string output() const { return process_.output(); }
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
  static testing::background_process::setup setup_of(
      const std::filesystem::path& script, const std::vector<std::string>& arguments,
      const std::map<std::string, std::string>& environment) {
    const auto packages = script.parent_path() / "node_modules";
    if (!std::filesystem::exists(packages)) {
      std::filesystem::create_directory_symlink(testing::places.node_modules, packages);
    }
    std::vector<std::string> words{"node", script.string()};
    words.insert(words.end(), arguments.begin(), arguments.end());
    return {words, script.string() + ".out", environment};
  }

  testing::background_process process_;
};

}  // namespace mutirao::e2e
