// Random bits from the system.
#pragma once

#include "domain/ports/clock.hpp"

namespace mutirao::app {

/// Seeded from the system's entropy, once a thread; not for secrets.
class system_randomness final : public randomness {
 public:
  std::uint64_t next() override;
};

/// Straight from the kernel, for secrets.
class secret_randomness final : public randomness {
 public:
  std::uint64_t next() override;
};

}  // namespace mutirao::app
