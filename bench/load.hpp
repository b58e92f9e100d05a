// Many keep-alive connections from one thread, each sending its next request as soon as its last
// is answered.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "bench/response_reader.hpp"

namespace mutirao::bench {

struct load_options {
  std::uint16_t port = 0;
  std::size_t connections = 50;
  double seconds = 5;
  /// The next request, valid until its answer came; nothing where there are no more.
  std::function<std::optional<std::string_view>()> next;
  /// Whether an answer is what its request should get. The first that is not ends the benchmark.
  std::function<bool(std::string_view request, const response&)> right;
};

struct load_result {
  std::size_t answered = 0;                // within the time
  std::size_t late = 0;                    // sent within the time, answered behind it
  double seconds = 0;                      // the time; less than asked where requests ran out
  std::vector<std::uint32_t> nanoseconds;  // of each answer, the late ones included

  double per_second() const { return static_cast<double>(answered) / seconds; }
  double milliseconds_at(double share) const;
};

load_result put_load(const load_options& options);

}  // namespace mutirao::bench
