#include "http/socketio/packet.hpp"

#include <nlohmann/json.hpp>
#include <utility>

namespace mutirao::http::socketio {
namespace {

using nlohmann::json;
using kind = packet::kind;

packet of(kind what) {
  packet made;
  made.what = what;
  return made;
}

json parse(std::string_view text) {
  return json::parse(text, nullptr, false);
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// "/admin,12[...]" without namespace and id of acknowledgement.
std::string_view take_address(std::string_view text, packet& into) {
  if (text.starts_with('/')) {
    const auto comma = text.find(',');
    into.name_space = text.substr(0, std::min(comma, text.find('?')));  // it may carry a query
    text.remove_prefix(comma == std::string_view::npos ? text.size() : comma + 1);
  }
  while (!text.empty() && is_digit(text.front())) text.remove_prefix(1);
  return text;
}

std::string token_in(const json& argument) {
  const auto token = argument.is_object() ? argument.find("token") : argument.end();
  return token != argument.end() && token->is_string() ? token->get<std::string>() : std::string();
}

bool take_event(const json& arguments, packet& into) {
  if (!arguments.is_array() || arguments.empty() || !arguments[0].is_string()) return false;
  into.name = arguments[0].get<std::string>();
  if (arguments.size() > 1) into.token = token_in(arguments[1]);
  return true;
}

std::optional<packet> parse_message(std::string_view text) {
  if (text.empty()) return std::nullopt;
  packet found;
  const char type = text.front();
  const auto data = take_address(text.substr(1), found);
  switch (type) {
    case '0':
      found.what = kind::connect;
      if (!data.empty() && !parse(data).is_object()) return std::nullopt;
      return found;
    case '1':
      found.what = kind::disconnect;
      return found;
    case '2':
      found.what = kind::event;
      if (!take_event(parse(data), found)) return std::nullopt;
      return found;
    case '3':  // acknowledgement
    case '4':  // connect error
    case '5':  // binary event
    case '6':  // binary acknowledgement
    case '7':  // not used, or not yet
    case '8':
    case '9':
      return found;
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<packet> parse_packet(std::string_view text) {
  if (text.empty()) return std::nullopt;
  switch (text.front()) {
    case '1':
      return of(kind::close);
    case '3':
      return of(kind::pong);
    case '4':
      return parse_message(text.substr(1));
    case '0':  // open
    case '2':  // ping
    case '5':  // upgrade
    case '6':  // noop
    case '7':  // not used, or not yet
    case '8':
    case '9':
      return of(kind::ignored);
    default:
      return std::nullopt;
  }
}

std::string open_packet(std::string_view sid, std::chrono::milliseconds ping_interval,
                        std::chrono::milliseconds ping_timeout, std::size_t max_payload) {
  return "0" + json{{"sid", sid},
                    {"upgrades", json::array()},
                    {"pingInterval", ping_interval.count()},
                    {"pingTimeout", ping_timeout.count()},
                    {"maxPayload", max_payload}}
                   .dump();
}

std::string connected_packet(std::string_view sid) {
  return "40" + json{{"sid", sid}}.dump();
}

std::string connect_error_packet(std::string_view name_space, std::string_view message) {
  return "44" + std::string(name_space) + "," + json{{"message", message}}.dump();
}

std::string event_packet(std::string_view name, std::string_view argument) {
  std::string text;
  text.reserve(name.size() + argument.size() + 8);
  return text.append("42[\"").append(name).append("\",").append(argument).append("]");
}

}  // namespace mutirao::http::socketio
