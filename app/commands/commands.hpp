// Every subcommand of the program.
#pragma once

#include <vector>

#include "app/command_line.hpp"

namespace mutirao::app {

command_spec serve_command();
command_spec token_command();
command_spec import_command();
command_spec demo_command();
command_spec preview_command();
command_spec migrate_command();
command_spec backup_command();
command_spec gateway_command();
command_spec certs_command();
std::vector<command_spec> jobs_commands();
std::vector<command_spec> schedules_commands();
std::vector<command_spec> users_commands();

std::vector<command_spec> all_commands();

}  // namespace mutirao::app
