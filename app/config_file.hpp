// Options from a TOML file: keys at the top are for every command that has such an option, keys in
// a table [serve] for that command alone, which beat those at the top.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "app/option_values.hpp"
#include "domain/error.hpp"

namespace mutirao::app {

struct command_spec;

/// What `text` says to `command`, one of `all`. errc::invalid_field where it is no TOML, a key is
/// no option of the command (at the top: of no command at all), or a value has the wrong type; the
/// detail names `file_name`, the line and the mend.
expected<option_texts> parse_config(std::string_view text, const std::string& file_name,
                                    const command_spec& command,
                                    const std::vector<command_spec>& all);

/// Reads the file, then as above. errc::invalid_field where it cannot be read.
expected<option_texts> read_config(const std::string& path, const command_spec& command,
                                   const std::vector<command_spec>& all);

}  // namespace mutirao::app
