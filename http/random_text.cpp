#include "http/random_text.hpp"

#include <string_view>

namespace mutirao::http {

std::string random_text(randomness& chance, int words) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  for (int left = words; left > 0; --left) {
    const auto bits = chance.next();
    for (unsigned at = 0; at < 64; at += 4) text += digits[(bits >> at) & 15U];
  }
  return text;
}

}  // namespace mutirao::http
