// What a socket may do, and how long it may take.
#pragma once

#include <chrono>
#include <cstddef>

namespace mutirao::http::socketio {

struct limits {
  std::chrono::milliseconds ping_interval{25'000};  // from a pong to the next ping
  std::chrono::milliseconds ping_timeout{20'000};   // from a ping to its pong
  std::chrono::milliseconds handshake_deadline{10'000};
  std::chrono::milliseconds auth_deadline{10'000};  // from the handshake to auth:init
  std::chrono::milliseconds close_deadline{5'000};  // to take what is left, and to close too
  std::chrono::milliseconds stop_deadline{500};     // the same for all at a stop
  std::chrono::milliseconds deadline_check{250};    // how late a deadline may be noticed
  std::size_t max_payload = 64 * 1024;              // bytes of a packet from the client
  std::size_t waiting_bytes = 192 * 1024;           // unsent: over that the socket is cut
  std::size_t low_water = 64 * 1024;                // see socket::on_room
  int kernel_bytes = 32 * 1024;                     // unread, with the kernel; it takes it twice
};

}  // namespace mutirao::http::socketio
