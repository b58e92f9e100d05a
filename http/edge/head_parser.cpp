#include "http/edge/head_parser.hpp"

#include <algorithm>
#include <charconv>

#include "http/edge/ascii.hpp"

namespace mutirao::http {
namespace {

using parsed = tl::expected<void, errc>;

tl::unexpected<errc> refuse(errc code) {
  return tl::unexpected<errc>(code);
}

/// The next line without its CRLF; the rest where there is none.
std::string_view take_line(std::string_view& text) {
  const auto end = text.find("\r\n");
  const auto line = text.substr(0, end);
  text.remove_prefix(std::min(text.size(), line.size() + 2));
  return line;
}

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), ascii::is_token);
}

parsed read_version(std::string_view text, request_head& head) {
  if (text == "HTTP/1.1") return {};
  head.http10 = text == "HTTP/1.0";
  head.keep_alive = false;
  if (head.http10) return {};
  const bool other_version = text.size() == 8 && text.substr(0, 5) == "HTTP/" &&
                             ascii::is_digit(text[5]) && text[6] == '.' && ascii::is_digit(text[7]);
  return refuse(other_version ? errc::unsupported_version : errc::malformed_request);
}

/// "http://host/path" -> "/path", as every server must take it (RFC 9112 3.2.2).
std::optional<std::string_view> without_authority(std::string_view target) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!ascii::same(target.substr(0, scheme.size()), scheme)) continue;
    const auto rest = target.substr(scheme.size());
    const auto path = rest.find_first_of("/?");
    if (path == 0 || rest.empty()) return std::nullopt;
    return path == std::string_view::npos ? "/" : rest.substr(path);
  }
  return std::nullopt;
}

parsed read_target(std::string_view target, request_head& head) {
  const bool plain = std::all_of(target.begin(), target.end(),
                                 [](char c) { return c > 0x20 && c < 0x7f && c != '#'; });
  if (target.empty() || !plain) return refuse(errc::malformed_request);
  if (target == "*" && head.method == method::options) {
    head.path = target;
    return {};
  }
  if (target.front() != '/') {
    const auto rest = without_authority(target);
    if (!rest) return refuse(errc::malformed_request);
    target = *rest;
  }
  const auto question = target.find('?');
  head.path = target.substr(0, question);
  if (head.path.empty()) head.path = "/";
  if (question != std::string_view::npos) head.query = target.substr(question + 1);
  return {};
}

parsed read_request_line(std::string_view line, const edge_limits& limits, request_head& head) {
  const auto first = line.find(' ');
  const auto last = line.rfind(' ');
  if (first == std::string_view::npos || last == first) return refuse(errc::malformed_request);
  const auto method_text = line.substr(0, first);
  const auto target = line.substr(first + 1, last - first - 1);
  if (!is_token(method_text) || method_text.size() > max_method_bytes) {
    return refuse(errc::malformed_request);
  }
  if (target.size() > limits.target_bytes) return refuse(errc::target_too_long);
  head.method = to_method(method_text);
  head.method_text = method_text;
  // Both are read, so that a refusal can name its target.
  const auto version = read_version(line.substr(last + 1), head);
  const auto read = read_target(target, head);
  return version ? read : version;
}

/// Everything but digits is refused, and a second one; what no integer holds counts as the largest.
parsed read_length(std::string_view value, request_head& head) {
  if (head.content_length || value.empty() ||
      !std::all_of(value.begin(), value.end(), ascii::is_digit)) {
    return refuse(errc::malformed_request);
  }
  std::uint64_t length = UINT64_MAX;
  if (std::from_chars(value.data(), value.data() + value.size(), length).ec != std::errc()) {
    length = UINT64_MAX;
  }
  head.content_length = length;
  return {};
}

bool is_host(std::string_view value) {
  return value.find_first_of(" \t,/?#@\\\"<>^`{|}") == std::string_view::npos;
}

struct connection_words {
  bool close = false;
  bool keep_alive = false;
  bool upgrade = false;

