#include "domain/ids.hpp"

#include "domain/hex.hpp"

namespace mutirao {
namespace {

constexpr std::string_view digits = "0123456789abcdef";

constexpr bool dash_before(std::size_t byte) {
  return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

}  // namespace

job_id job_id::from_random(std::uint64_t high, std::uint64_t low) {
  job_id made;
  for (std::size_t i = 0; i < 8; ++i) {
    made.bytes[i] = static_cast<std::uint8_t>(high >> (56 - 8 * i));
    made.bytes[i + 8] = static_cast<std::uint8_t>(low >> (56 - 8 * i));
  }
  made.bytes[6] = static_cast<std::uint8_t>((made.bytes[6] & 0x0f) | 0x40);
  made.bytes[8] = static_cast<std::uint8_t>((made.bytes[8] & 0x3f) | 0x80);
  return made;
}

std::optional<job_id> job_id::parse(std::string_view text) {
  if (text.size() != 36) return std::nullopt;
  job_id parsed;
  std::size_t at = 0;
  for (std::size_t i = 0; i < parsed.bytes.size(); ++i) {
    if (dash_before(i) && text[at++] != '-') return std::nullopt;
    const int high = hex_value(text[at++]);
    const int low = hex_value(text[at++]);
    if (high < 0 || low < 0) return std::nullopt;
    parsed.bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return parsed;
}

std::string job_id::to_string() const {
  std::string text;
  text.reserve(36);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (dash_before(i)) text += '-';
    text += digits[bytes[i] >> 4];
    text += digits[bytes[i] & 0x0f];
  }
  return text;
}

}  // namespace mutirao
