#include "app/config_file.hpp"

#include <toml++/toml.h>

#include <algorithm>

#include "app/command_line.hpp"
#include "app/file_text.hpp"

namespace mutirao::app {
namespace {

struct context {
  const std::string& file_name;
  const command_spec& command;
  const std::vector<command_spec>& all;
};

std::string place(const context& at, const toml::source_region& where) {
  return at.file_name + ":" + std::to_string(where.begin.line) + ": ";
}

const option_spec* find_option(const command_spec& command, std::string_view key) {
  const auto found = std::find_if(command.options.begin(), command.options.end(),
                                  [key](const option_spec& option) { return option.name == key; });
  return found == command.options.end() ? nullptr : &*found;
}

const option_spec* find_anywhere(const std::vector<command_spec>& all, std::string_view key) {
  for (const command_spec& command : all) {
    if (const option_spec* option = find_option(command, key)) return option;
  }
  return nullptr;
}

// "jobs list" and "jobs show" share the table [jobs].
std::string_view table_of(const command_spec& command) {
  return std::string_view(command.name).substr(0, command.name.find(' '));
}

std::optional<std::string> scalar_text(const toml::node& node) {
  if (const auto text = node.value_exact<std::string>()) return *text;
  if (const auto number = node.value_exact<std::int64_t>()) return std::to_string(*number);
  if (const auto truth = node.value_exact<bool>()) return *truth ? "true" : "false";
  return std::nullopt;
}

expected<std::vector<std::string>> texts_of(const context& at, const option_spec& option,
                                            const toml::node& node) {
  std::vector<std::string> texts;
  const toml::array* const many = node.as_array();
  if (many != nullptr && option.is == option_spec::kind::list) {
    for (const toml::node& each : *many) {
      auto text = scalar_text(each);
      if (!text) break;
      texts.push_back(std::move(*text));
    }
    if (texts.size() == many->size()) return texts;
  } else if (auto text = scalar_text(node)) {
    if (option.is != option_spec::kind::flag || node.is_boolean()) {
      return std::vector{std::move(*text)};
    }
  }
  const std::string_view wanted = option.is == option_spec::kind::flag   ? "true or false"
                                  : option.is == option_spec::kind::list ? "an array of texts"
                                                                         : "a text or a number";
  return fail(errc::invalid_field,
              place(at, node.source()) + "\"" + option.name + "\" must be " + std::string(wanted));
}

tl::unexpected<error> unknown_key(const context& at, std::string_view key, const toml::node& node) {
  std::string what = place(at, node.source()) + "unknown key \"" + std::string(key) + "\"";
  if (key == "jwt-secret") what += "; name a file with jwt-secret-file";
  return fail(errc::invalid_field, what + " (see `mutirao " + at.command.name + " --help`)");
}

expected<void> read_table(const context& at, const toml::table& table, option_texts& found) {
  for (const auto& [key, node] : table) {
    const option_spec* const option = find_option(at.command, key.str());
    if (option == nullptr) {
      const bool others = std::any_of(at.all.begin(), at.all.end(), [&](const command_spec& each) {
        return table_of(each) == table_of(at.command) && find_option(each, key.str()) != nullptr;
      });
      if (!others) return unknown_key(at, key.str(), node);
      continue;
    }
    auto texts = texts_of(at, *option, node);
    if (!texts) return tl::unexpected(texts.error());
    found.insert_or_assign(option->name, std::move(*texts));
  }
  return {};
}

expected<option_texts> read_root(const context& at, const toml::table& root) {
  option_texts found;
  const toml::table* own = nullptr;
  for (const auto& [key, node] : root) {
    const std::string_view name = key.str();
    if (const toml::table* const table = node.as_table()) {
      const auto known = std::find_if(at.all.begin(), at.all.end(), [name](const auto& command) {
        return table_of(command) == name;
      });
      if (known == at.all.end()) return unknown_key(at, name, node);
      if (name == table_of(at.command)) {
        own = table;
        continue;
      }
      option_texts ignored;
      const context there{at.file_name, *known, at.all};
      if (auto checked = read_table(there, *table, ignored); !checked) {
        return tl::unexpected(checked.error());
      }
      continue;
    }
    const option_spec* const option = find_anywhere(at.all, name);
    if (option == nullptr) return unknown_key(at, name, node);
    auto texts = texts_of(at, *option, node);
    if (!texts) return tl::unexpected(texts.error());
    if (find_option(at.command, name) != nullptr) found[std::string(name)] = std::move(*texts);
  }
  if (own != nullptr) {
    if (auto read = read_table(at, *own, found); !read) return tl::unexpected(read.error());
  }
  return found;
}

}  // namespace

expected<option_texts> parse_config(std::string_view text, const std::string& file_name,
                                    const command_spec& command,
                                    const std::vector<command_spec>& all) {
  const context at{file_name, command, all};
  try {
    return read_root(at, toml::parse(text, file_name));
  } catch (const toml::parse_error& failure) {
    return fail(errc::invalid_field,
                place(at, failure.source()) + std::string(failure.description()));
  }
}

expected<option_texts> read_config(const std::string& path, const command_spec& command,
                                   const std::vector<command_spec>& all) {
  const auto text = read_file(path);
  if (!text) return fail(errc::invalid_field, "--config: " + text.error().detail);
  return parse_config(*text, path, command, all);
}

}  // namespace mutirao::app
