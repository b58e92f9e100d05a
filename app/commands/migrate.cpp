#include <ostream>

#include "app/commands/commands.hpp"
#include "app/commands/common.hpp"
#include "storage/open.hpp"

namespace mutirao::app {
namespace {

int run_migrate(option_reader& given, const console& terminal) {
  const std::string url = read_database(given);
  if (!given.problems().empty()) return exit_wrong_use;
  const auto report = storage::migrate_database(url, {.owner = "mutirao migrate"});
  if (!report) return report_failure(terminal, "migrate", report.error());
  for (const std::string& name : report->applied) terminal.out << "applied " << name << '\n';
  terminal.out << (report->applied.empty() ? "nothing to do: " : "") << "schema " << report->now
               << '\n';
  return exit_done;
}

}  // namespace

command_spec migrate_command() {
  return {"migrate",
          "brings the schema of a database up to date (serve does it by itself)",
          "mutirao migrate --database sqlite:mutirao.db",
          {database_option()},
          {},
          run_migrate};
}

}  // namespace mutirao::app
