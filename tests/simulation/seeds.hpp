// Which seeds to play: --seeds N --first-seed K on the command line of test_simulation.
#pragma once

#include <cstdint>

namespace mutirao::simulation {

struct seed_range {
  std::uint64_t first = 1;
  std::uint64_t count = 2000;
  bool whole = true;  // nobody asked for others: these must strike every commit point
};

/// Set once, before the tests run.
seed_range& asked_seeds();

}  // namespace mutirao::simulation
