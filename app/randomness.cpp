#include "app/randomness.hpp"

#include <sys/random.h>

#include <array>
#include <cstdlib>
#include <random>

namespace mutirao::app {
namespace {

std::mt19937_64 seeded() {
  std::random_device entropy;
  std::array<std::random_device::result_type, 8> words{};
  for (auto& word : words) word = entropy();
  std::seed_seq seed(words.begin(), words.end());
  return std::mt19937_64(seed);
}

}  // namespace

std::uint64_t system_randomness::next() {
  thread_local std::mt19937_64 source = seeded();
  return source();
}

std::uint64_t secret_randomness::next() {
  std::uint64_t bits = 0;
  // Once the kernel's pool is filled, which it is before any service starts, so few bytes always
  // come; without them there is nothing safe to go on with.
  if (getrandom(&bits, sizeof bits, 0) != sizeof bits) std::abort();
  return bits;
}

}  // namespace mutirao::app
