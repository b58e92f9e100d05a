// The actors that check passwords: a door that takes only as many as it can, and behind it one that
// hashes.
#pragma once

#include <cstddef>

#include "actors/interfaces.hpp"
#include "domain/ports/passwords.hpp"
#include "domain/ports/telemetry.hpp"

namespace mutirao::actors {

/// `hasher` belongs to this actor alone and outlives it, as does `log`. Takes long: detached, but
/// in tests.
hasher_actor::behavior_type run_hasher(hasher_actor::pointer self, password_hasher* hasher,
                                       telemetry* log);

/// Some 50 ms each: what is refused would have waited for longer than people do.
inline constexpr std::size_t most_waiting_password_checks = 32;

/// `most`: checks that may be at the hasher at a time.
password_checker_actor::behavior_type run_password_checker(password_checker_actor::pointer self,
                                                           hasher_actor hasher, std::size_t most);

}  // namespace mutirao::actors
