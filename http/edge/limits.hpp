// Every limit of the edge, with the value that serves; tests set smaller ones.
#pragma once

#include <chrono>
#include <cstddef>

namespace mutirao::http {

struct edge_limits {
  std::size_t head_bytes = 16 * 1024;   // request line and headers: 431
  std::size_t headers = 100;            // 431
  std::size_t target_bytes = 2 * 1024;  // 414
  std::size_t body_bytes = 1 << 20;     // 413; where edge_hooks::body_limit says nothing else

  // A connection with this much unsent or unanswered is not read further.
  std::size_t waiting_bytes = 256 * 1024;
  std::size_t waiting_answers = 16;   // at least 2: one may be a 100 Continue waiting for its body
  std::size_t low_water = 64 * 1024;  // of one stream: see stream::on_room

  std::chrono::milliseconds head_deadline{10'000};  // connect or first byte -> end of the head
  // The body's: this long, plus one second for each `body_bytes_per_second` received.
  std::chrono::milliseconds body_deadline{10'000};
  std::size_t body_bytes_per_second = 1024;
  std::chrono::milliseconds idle_deadline{75'000};  // between requests
  std::chrono::milliseconds answer_deadline{
      60'000};                                      // request -> answer, else 504; not for streams
  std::chrono::milliseconds take_deadline{30'000};  // a client that takes no byte is cut

  std::chrono::milliseconds deadline_check{250};  // how late a deadline may be noticed

  // After an answer that ends the connection: read on this much, so that it is not lost to a reset.
  std::size_t linger_bytes = 16 * 1024 * 1024;
  std::chrono::milliseconds linger_deadline{5'000};

  // More are answered 503 and closed. 0: (soft descriptor limit - spare_descriptors) / 2 at the
  // start, as each has two.
  std::size_t max_connections = 0;
  std::size_t spare_descriptors = 40;   // for files, and for whoever else opens some
  std::size_t lingering_refusals = 64;  // refused ones read on so; any more are closed at once
};

}  // namespace mutirao::http
