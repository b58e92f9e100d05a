#include "domain/argument_text.hpp"

#include <algorithm>
#include <charconv>

namespace mutirao {

std::optional<std::int64_t> whole_number(std::string_view text, std::int64_t least,
                                         std::int64_t most) {
  std::int64_t number = 0;
  const auto* const last = text.data() + text.size();
  const auto [end, problem] = std::from_chars(text.data(), last, number);
  const bool whole = problem == std::errc{} && end == last;
  return whole && number >= least && number <= most ? std::optional(number) : std::nullopt;
}

std::optional<unit_id> unit_in(std::string_view text) {
  const auto number = whole_number(text, 1, INT64_MAX);
  return number ? std::optional(unit_id{*number}) : std::nullopt;
}

std::string_view given_or(const argument_reader& given, std::string_view name,
                          std::string_view absent) {
  const auto found = given.find(name);
  return found == given.end() ? absent : std::string_view(found->second);
}

std::optional<std::string_view> stored_argument(std::string_view text, std::string_view name) {
  while (!text.empty()) {
    const auto word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (word.size() > name.size() && word.starts_with(name) && word[name.size()] == '=') {
      return word.substr(name.size() + 1);
    }
  }
  return std::nullopt;
}

}  // namespace mutirao
