#include "http/web/negotiation.hpp"

#include <algorithm>
#include <optional>

#include "http/edge/ascii.hpp"

namespace mutirao::http::web {
namespace {

/// What stands before the next `mark`, without blanks around it; `text` goes on behind the mark.
std::string_view next_part(std::string_view& text, char mark) {
  const auto end = std::min(text.find(mark), text.size());
  const auto part = ascii::trim(text.substr(0, end));
  text.remove_prefix(std::min(end + 1, text.size()));
  return part;
}

bool is_zero(std::string_view weight) {
  return !weight.empty() && weight.find_first_not_of("0.") == std::string_view::npos;
}

/// Of "gzip;q=0.5": whether it is taken at all.
bool is_taken(std::string_view parameters) {
  while (!parameters.empty()) {
    const auto parameter = next_part(parameters, ';');
    if (parameter.size() < 2 || !ascii::same(parameter.substr(0, 2), "q=")) continue;
    return !is_zero(parameter.substr(2));
  }
  return true;
}

}  // namespace

bool takes_gzip(std::string_view accept_encoding) {
  std::optional<bool> named;
  bool any = false;
  while (!accept_encoding.empty()) {
    auto entry = next_part(accept_encoding, ',');
    const auto coding = next_part(entry, ';');
    if (ascii::same(coding, "gzip") || ascii::same(coding, "x-gzip")) named = is_taken(entry);
    if (coding == "*") any = is_taken(entry);
  }
  return named.value_or(any);
}

bool has_already(std::string_view if_none_match, std::string_view tag) {
  if (ascii::trim(if_none_match) == "*") return true;
  while (!if_none_match.empty()) {
    auto one = next_part(if_none_match, ',');
    if (one.starts_with("W/")) one.remove_prefix(2);
    if (one == tag) return true;
  }
  return false;
}

}  // namespace mutirao::http::web
