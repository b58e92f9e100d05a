#include "app/command_line.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <map>
#include <memory>
#include <optional>

#include "app/version.hpp"

namespace mutirao::app {
namespace {

constexpr std::string_view sources_note =
    "Every option may also come from the environment (MUTIRAO_ and the option in capitals, - as "
    "_)\n"
    "or from a TOML file (--config). An option beats the environment, that the file, that the "
    "default.";

std::string footer_with(const std::string& example) {
  return "\nExample:\n  " + example;
}

// CLI11's parser with the options that were declared on it.
class command_parser {
 public:
  command_parser(const command_spec& command, CLI::App& app) : command_(command), app_(app) {
    for (const option_spec& option : command.options) options_.push_back(declare(option));
    for (const positional_spec& positional : command.positionals) {
      positionals_.push_back(
          app.add_option(positional.name, positional.help)->required()->type_name(""));
    }
    config_ = app.add_option("--config", "TOML file with options")->type_name("FILE");
    app.footer(footer_with(command.example) + "\n\n" + std::string(sources_note));
  }

  bool chosen() const { return app_.parsed(); }

  parsed_command result() const {
    parsed_command parsed;
    parsed.command = &command_;
    for (std::size_t i = 0; i < options_.size(); ++i) {
      if (options_[i]->count() == 0) continue;
      const option_spec& spec = command_.options[i];
      parsed.flags[spec.name] = spec.is == option_spec::kind::flag
                                    ? std::vector<std::string>{"true"}
                                    : options_[i]->results();
    }
    for (const CLI::Option* each : positionals_)
      parsed.positionals.push_back(each->results().at(0));
    if (config_->count() != 0) parsed.config = config_->results().at(0);
    return parsed;
  }

 private:
  CLI::Option* declare(const option_spec& option) {
    const std::string flag = "--" + option.name;
    if (option.is == option_spec::kind::flag) return app_.add_flag(flag, option.help);
    CLI::Option* const made = app_.add_option(flag, option.help)->type_name(option.placeholder);
    if (option.is == option_spec::kind::list) {
      made->allow_extra_args(false)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
      made->expected(1, 1 << 20)->allow_extra_args(false);
    }
    if (!option.fallback.empty()) made->default_str(option.fallback);
    return made;
  }

  const command_spec& command_;
  CLI::App& app_;
  std::vector<CLI::Option*> options_;
  std::vector<CLI::Option*> positionals_;
  CLI::Option* config_ = nullptr;
};

// What stands beside a group in the program's help.
std::string summary_of(const std::string& group) {
  return group == "users" ? "says who signs in" : "asks a running service about its " + group;
}

// The App of `command`, below its group's where the name has two words.
CLI::App& add_app(CLI::App& root, const command_spec& command,
                  std::map<std::string, CLI::App*>& groups) {
  const std::size_t space = command.name.find(' ');
  if (space == std::string::npos) return *root.add_subcommand(command.name, command.summary);
  const std::string group = command.name.substr(0, space);
  CLI::App*& parent = groups[group];
  if (parent == nullptr) {
    parent = root.add_subcommand(group, summary_of(group));
    parent->require_subcommand(1);
    parent->footer(footer_with(command.example));
  }
  return *parent->add_subcommand(command.name.substr(space + 1), command.summary);
}

// Of the app whose arguments were wrong, the way to its help.
std::string help_hint(const CLI::App& root) {
  std::string path = "mutirao";
  const CLI::App* at = &root;
  for (auto below = at->get_subcommands(); !below.empty(); below = at->get_subcommands()) {
    at = below.front();
    path += " " + at->get_name();
  }
  return "see `" + path + " --help`";
}

bool has_command(const std::vector<command_spec>& commands, const std::string& name) {
  return std::any_of(commands.begin(), commands.end(),
                     [&](const command_spec& each) { return each.name == name; });
}

// CLI11 says of an unknown subcommand only that one is missing.
std::optional<std::string> unknown_command(const std::vector<command_spec>& commands,
                                           const std::vector<std::string>& arguments) {
  const auto begins = [&](const std::string& words) {
    return std::any_of(commands.begin(), commands.end(), [&](const command_spec& each) {
      return each.name == words || each.name.starts_with(words + " ");
    });
  };
  if (arguments.empty() || arguments[0].starts_with('-')) return std::nullopt;
  std::string words = arguments[0];
  const bool group = begins(words) && !has_command(commands, words);
  if (group && arguments.size() > 1 && !arguments[1].starts_with('-')) words += " " + arguments[1];
  if (begins(words)) return std::nullopt;
  return "unknown command \"" + words + "\"; see `mutirao " + (group ? arguments[0] + " " : "") +
         "--help`";
}

}  // namespace

std::variant<parsed_command, help_wanted, wrong_use> parse_command_line(
    const std::vector<command_spec>& commands, const std::vector<std::string>& arguments) {
  if (auto unknown = unknown_command(commands, arguments)) return wrong_use{std::move(*unknown)};
  CLI::App root("Generates the inspection tasks of companies as durable jobs.", "mutirao");
  root.require_subcommand(1);
  root.set_version_flag("--version", std::string(version_line()));
  root.footer(footer_with("mutirao serve --dev"));
  std::map<std::string, CLI::App*> groups;
  std::vector<command_parser> parsers;
  parsers.reserve(commands.size());
  for (const command_spec& command : commands) {
    parsers.emplace_back(command, add_app(root, command, groups));
  }
  try {
    std::vector<std::string> reversed(arguments.rbegin(), arguments.rend());
    root.parse(std::move(reversed));
  } catch (const CLI::CallForVersion& version) {
    return help_wanted{std::string(version.what()) + "\n"};
  } catch (const CLI::CallForHelp&) {
    return help_wanted{root.help()};
  } catch (const CLI::ParseError& failure) {
    return wrong_use{std::string(failure.what()) + "; " + help_hint(root)};
  }
  const auto chosen = std::find_if(parsers.begin(), parsers.end(),
                                   [](const command_parser& each) { return each.chosen(); });
  if (chosen == parsers.end()) return wrong_use{"no command; " + help_hint(root)};
  return chosen->result();
}

}  // namespace mutirao::app
