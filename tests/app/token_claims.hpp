// What a token says, read without its secret.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace mutirao::app {

inline std::string decode_base64url(std::string_view text) {
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string bytes;
  unsigned bits = 0;
  int count = 0;
  for (const char c : text) {
    const std::size_t value = alphabet.find(c);
    if (value == std::string_view::npos) break;
    bits = bits << 6 | static_cast<unsigned>(value);
    count += 6;
    if (count >= 8) {
      count -= 8;
      bytes += static_cast<char>(bits >> count & 0xff);
    }
  }
  return bytes;
}

/// Discarded JSON where `token` is no JWT.
inline nlohmann::json claims_of(const std::string& token) {
  const std::size_t first = token.find('.');
  const std::size_t second = token.find('.', first + 1);
  if (second == std::string::npos) return nlohmann::json::parse("", nullptr, false);
  return nlohmann::json::parse(decode_base64url(token.substr(first + 1, second - first - 1)),
                               nullptr, false);
}

}  // namespace mutirao::app
