#include "storage/postgres/dialect.hpp"

#include <cctype>

namespace mutirao::storage::postgres {
namespace {

constexpr std::string_view only_here = "/*pg:";
constexpr std::string_view hints[] = {" NOT INDEXED", " INDEXED BY "};

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

std::size_t behind_word(std::string_view sql, std::size_t at) {
  while (at < sql.size() && is_word(sql[at])) ++at;
  return at;
}

/// Where the hint that begins at `at` ends; `at` where none does.
std::size_t behind_hint(std::string_view sql, std::size_t at) {
  for (const auto hint : hints) {
    if (!sql.substr(at).starts_with(hint)) continue;
    const auto end = at + hint.size();
    return hint.back() == ' ' ? behind_word(sql, end) : end;
  }
  return at;
}

std::size_t behind_text(std::string_view sql, std::size_t at) {
  const auto end = sql.find('\'', at + 1);
  return end == std::string_view::npos ? sql.size() : end + 1;
}

const char* array_type(char kind) {
  return kind == 'i' ? "bigint[]" : kind == 't' ? "text[]" : "bytea[]";
}

// ?3 becomes many.c3.
std::string of_columns(std::string_view expressions) {
  std::string made;
  for (const char c : expressions) made += c == '?' ? std::string("many.c") : std::string(1, c);
  return made;
}

}  // namespace

std::string translated(std::string_view sql) {
  std::string made;
  made.reserve(sql.size() + 16);
  for (std::size_t at = 0; at < sql.size();) {
    if (sql[at] == '\'') {
      const auto end = behind_text(sql, at);
      made += sql.substr(at, end - at);
      at = end;
    } else if (sql[at] == '?') {
      made += '$';
      ++at;
    } else if (sql.substr(at).starts_with(only_here)) {
      const auto end = sql.find("*/", at);
      made += translated(sql.substr(at + only_here.size(), end - at - only_here.size()));
      at = end + 2;
    } else if (const auto end = behind_hint(sql, at); end != at) {
      at = end;
    } else {
      made += sql[at++];
    }
  }
  return made;
}

std::string for_many_rows(std::string_view sql, std::string_view kinds, std::string_view returns) {
  constexpr std::string_view opening = "VALUES (";
  const auto values = sql.find(opening);
  const auto first = values + opening.size();
  auto last = first;
  for (int depth = 1;; ++last) {
    if (sql[last] == '\'') last = behind_text(sql, last) - 1;
    if (sql[last] == '(') ++depth;
    if (sql[last] == ')' && --depth == 0) break;
  }
  std::string arrays, names;
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    const auto number = std::to_string(i + 1);
    arrays += (i == 0 ? "$" : ", $") + number + "::" + array_type(kinds[i]);
    names += (i == 0 ? "c" : ", c") + number;
  }
  return translated(sql.substr(0, values)) + "SELECT " +
         of_columns(sql.substr(first, last - first)) + " FROM unnest(" + arrays + ") AS many(" +
         names + ")" + translated(sql.substr(last + 1)) + " RETURNING " + std::string(returns);
}

}  // namespace mutirao::storage::postgres
