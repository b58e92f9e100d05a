#include "http/push/socket_line.hpp"

#include "http/json/writer.hpp"
#include "http/problem.hpp"
#include "http/socketio/packet.hpp"

namespace mutirao::http::push {

void socket_line::refuse(const error& why) {
  json::writer out;
  out.begin_object().field("message", problem_of(why.code).portuguese.title).end_object();
  to_->send(socketio::event_packet("auth:error", out.take()));
  to_->close();
}

bool socket_line::say(std::string_view event, std::string_view data,
                      const std::optional<position>&) {
  return to_->send(socketio::event_packet(event, data));
}

}  // namespace mutirao::http::push
