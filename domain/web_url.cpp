#include "domain/web_url.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <cstring>

namespace mutirao {
namespace {

constexpr std::size_t longest_host = 253;

bool is_plain(char c) {
  return c > 0x20 && c < 0x7f && c != '\\' && c != '"' && c != '<' && c != '>' && c != '^' &&
         c != '`' && c != '{' && c != '|' && c != '}' && c != '#';
}

bool is_host(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

bool is_name(std::string_view host) {
  return !host.empty() && host.size() <= longest_host && host.front() != '.' &&
         host.find("..") == std::string_view::npos &&
         std::all_of(host.begin(), host.end(), is_host);
}

// As resolvers tell: where the last part is a number, the whole is an address or nothing.
bool looks_like_address(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  const auto last = host.substr(host.rfind('.') + 1);
  if (last.starts_with("0x")) return true;
  return !last.empty() &&
         std::all_of(last.begin(), last.end(), [](char c) { return c >= '0' && c <= '9'; });
}

std::optional<ip_address> lenient_v4(std::string host) {
  if (host.ends_with('.')) host.pop_back();
  in_addr found{};
  if (inet_aton(host.c_str(), &found) != 1) return std::nullopt;
  char text[INET_ADDRSTRLEN];
  return parse_ip(inet_ntop(AF_INET, &found, text, sizeof text));
}

bool read_port(std::string_view digits, std::uint16_t& port) {
  if (digits.empty()) return true;
  const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  return problem == std::errc{} && end == digits.data() + digits.size() && port != 0;
}

// "example.com:8080" or "[::1]:8080" into `url`.
bool read_authority(std::string_view text, web_url& url) {
  if (text.find('@') != std::string_view::npos) return false;
  std::string_view port;
  if (text.starts_with('[')) {
    const auto close = text.find(']');
    if (close == std::string_view::npos) return false;
    url.host = lower(text.substr(1, close - 1));
    port = text.substr(close + 1);
    const auto address = parse_ip(url.host);
    if (!address || url.host.find(':') == std::string::npos) return false;
  } else {
    const auto colon = text.find(':');
    url.host = lower(text.substr(0, colon));
    if (colon != std::string_view::npos) port = text.substr(colon);
    if (!is_name(url.host)) return false;
    if (looks_like_address(url.host) && !lenient_v4(url.host)) return false;
  }
  if (port.empty()) return true;
  return port.front() == ':' && read_port(port.substr(1), url.port);
}

}  // namespace

std::string web_url::origin() const {
  const bool bare_v6 = host.find(':') != std::string::npos;
  return scheme + "://" + (bare_v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

std::optional<web_url> parse_web_url(std::string_view text) {
  if (text.size() > longest_url || !std::all_of(text.begin(), text.end(), is_plain)) {
    return std::nullopt;
  }
  const auto colon = text.find("://");
  if (colon == std::string_view::npos) return std::nullopt;
  web_url url;
  url.scheme = lower(text.substr(0, colon));
  if (url.scheme != "http" && url.scheme != "https") return std::nullopt;
  url.port = url.scheme == "http" ? 80 : 443;
  text.remove_prefix(colon + 3);
  if (!read_authority(text.substr(0, text.find_first_of("/?")), url)) return std::nullopt;
  return url;
}

std::optional<ip_address> literal_address(const web_url& url) {
  auto host = url.host;
  if (const auto address = parse_ip(host)) return address;
  if (host.ends_with('.')) host.pop_back();
  if (host == "localhost" || host.ends_with(".localhost")) return parse_ip("127.0.0.1");
  return looks_like_address(host) ? lenient_v4(host) : std::nullopt;
}

}  // namespace mutirao
