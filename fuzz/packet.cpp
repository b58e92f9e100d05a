// What a Socket.IO client sends is a packet or garbage, and a conversation answers each with little
// and by the protocol, names its client once, and only once it is connected.
//
// Input: the messages of one client, one a line.
#include "http/socketio/packet.hpp"

#include <chrono>
#include <nlohmann/json.hpp>
#include <string>

#include "fuzz/property.hpp"
#include "http/socketio/conversation.hpp"

namespace mutirao::http::socketio {
namespace {

using fuzz::require;

void check_packet(std::string_view text) {
  const auto found = parse_packet(text);
  if (!found) return;
  require(found->name_space.starts_with('/'), "a namespace begins with a slash");
  require(found->name_space.size() <= text.size(), "and is a part of the packet");
  if (found->what != packet::kind::event) {
    require(found->name.empty() && found->token.empty(), "only events have a name and a token");
  }
}

/// What is sent to the client for `message`.
void check_answer(std::string_view answer, std::string_view message) {
  require(answer.size() <= message.size() + 64, "an answer is not much longer than its question");
  if (answer == ping_packet) return;
  if (answer.starts_with("40{")) {
    require(nlohmann::json::accept(answer.substr(2)), "connected, with JSON behind it");
    return;
  }
  require(answer.starts_with("44/"), "else a namespace is refused");
  const auto comma = answer.find(',');
  require(comma != std::string_view::npos && nlohmann::json::accept(answer.substr(comma + 1)),
          "with JSON behind its name");
}

void converse(std::string_view input) {
  conversation::time now{};
  conversation talk({}, "transport", "socket", now);
  bool named = false;
  bool connected = false;
  while (!input.empty()) {
    const auto message = input.substr(0, input.find('\n'));
    input.remove_prefix(std::min(input.size(), message.size() + 1));
    check_packet(message);
    now += std::chrono::seconds(1);
    for (const auto& what : {talk.take(message, now), talk.wait(now)}) {
      for (const auto& answer : what.packets) {
        check_answer(answer, message);
        connected = connected || answer.starts_with("40{");
      }
      if (what.token) {
        require(connected && !named, "named once, connected before");
        named = true;
      }
      if (what.close) return;
    }
  }
}

}  // namespace
}  // namespace mutirao::http::socketio

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  mutirao::http::socketio::converse(mutirao::fuzz::text_of(data, size));
  return 0;
}
