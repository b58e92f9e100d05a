// Many clients of one stream of events, all read by one thread as their bytes come.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bench/stopwatch.hpp"

namespace mutirao::bench {

class listeners {
 public:
  /// `count` connections that have sent `request` and received the beginning of their streams.
  listeners(std::uint16_t port, std::size_t count, const std::string& request);
  ~listeners();
  listeners(const listeners&) = delete;
  listeners& operator=(const listeners&) = delete;

  /// When each has received its next event whole, in milliseconds since `since`; in the order of
  /// arrival. Gives up after 10 s.
  std::vector<double> next_event(const stopwatch& since);

 private:
  /// The same for any text that has `mark` in it and ends as a chunk of the stream does.
  std::vector<double> receive(std::string_view mark, const stopwatch& since);

  int poll_ = -1;
  std::vector<int> sockets_;
  std::vector<std::string> texts_;  // received since the last event
};

}  // namespace mutirao::bench
