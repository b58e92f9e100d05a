#include "app/logfmt.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <type_traits>

namespace mutirao::app {
namespace {

constexpr std::array<std::string_view, 4> level_names{"debug", "info", "warning", "error"};

bool is_control(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7f;
}

bool needs_quotes(std::string_view text) {
  return text.empty() || std::any_of(text.begin(), text.end(), [](char c) {
           return is_control(c) || c == ' ' || c == '"' || c == '=' || c == '\\';
         });
}

void append_escaped(std::string& out, char c) {
  static constexpr std::string_view hex = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  if (c == '"' || c == '\\') {
    out += '\\';
    out += c;
  } else if (c == '\n') {
    out += "\\n";
  } else if (c == '\r') {
    out += "\\r";
  } else if (c == '\t') {
    out += "\\t";
  } else if (is_control(c)) {
    out += "\\x";
    out += hex[byte >> 4];
    out += hex[byte & 15];
  } else {
    out += c;
  }
}

void append_text(std::string& out, std::string_view text) {
  if (!needs_quotes(text)) {
    out += text;
    return;
  }
  out += '"';
  for (const char c : text) append_escaped(out, c);
  out += '"';
}

void append_key(std::string& out, std::string_view key) {
  for (const char c : key) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '_' || c == '.' || c == '-';
    out += plain ? c : '_';
  }
}

template <class Number>
void append_number(std::string& out, Number number) {
  std::array<char, 32> text;
  const auto [end, failure] = std::to_chars(text.data(), text.data() + text.size(), number);
  out.append(text.data(), failure == std::errc{} ? end : text.data());
}

}  // namespace

std::string render_line(instant at, log_level level, std::string_view event,
                        std::span<const log_field> fields) {
  std::string line;
  line.reserve(192);
  line += "ts=";
  line += format_instant(at);
  line += " level=";
  line += to_string(level);
  line += " event=";
  append_text(line, event);
  for (const log_field& field : fields) {
    line += ' ';
    append_key(line, field.key);
    line += '=';
    std::visit(
        [&line](const auto& value) {
          if constexpr (std::is_arithmetic_v<std::decay_t<decltype(value)>>) {
            append_number(line, value);
          } else {
            append_text(line, value);
          }
        },
        field.value);
  }
  return line;
}

std::optional<log_level> parse_log_level(std::string_view text) {
  const auto found = std::find(level_names.begin(), level_names.end(), text);
  if (found == level_names.end()) return std::nullopt;
  return static_cast<log_level>(found - level_names.begin());
}

std::string_view to_string(log_level level) {
  return level_names.at(static_cast<std::size_t>(level));
}

}  // namespace mutirao::app
