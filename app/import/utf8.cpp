#include "app/import/utf8.hpp"

#include <algorithm>

namespace mutirao::app {
namespace {

struct lead_byte {
  unsigned char first;
  unsigned char last;
  std::size_t following;
  // The second byte's range; those behind it are 80..BF.
  unsigned char least;
  unsigned char most;
};

constexpr lead_byte leads[] = {
    {0x00, 0x7f, 0, 0, 0},       {0xc2, 0xdf, 1, 0x80, 0xbf}, {0xe0, 0xe0, 2, 0xa0, 0xbf},
    {0xe1, 0xec, 2, 0x80, 0xbf}, {0xed, 0xed, 2, 0x80, 0x9f}, {0xee, 0xef, 2, 0x80, 0xbf},
    {0xf0, 0xf0, 3, 0x90, 0xbf}, {0xf1, 0xf3, 3, 0x80, 0xbf}, {0xf4, 0xf4, 3, 0x80, 0x8f},
};

// The bytes of the character at the front; 0 where there is none.
std::size_t character_size(std::string_view text) {
  const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto* const lead = std::find_if(std::begin(leads), std::end(leads), [&](const auto& each) {
    return byte(0) >= each.first && byte(0) <= each.last;
  });
  if (lead == std::end(leads) || text.size() <= lead->following) return 0;
  if (lead->following > 0 && (byte(1) < lead->least || byte(1) > lead->most)) return 0;
  for (std::size_t i = 2; i <= lead->following; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return 0;
  }
  return lead->following + 1;
}

}  // namespace

std::optional<std::size_t> first_line_not_utf8(std::string_view text) {
  std::size_t line = 1;
  while (!text.empty()) {
    const std::size_t size = character_size(text);
    if (size == 0) return line;
    if (text.front() == '\n') ++line;
    text.remove_prefix(size);
  }
  return std::nullopt;
}

}  // namespace mutirao::app
