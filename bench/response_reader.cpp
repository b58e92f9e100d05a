#include "bench/response_reader.hpp"

#include <strings.h>

#include <charconv>
#include <cstring>

#include "bench/failure.hpp"

namespace mutirao::bench {
namespace {

constexpr std::string_view line_end = "\r\n";

std::size_t number(std::string_view text, int base) {
  std::size_t value = 0;
  const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  require(problem == std::errc{} && end == text.data() + text.size(),
          "an answer with a bad number: " + std::string(text));
  return value;
}

/// The value of `line` where its name is `name`.
bool header(std::string_view line, std::string_view name, std::string_view& value) {
  if (line.size() <= name.size() || line[name.size()] != ':' ||
      strncasecmp(line.data(), name.data(), name.size()) != 0) {
    return false;
  }
  value = line.substr(name.size() + 1);
  while (!value.empty() && value.front() == ' ') value.remove_prefix(1);
  while (!value.empty() && value.back() == ' ') value.remove_suffix(1);
  return true;
}

}  // namespace

char* response_reader::space(std::size_t room) {
  if (begin_ == filled_) {
    begin_ = filled_ = 0;
  }
  if (buffer_.size() < filled_ + room) buffer_.resize(filled_ + room);
  return buffer_.data() + filled_;
}

bool response_reader::next(response& into) {
  if (body_ == 0 && !read_head()) return false;
  if (chunked_) {
    if (!read_chunks()) return false;
    into = {status_, joined_};
    begin_ = position_;
  } else {
    if (filled_ - body_ < length_) return false;
    into = {status_, std::string_view(buffer_).substr(body_, length_)};
    begin_ = body_ + length_;
  }
  body_ = 0;
  return true;
}

bool response_reader::read_head() {
  const auto bytes = std::string_view(buffer_).substr(begin_, filled_ - begin_);
  const auto size = bytes.find("\r\n\r\n");
  if (size == std::string_view::npos) return false;
  require(bytes.starts_with("HTTP/1.1 ") && size >= 12, "an answer that is not HTTP/1.1");
  status_ = static_cast<int>(number(bytes.substr(9, 3), 10));
  length_ = 0;
  chunked_ = false;
  std::string_view value;
  for (auto rest = bytes.substr(0, size + 2); !rest.empty();) {
    const auto end = rest.find(line_end);
    const auto line = rest.substr(0, end);
    rest.remove_prefix(end + 2);
    if (header(line, "content-length", value)) length_ = number(value, 10);
    if (header(line, "transfer-encoding", value))
      chunked_ = strncasecmp(value.data(), "chunked", 7) == 0;
  }
  body_ = position_ = begin_ + size + 4;
  joined_.clear();
  return true;
}

bool response_reader::read_chunks() {
  for (;;) {
    const auto rest = std::string_view(buffer_).substr(position_, filled_ - position_);
    const auto end = rest.find(line_end);
    if (end == std::string_view::npos) return false;
    const auto size = number(rest.substr(0, std::min(end, rest.find(';'))), 16);
    if (rest.size() < end + 2 + size + 2) return false;
    joined_.append(rest.substr(end + 2, size));
    position_ += end + 2 + size + 2;
    if (size == 0) return true;  // trailers are not used here
  }
}

}  // namespace mutirao::bench
