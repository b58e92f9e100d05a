#include "app/commands/commands.hpp"

#include <iterator>

namespace mutirao::app {

std::vector<command_spec> all_commands() {
  std::vector<command_spec> all{serve_command(),  token_command(),   import_command(),
                                demo_command(),   preview_command(), migrate_command(),
                                backup_command(), gateway_command(), certs_command()};
  for (auto group : {jobs_commands(), schedules_commands(), users_commands()}) {
    std::move(group.begin(), group.end(), std::back_inserter(all));
  }
  return all;
}

}  // namespace mutirao::app
