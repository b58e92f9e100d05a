// A source of numbers that is the same on every machine; the distributions of <random> are not.
#pragma once

#include <cstddef>
#include <cstdint>

namespace mutirao::app {

/// SplitMix64 (Steele, Lea, Flood, 2014). Not for secrets.
class demo_random {
 public:
  explicit demo_random(std::uint64_t seed) : state_(seed) {}

  std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15U;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9U;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebU;
    return mixed ^ (mixed >> 31);
  }

  /// 0 <= result < limit. `limit` is small beside 2^64.
  std::uint64_t below(std::uint64_t limit) { return next() % limit; }

  bool percent(std::uint64_t chance) { return below(100) < chance; }

  template <class Array>
  const auto& pick(const Array& from) {
    return from[static_cast<std::size_t>(below(from.size()))];
  }

 private:
  std::uint64_t state_;
};

}  // namespace mutirao::app
