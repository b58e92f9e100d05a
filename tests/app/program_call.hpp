// Calls the program in this process, with a made-up environment and texts for its streams.
#pragma once

#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "app/program.hpp"

namespace mutirao::app {

using variables = std::map<std::string, std::string>;

/// Of whoever asks a service.
inline const variables with_token{{"MUTIRAO_TOKEN", "t"}};

inline environment environment_of(variables all) {
  return [all = std::move(all)](const std::string& name) -> std::optional<std::string> {
    const auto found = all.find(name);
    return found == all.end() ? std::nullopt : std::optional(found->second);
  };
}

struct program_call {
  int code = 0;
  std::string out;
  std::string err;
};

inline program_call call(const std::vector<std::string>& arguments, const variables& set = {},
                         const std::string& input = {}) {
  std::istringstream in(input);
  std::ostringstream out;
  std::ostringstream err;
  const int code = run_program(arguments, environment_of(set), {in, out, err});
  return {code, out.str(), err.str()};
}

inline std::string write_file(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

}  // namespace mutirao::app
