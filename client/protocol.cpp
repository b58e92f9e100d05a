#include "mutirao/protocol.hpp"

#include <caf/exit_reason.hpp>
#include <caf/message.hpp>
#include <caf/sec.hpp>

namespace mutirao::protocol {

std::string_view to_string(errc code) {
  switch (code) {
    case errc::invalid_argument:
      return "invalid_argument";
    case errc::wrong_version:
      return "wrong_version";
    case errc::unauthorized:
      return "unauthorized";
    case errc::forbidden:
      return "forbidden";
    case errc::not_found:
      return "not_found";
    case errc::conflict:
      return "conflict";
    case errc::key_reused:
      return "key_reused";
    case errc::busy:
      return "busy";
    case errc::unavailable:
      return "unavailable";
    case errc::deadline:
      return "deadline";
    case errc::too_many_sessions:
      return "too_many_sessions";
    case errc::link_lost:
      return "link_lost";
    case errc::internal:
      return "internal";
  }
  return "unknown";
}

caf::error make_error(errc code, std::string text, std::uint32_t retry_after_s) {
  return {static_cast<std::uint8_t>(code), error_category,
          caf::make_message(std::move(text), retry_after_s)};
}

failure read_error(const caf::error& of) {
  if (of.category() == error_category) {
    failure why{static_cast<errc>(of.code()), {}, 0};
    if (of.context().match_elements<std::string, std::uint32_t>()) {
      why.text = of.context().get_as<std::string>(0);
      why.retry_after_s = of.context().get_as<std::uint32_t>(1);
    }
    return why;
  }
  if (of == caf::sec::request_timeout) return {errc::deadline, "no answer in time", 0};
  if (of == caf::sec::incompatible_application_ids ||
      of == caf::sec::unexpected_actor_messaging_interface) {
    return {errc::wrong_version, "the other node speaks another version", 0};
  }
  const bool gone =
      of == caf::sec::request_receiver_down || of == caf::sec::disconnect_during_handshake ||
      of == caf::sec::cannot_connect_to_node || of == caf::sec::connection_timeout ||
      of == caf::sec::no_route_to_receiving_node || of == caf::exit_reason::remote_link_unreachable;
  return {gone ? errc::link_lost : errc::internal, caf::to_string(of), 0};
}

}  // namespace mutirao::protocol
