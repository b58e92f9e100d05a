#include "app/randomness.hpp"

#include <array>
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

}  // namespace mutirao::app
