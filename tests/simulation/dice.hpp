// Chance by seed: the same numbers in every run of it (splitmix64).
#pragma once

#include <cstdint>
#include <iterator>

#include "domain/ports/clock.hpp"

namespace mutirao::simulation {

class dice final : public randomness {
 public:
  explicit dice(std::uint64_t seed) : state_(seed * 0x2545f4914f6cdd1dU) {}

  std::uint64_t next() override {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15U;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
  }
  /// 0 .. limit - 1.
  std::size_t below(std::size_t limit) { return next() % limit; }
  /// first .. last.
  std::int64_t between(std::int64_t first, std::int64_t last) {
    return first + static_cast<std::int64_t>(below(static_cast<std::size_t>(last - first + 1)));
  }
  bool chance(int percent) { return static_cast<int>(below(100)) < percent; }
  /// An iterator to one of a range that is not empty.
  template <class Range>
  auto one_of(const Range& all) {
    return std::next(all.begin(), static_cast<std::ptrdiff_t>(below(all.size())));
  }

 private:
  std::uint64_t state_;
};

}  // namespace mutirao::simulation
