#include "http/edge/chunk_decoder.hpp"

#include <algorithm>

#include "http/edge/ascii.hpp"

namespace mutirao::http {
namespace {

constexpr std::size_t max_digits = 8;
constexpr std::size_t max_extension_bytes = 256;  // of one chunk; they are ignored
constexpr std::size_t max_trailer_bytes = 4096;   // altogether; they are ignored

int hex_value(char c) {
  if (ascii::is_digit(c)) return c - '0';
  const char low = ascii::lower(c);
  return low >= 'a' && low <= 'f' ? low - 'a' + 10 : -1;
}

bool is_text(char c) {
  return c == '\t' || !ascii::is_control(c);
}

}  // namespace

chunk_decoder::step chunk_decoder::take_digit(char c) {
  const int value = hex_value(c);
  if (value < 0 || ++line_ > max_digits) return step::bad;
  size_ = size_ * 16 + static_cast<std::size_t>(value);
  state_ = state::size;
  return step::more;
}

chunk_decoder::step chunk_decoder::take(char c) {
  switch (state_) {
    case state::size_first:
      size_ = 0;
      line_ = 0;
      return take_digit(c);
    case state::size:
      if (c != '\r' && c != ';') return take_digit(c);
      line_ = 0;
      state_ = c == ';' ? state::extension : state::size_lf;
      return step::more;
    case state::extension:
      if (c == '\r') {
        state_ = state::size_lf;
        return step::more;
      }
      return is_text(c) && ++line_ <= max_extension_bytes ? step::more : step::bad;
    case state::size_lf:
      if (c != '\n') return step::bad;
      if (size_ > limit_ - total_) return step::too_large;
      left_ = size_;
      line_ = 0;
      state_ = size_ == 0 ? state::trailer_first : state::data;
      return step::more;
    case state::data:
      return step::bad;  // data does not come here
    case state::data_cr:
      state_ = state::data_lf;
      return c == '\r' ? step::more : step::bad;
    case state::data_lf:
      state_ = state::size_first;
      return c == '\n' ? step::more : step::bad;
    case state::trailer_first:
      if (c == '\r') {
        state_ = state::last_lf;
        return step::more;
      }
      state_ = state::trailer;
      return ascii::is_token(c) && ++line_ <= max_trailer_bytes ? step::more : step::bad;
    case state::trailer:
      if (c == '\r') {
        state_ = state::trailer_lf;
        return step::more;
      }
      return is_text(c) && ++line_ <= max_trailer_bytes ? step::more : step::bad;
    case state::trailer_lf:
      state_ = state::trailer_first;
      return c == '\n' ? step::more : step::bad;
    case state::last_lf:
      return c == '\n' ? step::done : step::bad;
  }
  return step::bad;
}

void chunk_decoder::take_data(std::string_view& bytes, std::string& body) {
  const std::size_t count = std::min(left_, bytes.size());
  body.append(bytes.substr(0, count));
  bytes.remove_prefix(count);
  left_ -= count;
  total_ += count;
  if (left_ == 0) state_ = state::data_cr;
}

chunk_decoder::step chunk_decoder::feed(std::string_view& bytes, std::string& body) {
  while (!bytes.empty()) {
    if (state_ == state::data) {
      take_data(bytes, body);
      continue;
    }
    const char c = bytes.front();
    bytes.remove_prefix(1);
    if (const step outcome = take(c); outcome != step::more) return outcome;
  }
  return step::more;
}

}  // namespace mutirao::http
