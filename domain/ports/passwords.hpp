// The port to passwords: what is kept of them, and whether one fits. Both take long (some 50 ms of
// a processor and tens of MiB) by design: never on a thread that others wait for.
#pragma once

#include <string>
#include <string_view>

#include "domain/error.hpp"

namespace mutirao {

/// Of a password that is set. The upper bound keeps what is hashed small.
inline constexpr std::size_t least_password_characters = 8;
inline constexpr std::size_t most_password_bytes = 1024;

class password_hasher {
 public:
  virtual ~password_hasher() = default;

  /// Text to keep. errc::overloaded where there is no memory for it.
  virtual expected<std::string> hash(std::string_view password) = 0;

  /// Whether `kept` was made of `password`. An empty `kept` is no password at all: false, after as
  /// long as any other takes. errc::overloaded where there is no memory for it.
  virtual expected<bool> fits(std::string_view password, const std::string& kept) = 0;
};

}  // namespace mutirao
