#include "http/cursor.hpp"

#include <array>

namespace mutirao::http {
namespace {

// base64url (RFC 4648 5) of the number's eight bytes, big end first, without padding.
constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::size_t length = 11;  // 66 bits: the last two are 0

}  // namespace

std::string encode_cursor(std::int64_t position) {
  const auto bits = static_cast<std::uint64_t>(position);
  std::string text(length, alphabet[0]);
  text[length - 1] = alphabet[(bits & 15) << 2];
  auto rest = bits >> 4;
  for (std::size_t i = length - 1; i-- > 0; rest >>= 6) text[i] = alphabet[rest & 63];
  return text;
}

expected<std::int64_t> decode_cursor(std::string_view text) {
  if (text.size() != length) return fail(errc::invalid_cursor);
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < length; ++i) {
    const auto digit = alphabet.find(text[i]);
    if (digit == std::string_view::npos) return fail(errc::invalid_cursor);
    const bool last = i + 1 == length;
    if (last && (digit & 3) != 0) return fail(errc::invalid_cursor);
    bits = last ? bits << 4 | digit >> 2 : bits << 6 | digit;
  }
  const auto position = static_cast<std::int64_t>(bits);
  if (position < 0) return fail(errc::invalid_cursor);
  return position;
}

}  // namespace mutirao::http
