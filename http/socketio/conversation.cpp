#include "http/socketio/conversation.hpp"

#include <utility>

namespace mutirao::http::socketio {
namespace {

conversation::reaction closing() {
  return {{}, std::nullopt, true};
}

conversation::reaction saying(std::string text) {
  return {{std::move(text)}, std::nullopt, false};
}

}  // namespace

conversation::conversation(const limits& within, std::string transport_id, std::string socket_id,
                           time now)
    : limits_(within),
      transport_id_(std::move(transport_id)),
      socket_id_(std::move(socket_id)),
      auth_until_(now + within.auth_deadline),
      next_beat_(now + within.ping_interval) {}

std::string conversation::opening() const {
  return open_packet(transport_id_, limits_.ping_interval, limits_.ping_timeout,
                     limits_.max_payload);
}

conversation::reaction conversation::take(std::string_view text, time now) {
  const auto found = parse_packet(text);
  if (!found) return closing();
  const bool ours = found->name_space == "/";
  switch (found->what) {
    case packet::kind::connect:
      if (!ours) return saying(connect_error_packet(found->name_space, "Invalid namespace"));
      if (std::exchange(connected_, true)) return closing();
      return saying(connected_packet(socket_id_));
    case packet::kind::event:
      if (!ours || !connected_) return closing();
      return take_event(*found);
    case packet::kind::pong:
      if (std::exchange(pinged_, false)) next_beat_ = now + limits_.ping_interval;
      return {};
    case packet::kind::disconnect:
      return ours ? closing() : reaction{};
    case packet::kind::close:
      return closing();
    case packet::kind::ignored:
      break;
  }
  return {};
}

// Presence and whatever else a client tells is nothing to us. Who says that it is somebody else now
// is to connect anew: what this socket was told was the other's.
conversation::reaction conversation::take_event(const packet& event) {
  if (event.name != "auth:init") return {};
  if (named_) return event.token == *named_ ? reaction{} : closing();
  named_ = event.token;
  return {{}, event.token, false};
}

conversation::reaction conversation::wait(time now) {
  if (!named_ && now >= auth_until_) return closing();
  if (now < next_beat_) return {};
  if (pinged_) return closing();
  pinged_ = true;
  next_beat_ = now + limits_.ping_timeout;
  return saying(std::string(ping_packet));
}

}  // namespace mutirao::http::socketio
