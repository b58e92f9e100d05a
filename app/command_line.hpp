// The command line: which subcommands there are, and how their arguments are split. The only file
// that knows CLI11 is its .cpp.
#pragma once

#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "app/console.hpp"
#include "app/option_reader.hpp"
#include "app/option_values.hpp"

namespace mutirao::app {

/// A subcommand. `name` of two words ("jobs list") is one below a group of its own.
struct command_spec {
  std::string name;
  std::string summary;
  std::string example;  // shown under the help
  std::vector<option_spec> options;
  std::vector<positional_spec> positionals;
  /// Reads its options first, and stops where the reader has problems; they are printed by the
  /// caller. Returns the exit code.
  std::function<int(option_reader&, const console&)> run;
};

struct parsed_command {
  const command_spec* command = nullptr;
  option_texts flags;
  std::vector<std::string> positionals;
  std::string config;  // --config; empty: none
};
struct help_wanted {
  std::string text;
};
struct wrong_use {
  std::string text;
};

/// `arguments` without the program's name. `commands` outlive the answer.
std::variant<parsed_command, help_wanted, wrong_use> parse_command_line(
    const std::vector<command_spec>& commands, const std::vector<std::string>& arguments);

}  // namespace mutirao::app
