// The courier actor: sees to it that what the outbox holds reaches its receivers, at least once.
#pragma once

#include <chrono>
#include <cstddef>

#include "actors/interfaces.hpp"
#include "domain/ports/clock.hpp"
#include "domain/ports/telemetry.hpp"
#include "domain/webhook.hpp"

namespace mutirao::actors {

struct courier_limits {
  std::size_t transfers = 64;
  std::size_t per_receiver = 4;
  // Receivers whose last attempt got no answer have one transfer each, and together so many, so
  // that those that hang never take the room of those that answer.
  std::size_t for_silent = 32;
  std::size_t unsettled = 100;  // outcomes that the store has not taken; with more nothing is sent
  std::chrono::milliseconds settle_pause{1'000};    // before the store is asked again
  std::chrono::milliseconds count_pause{5'000};     // between two counts for the measures
  std::chrono::milliseconds longest_sleep{30'000};  // the wall clock may be set meanwhile
  retry_policy retry;
};

struct courier_surroundings {
  sender_actor sender;
  const clock* time = nullptr;
  randomness* chance = nullptr;
  telemetry* log = nullptr;
  courier_limits limits;
};

courier_actor::behavior_type run_courier(courier_actor::pointer self, courier_surroundings around);

}  // namespace mutirao::actors
