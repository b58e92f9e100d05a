// How a benchmark ends that cannot be trusted: nothing is reported of a run that went wrong.
#pragma once

#include <stdexcept>
#include <string>

namespace mutirao::bench {

struct failure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

[[noreturn]] inline void give_up(const std::string& why) {
  throw failure(why);
}

inline void require(bool holds, const std::string& otherwise) {
  if (!holds) give_up(otherwise);
}

}  // namespace mutirao::bench
