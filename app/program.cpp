#include "app/program.hpp"

#include <exception>
#include <ostream>

#include "app/command_line.hpp"
#include "app/commands/commands.hpp"
#include "app/config_file.hpp"

namespace mutirao::app {
namespace {

int refuse(const console& terminal, const std::string& command,
           const std::vector<std::string>& problems) {
  for (const std::string& each : problems) {
    terminal.err << "mutirao " << command << ": " << each << '\n';
  }
  terminal.err << "see `mutirao " << command << " --help`\n";
  return exit_wrong_use;
}

int run_command(const std::vector<command_spec>& all, const parsed_command& parsed,
                const environment& variables, const console& terminal) {
  const command_spec& command = *parsed.command;
  const std::string file_name =
      parsed.config.empty() ? variables("MUTIRAO_CONFIG").value_or("") : parsed.config;
  option_texts file;
  if (!file_name.empty()) {
    auto read = read_config(file_name, command, all);
    if (!read) return refuse(terminal, command.name, {read.error().detail});
    file = std::move(*read);
  }
  const option_values values(command.options, parsed.flags, variables, file, file_name);
  option_reader reader(values, variables, parsed.positionals);
  const int code = command.run(reader, terminal);
  if (!reader.problems().empty()) return refuse(terminal, command.name, reader.problems());
  return code;
}

}  // namespace

int run_program(const std::vector<std::string>& arguments, const environment& variables,
                const console& terminal) noexcept {
  try {
    const std::vector<command_spec> all = all_commands();
    const auto parsed = parse_command_line(all, arguments);
    if (const auto* help = std::get_if<help_wanted>(&parsed)) {
      terminal.out << help->text;
      return exit_done;
    }
    if (const auto* wrong = std::get_if<wrong_use>(&parsed)) {
      terminal.err << "mutirao: " << wrong->text << '\n';
      return exit_wrong_use;
    }
    return run_command(all, std::get<parsed_command>(parsed), variables, terminal);
  } catch (const std::exception& failure) {
    terminal.err << "mutirao: " << failure.what() << '\n';
  } catch (...) {
    terminal.err << "mutirao: an unknown failure\n";
  }
  return exit_failed;
}

}  // namespace mutirao::app
