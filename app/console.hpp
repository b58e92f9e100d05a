// Where a command reads and writes, and the three ways in which it ends.
#pragma once

#include <iosfwd>

namespace mutirao::app {

/// Standard input, output and error, or a test's.
struct console {
  std::istream& in;
  std::ostream& out;
  std::ostream& err;
};

inline constexpr int exit_done = 0;
inline constexpr int exit_failed = 1;
inline constexpr int exit_wrong_use = 2;

}  // namespace mutirao::app
