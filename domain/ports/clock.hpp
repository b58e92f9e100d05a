// Time and chance, injected: the only sources of either.
#pragma once

#include <cstdint>

#include "domain/date.hpp"
#include "domain/ids.hpp"

namespace mutirao {

class clock {
 public:
  virtual ~clock() = default;
  virtual instant now() const = 0;
  /// The civil date in the service's time zone.
  virtual date today() const = 0;
};

class randomness {
 public:
  virtual ~randomness() = default;
  /// 64 random bits. Safe to call from any thread.
  virtual std::uint64_t next() = 0;
};

}  // namespace mutirao
