// The options of a command as a table, and where each value comes from: the flag, else the
// environment, else the file, else the default. CLI11 only splits the command line: its own order
// puts the file before the environment, and it lets unknown keys of a file pass.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mutirao::app {

struct option_spec {
  enum class kind {
    value,  // one text
    list,   // repeatable; in the environment separated by commas, in the file an array
    flag,   // true or false
  };
  std::string name;  // without dashes: the file's key, and MUTIRAO_NAME in the environment
  kind is = kind::value;
  std::string placeholder;  // in the help, e.g. HOST:PORT; of a flag none
  std::string help;
  std::string fallback;  // the default, written as a user would; empty: none
};

struct positional_spec {
  std::string name;  // e.g. FILE
  std::string help;
};

/// By option name, what one source says. Of a flag the text is "true" or "false".
using option_texts = std::map<std::string, std::vector<std::string>, std::less<>>;

/// The value of a variable, where it is set. Set but empty counts as not set.
using environment = std::function<std::optional<std::string>(const std::string& name)>;

/// The environment of this process.
environment process_environment();

/// `drain-timeout` -> `MUTIRAO_DRAIN_TIMEOUT`.
std::string variable_name(std::string_view option);

/// What a command was told, by option name. Every option of the command is in it.
class option_values {
 public:
  struct entry {
    std::vector<std::string> texts;  // of a value one or none
    std::string origin;  // for messages: "--listen", "MUTIRAO_LISTEN", "listen in a.toml"
    bool given = false;  // false: the default
  };

  option_values(const std::vector<option_spec>& options, const option_texts& flags,
                const environment& variables, const option_texts& file,
                const std::string& file_name);

  /// The entry of an option that the command has.
  const entry& at(std::string_view option) const;

 private:
  std::map<std::string, entry, std::less<>> entries_;
};

}  // namespace mutirao::app