  void read(std::string_view list) {
    while (!list.empty()) {
      const auto comma = list.find(',');
      const auto word = ascii::trim(list.substr(0, comma));
      close |= ascii::same(word, "close");
      keep_alive |= ascii::same(word, "keep-alive");
      upgrade |= ascii::same(word, "upgrade");
      list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
    }
  }
};

struct header_reader {
  request_head& head;
  connection_words connection;
  int hosts = 0;
  bool upgrade_named = false;

  parsed read(std::string_view line) {
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return refuse(errc::malformed_request);
    const auto name = line.substr(0, colon);
    const auto value = ascii::trim(line.substr(colon + 1));
    const bool bad_value = std::any_of(value.begin(), value.end(),
                                       [](char c) { return c != '\t' && ascii::is_control(c); });
    // A folded line and a space before the colon fail here too: neither is a token.
    if (!is_token(name) || bad_value) return refuse(errc::malformed_request);
    return take(name, value);
  }

  parsed take(std::string_view name, std::string_view value) {
    if (ascii::same(name, "host")) {
      if (++hosts > 1 || !is_host(value)) return refuse(errc::malformed_request);
      head.headers.set(name, value);
      return {};
    }
    if (ascii::same(name, "content-length")) return read_length(value, head);
    if (ascii::same(name, "transfer-encoding")) {
      if (!ascii::same(value, "chunked")) return refuse(errc::unsupported_transfer_coding);
      if (std::exchange(head.chunked, true)) return refuse(errc::malformed_request);
      return {};
    }
    if (ascii::same(name, "connection")) {
      connection.read(value);
    } else if (ascii::same(name, "upgrade")) {
      upgrade_named = true;
    } else if (ascii::same(name, "expect")) {
      head.expects_continue = ascii::same(value, "100-continue");
    } else if (head.headers.set(name, value) == header_values::kept::repeated) {
      return refuse(errc::malformed_request);
    }
    return {};
  }

  parsed finish() {
    if (head.content_length && head.chunked) return refuse(errc::malformed_request);
    if (head.http10 ? head.chunked : hosts != 1) return refuse(errc::malformed_request);
    if (head.http10) head.expects_continue = false;
    head.keep_alive = !connection.close && (!head.http10 || connection.keep_alive);
    head.upgrade = connection.upgrade && upgrade_named && !head.http10;
    return {};
  }
};

}  // namespace

tl::expected<request_head, errc> parse_head(std::string_view text, const edge_limits& limits) {
  request_head head;
  if (const auto line = read_request_line(take_line(text), limits, head); !line) {
    return refuse(line.error());
  }
  header_reader headers{head, {}};
  for (std::size_t count = 1; !text.empty(); ++count) {
    if (count > limits.headers) return refuse(errc::head_too_large);
    if (const auto line = headers.read(take_line(text)); !line) return refuse(line.error());
  }
  if (const auto whole = headers.finish(); !whole) return refuse(whole.error());
  return head;
}

request_head parse_refused_head(std::string_view text, const edge_limits& limits) {
  request_head head;
  (void)read_request_line(take_line(text), limits, head);
  header_reader headers{head, {}};
  while (!text.empty()) {
    const auto line = take_line(text);
    if (ascii::same(line.substr(0, line.find(':')), "accept-language")) (void)headers.read(line);
  }
  return head;
}

head_scanner::step head_scanner::scan(std::string_view bytes) {
  while (true) {
    const auto lf = bytes.find('\n', seen_);
    if (lf == std::string_view::npos) {
      seen_ = bytes.size();
      return step::more;
    }
    if (lf == end_ || bytes[lf - 1] != '\r') return step::bad;
    seen_ = lf + 1;
    const bool empty_line = lf == end_ + 1;
    if (empty_line && lines_ > 0) return step::found;
    if (empty_line && begin_ > 0) return step::bad;
    end_ = lf + 1;
    if (empty_line) {
      begin_ = end_;
    } else {
      ++lines_;
    }
  }
}

}  // namespace mutirao::http
