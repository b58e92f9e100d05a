#include "http/sign_in/session_cookie.hpp"

#include "http/edge/ascii.hpp"

namespace mutirao::http {
namespace {

constexpr std::string_view cookie_name = "mutirao_session";
constexpr std::size_t most_looked_at = 4;  // each costs a check of its signature

std::string_view first_of(std::string_view list) {
  return ascii::trim(list.substr(0, list.find(',')));
}

std::string cookie(const request& what, std::string_view token, std::chrono::seconds lifetime) {
  const bool secure = ascii::same(first_of(what.header("x-forwarded-proto").value_or("")), "https");
  std::string text(cookie_name);
  text.append("=").append(token);
  text.append("; Path=/api/auth; HttpOnly; SameSite=Strict; Max-Age=");
  text.append(std::to_string(lifetime.count()));
  if (secure) text.append("; Secure");
  return text;
}

/// The value in quotes or without.
std::string_view unquoted(std::string_view value) {
  const bool quoted = value.size() >= 2 && value.front() == '"' && value.back() == '"';
  return quoted ? value.substr(1, value.size() - 2) : value;
}

}  // namespace

std::vector<std::string_view> session_tokens(const request& what) {
  std::vector<std::string_view> found;
  if (is_from_elsewhere(what)) return found;
  auto rest = what.header("cookie").value_or("");
  while (!rest.empty() && found.size() < most_looked_at) {
    const auto end = rest.find(';');
    const auto pair = ascii::trim(rest.substr(0, end));
    rest = end == rest.npos ? std::string_view() : rest.substr(end + 1);
    const auto equals = pair.find('=');
    if (equals == pair.npos || ascii::trim(pair.substr(0, equals)) != cookie_name) continue;
    const auto value = unquoted(ascii::trim(pair.substr(equals + 1)));
    if (!value.empty()) found.push_back(value);
  }
  return found;
}

bool is_from_elsewhere(const request& what) {
  const auto site = what.header("sec-fetch-site");
  return site && *site != "same-origin" && *site != "none";
}

bool is_for_this_machine(const request& what) {
  auto host = what.header("host").value_or("");
  if (host.starts_with("[::1]")) return host.size() == 5 || host[5] == ':';
  host = host.substr(0, host.find(':'));
  if (ascii::same(host, "localhost")) return true;
  constexpr std::string_view loopback = "127.";
  return host.starts_with(loopback) && host.find_first_not_of("0123456789.") == host.npos;
}

std::string session_cookie(const request& what, std::string_view token,
                           std::chrono::seconds lifetime) {
  return cookie(what, token, lifetime);
}

std::string cleared_session_cookie(const request& what) {
  return cookie(what, "", std::chrono::seconds(0));
}

}  // namespace mutirao::http
