// Many clients that are told events, all read by one thread as their bytes come.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bench/connection.hpp"
#include "bench/stopwatch.hpp"

namespace mutirao::bench {

/// What has been received whole once `mark` is in it and it ends with `end`.
struct piece {
  std::string_view mark, end;
};

/// How a client comes to listen, and how it knows an event.
struct way_to_listen {
  struct step {
    std::string said;
    piece answered;
  };
  std::vector<step> steps;
  piece event;
};

/// The user's stream of server-sent events; a Socket.IO socket.
way_to_listen by_stream(const std::string& token);
way_to_listen by_socket(const std::string& token);

/// Until the service that `control` leads to tells `count` listeners: a socket says who it is, and
/// is answered nothing.
void wait_until_told(connection& control, std::size_t count);

class listeners {
 public:
  /// `count` clients, each of which has taken the steps.
  listeners(std::uint16_t port, std::size_t count, const way_to_listen& way);
  ~listeners();
  listeners(const listeners&) = delete;
  listeners& operator=(const listeners&) = delete;

  /// When each has received its next event whole, in milliseconds since `since`; in the order of
  /// arrival. Gives up after 10 s.
  std::vector<double> next_event(const stopwatch& since) { return receive(event_, since); }

 private:
  void say(const std::string& text);
  std::vector<double> receive(const piece& wanted, const stopwatch& since);

  piece event_;
  int poll_ = -1;
  std::vector<int> sockets_;
  std::vector<std::string> texts_;  // received since the last piece
};

}  // namespace mutirao::bench
