// What several subcommands need: the option --database, and how a failure is told.
#pragma once

#include <string>

#include "app/console.hpp"
#include "app/option_reader.hpp"
#include "domain/error.hpp"

namespace mutirao::app {

option_spec database_option();

/// The URL; complains where it has no scheme that we know.
std::string read_database(option_reader& given);

/// "mutirao COMMAND: what" on stderr. Returns exit_failed.
int report_failure(const console& terminal, const std::string& command, const error& why);
/// The same where another option or variable mends it: exit_wrong_use.
int report_wrong_use(const console& terminal, const std::string& command, const error& why);

}  // namespace mutirao::app
