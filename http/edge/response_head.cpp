#include "http/edge/response_head.hpp"

#include <array>
#include <charconv>

#include "http/edge/ascii.hpp"

namespace mutirao::http {
namespace {

void append_number(std::string& out, std::size_t number) {
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

void append_text(std::string& out, std::string_view text) {
  for (const char c : text) out.push_back(ascii::is_control(c) ? ' ' : c);
}

void append_line(std::string& out, std::string_view name, std::string_view value) {
  append_text(out, name);
  out.append(": ");
  append_text(out, value);
  out.append("\r\n");
}

}  // namespace

bool is_bodiless(int status) {
  return status < 200 || status == 204 || status == 304;
}

std::string render_head(const response& answer, body_framing framing, std::size_t length,
                        bool http10, bool keep_alive) {
  std::string out;
  out.reserve(192);
  out.append("HTTP/1.1 ");
  append_number(out, static_cast<std::size_t>(answer.status));
  out.append(" ").append(reason_phrase(answer.status)).append("\r\n");
  if (!answer.content_type.empty() && framing != body_framing::none) {
    append_line(out, "Content-Type", answer.content_type);
  }
  for (const auto& [name, value] : answer.headers) append_line(out, name, value);
  if (framing == body_framing::length) {
    out.append("Content-Length: ");
    append_number(out, length);
    out.append("\r\n");
  } else if (framing == body_framing::chunked) {
    out.append("Transfer-Encoding: chunked\r\n");
  }
  if (!keep_alive) {
    out.append("Connection: close\r\n");
  } else if (http10) {
    out.append("Connection: keep-alive\r\n");
  }
  out.append("\r\n");
  return out;
}

}  // namespace mutirao::http
