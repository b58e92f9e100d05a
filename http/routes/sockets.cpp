#include "http/routes/sockets.hpp"

#include "http/socketio/handshake.hpp"

namespace mutirao::http::routes {

void refuse_socket(const exchange_ptr& at) {
  const auto why = socketio::refuse(at->what, false);
  at->send(json_answer(socketio::to_json(*why), 400));
}

}  // namespace mutirao::http::routes
