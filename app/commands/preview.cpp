#include "app/preview.hpp"

#include <istream>
#include <iterator>
#include <ostream>

#include "app/commands/commands.hpp"
#include "app/commands/common.hpp"

namespace mutirao::app {
namespace {

int run_preview(option_reader& /*given*/, const console& terminal) {
  const std::string cases{std::istreambuf_iterator<char>(terminal.in), {}};
  const auto planned = preview(cases);
  if (!planned) return report_failure(terminal, "preview", planned.error());
  terminal.out << *planned << std::flush;
  return exit_done;
}

}  // namespace

command_spec preview_command() {
  return {"preview",
          "plans the cases on stdin (JSON array), without a database",
          "echo '[{\"today\":\"2026-11-23\",\"company\":{\"data_renovacao\":\"2025-03-01\","
          "\"periodicidade\":120}}]' | mutirao preview",
          {},
          {},
          run_preview};
}

}  // namespace mutirao::app
