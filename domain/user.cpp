#include "domain/user.hpp"

#include <algorithm>

namespace mutirao {
namespace {

constexpr std::string_view white_space = " \t\r\n";
constexpr std::size_t longest_email = 254;  // RFC 5321

}  // namespace

std::string normalized_email(std::string_view text) {
  const auto first = text.find_first_not_of(white_space);
  if (first == text.npos) return {};
  text = text.substr(first, text.find_last_not_of(white_space) - first + 1);
  std::string small(text);
  std::transform(small.begin(), small.end(), small.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return small;
}

bool is_email(std::string_view text) {
  const auto at = text.find('@');
  if (at == text.npos || at == 0 || at + 1 == text.size() || text.size() > longest_email) {
    return false;
  }
  const auto odd = [](char c) { return c >= 0 && (c <= ' ' || c == 127); };
  return text.find('@', at + 1) == text.npos && std::none_of(text.begin(), text.end(), odd);
}

}  // namespace mutirao
