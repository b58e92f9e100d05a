#include <ostream>

#include "app/commands/commands.hpp"
#include "app/commands/common.hpp"
#include "storage/open.hpp"

namespace mutirao::app {
namespace {

int run_backup(option_reader& given, const console& terminal) {
  const std::string url = read_database(given);
  const std::string& to = given.positional(0);
  if (!given.problems().empty()) return exit_wrong_use;
  const auto report = storage::back_up_database(url, to);
  if (!report) return report_failure(terminal, "backup", report.error());
  terminal.out << "wrote " << to << ": " << report->bytes << " bytes, schema " << report->schema
               << '\n';
  return exit_done;
}

}  // namespace

command_spec backup_command() {
  return {"backup",
          "copies a database as of one moment to a new file, also while it is served",
          "mutirao backup /backup/mutirao-$(date +%F).db --database sqlite:mutirao.db",
          {database_option()},
          {{"FILE", "the copy; must not exist yet"}},
          run_backup};
}

}  // namespace mutirao::app
