#include "http/json/writer.hpp"

#include <array>
#include <charconv>
#include <cstdio>

namespace mutirao::http::json {
namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

bool continues(std::string_view text, std::size_t at) {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80;
}

/// Bytes of the well-formed UTF-8 sequence at the front of `text`, which is no ASCII; 0 where there
/// is none (Unicode, table 3-7: no overlong forms, no surrogates, nothing over U+10FFFF).
std::size_t sequence_length(std::string_view text) {
  const auto first = static_cast<unsigned char>(text[0]);
  const auto second = text.size() > 1 ? static_cast<unsigned char>(text[1]) : 0;
  if (first >= 0xC2 && first <= 0xDF) return continues(text, 1) ? 2 : 0;
  if (first >= 0xE0 && first <= 0xEF) {
    if (first == 0xE0 && second < 0xA0) return 0;
    if (first == 0xED && second > 0x9F) return 0;
    return continues(text, 1) && continues(text, 2) ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    if (first == 0xF0 && second < 0x90) return 0;
    if (first == 0xF4 && second > 0x8F) return 0;
    return continues(text, 1) && continues(text, 2) && continues(text, 3) ? 4 : 0;
  }
  return 0;
}

void append_escape(std::string& out, char c) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default: {
      constexpr std::string_view digits = "0123456789abcdef";
      const auto byte = static_cast<unsigned char>(c);
      out += "\\u00";
      out += digits[byte >> 4];
      out += digits[byte & 15];
    }
  }
}

bool is_plain(char c) {
  return static_cast<unsigned char>(c) >= 0x20 && static_cast<unsigned char>(c) < 0x7f &&
         c != '"' && c != '\\';
}

}  // namespace

void append_string(std::string& out, std::string_view text) {
  out += '"';
  std::size_t at = 0;
  while (at < text.size()) {
    std::size_t plain = at;
    while (plain < text.size() && is_plain(text[plain])) ++plain;
    out.append(text, at, plain - at);
    at = plain;
    if (at == text.size()) break;
    if (static_cast<unsigned char>(text[at]) < 0x80) {
      append_escape(out, text[at++]);
      continue;
    }
    const auto length = sequence_length(text.substr(at));
    out += length == 0 ? replacement : text.substr(at, length);
    at += length == 0 ? 1 : length;
  }
  out += '"';
}

void writer::comma() {
  if (!first_) out_ += ',';
  first_ = false;
}

writer& writer::open(char bracket) {
  comma();
  out_ += bracket;
  first_ = true;
  return *this;
}

writer& writer::close(char bracket) {
  out_ += bracket;
  first_ = false;
  return *this;
}

writer& writer::key(std::string_view name) {
  comma();
  out_ += '"';
  out_ += name;
  out_ += "\":";
  first_ = true;
  return *this;
}

writer& writer::quoted_key(std::string_view name) {
  comma();
  append_string(out_, name);
  out_ += ':';
  first_ = true;
  return *this;
}

writer& writer::value(std::string_view text) {
  comma();
  append_string(out_, text);
  return *this;
}

writer& writer::integer(std::int64_t number) {
  comma();
  std::array<char, 24> digits;
  const auto [end, problem] = std::to_chars(digits.data(), digits.data() + digits.size(), number);
  out_.append(digits.data(), end);
  return *this;
}

writer& writer::tenths(double number) {
  comma();
  std::array<char, 64> digits;
  const int length = std::snprintf(digits.data(), digits.size(), "%.1f", number);
  out_.append(digits.data(), static_cast<std::size_t>(length));
  return *this;
}

writer& writer::value(date day) {
  comma();
  out_ += '"';
  append_date(out_, day);
  out_ += '"';
  return *this;
}

writer& writer::value(instant at) {
  comma();
  out_ += '"';
  out_ += format_instant(at);
  out_ += '"';
  return *this;
}

writer& writer::raw(std::string_view json) {
  comma();
  out_ += json;
  return *this;
}

}  // namespace mutirao::http::json
