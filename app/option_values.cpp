#include "app/option_values.hpp"

#include <cassert>
#include <cstdlib>

namespace mutirao::app {
namespace {

std::vector<std::string> split_at_commas(std::string_view text) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t comma = text.find(',');
    if (const auto part = text.substr(0, comma); !part.empty()) parts.emplace_back(part);
    if (comma == std::string_view::npos) return parts;
    text.remove_prefix(comma + 1);
  }
}

option_values::entry find_entry(const option_spec& option, const option_texts& flags,
                                const environment& variables, const option_texts& file,
                                const std::string& file_name) {
  if (const auto found = flags.find(option.name); found != flags.end()) {
    return {found->second, "--" + option.name, true};
  }
  const std::string variable = variable_name(option.name);
  if (const auto text = variables(variable)) {
    const bool many = option.is == option_spec::kind::list;
    return {many ? split_at_commas(*text) : std::vector{*text}, variable, true};
  }
  if (const auto found = file.find(option.name); found != file.end()) {
    return {found->second, option.name + " in " + file_name, true};
  }
  if (option.fallback.empty()) return {{}, "--" + option.name, false};
  return {{option.fallback}, "--" + option.name, false};
}

}  // namespace

environment process_environment() {
  return [](const std::string& name) -> std::optional<std::string> {
    const char* const text = std::getenv(name.c_str());
    if (text == nullptr || *text == '\0') return std::nullopt;
    return text;
  };
}

std::string variable_name(std::string_view option) {
  std::string name = "MUTIRAO_";
  for (const char c : option) {
    const bool lower = c >= 'a' && c <= 'z';
    name += c == '-' ? '_' : lower ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return name;
}

option_values::option_values(const std::vector<option_spec>& options, const option_texts& flags,
                             const environment& variables, const option_texts& file,
                             const std::string& file_name) {
  for (const option_spec& option : options) {
    entries_.emplace(option.name, find_entry(option, flags, variables, file, file_name));
  }
}

const option_values::entry& option_values::at(std::string_view option) const {
  const auto found = entries_.find(option);
  assert(found != entries_.end());
  return found->second;
}

}  // namespace mutirao::app
