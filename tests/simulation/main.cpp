// GoogleTest's main, and the two options that replay a seed or play many.
#include <gtest/gtest.h>

#include <charconv>
#include <iostream>
#include <string>
#include <vector>

#include "tests/simulation/seeds.hpp"

namespace mutirao::simulation {

seed_range& asked_seeds() {
  static seed_range seeds;
  return seeds;
}

namespace {

/// Takes "NAME N" or "NAME=N" from the front of `left`.
bool take_option(std::vector<std::string>& left, const std::string& name, std::uint64_t& into) {
  const bool joined = left[0].rfind(name + "=", 0) == 0;
  if (!joined && (left[0] != name || left.size() < 2)) return false;
  const std::string number = joined ? left[0].substr(name.size() + 1) : left[1];
  const auto* end = number.data() + number.size();
  const auto read = std::from_chars(number.data(), end, into);
  if (read.ec != std::errc{} || read.ptr != end) return false;
  left.erase(left.begin(), left.begin() + (joined ? 1 : 2));
  asked_seeds().whole = false;
  return true;
}

}  // namespace
}  // namespace mutirao::simulation

int main(int count, char** arguments) {
  ::testing::InitGoogleTest(&count, arguments);
  auto& seeds = mutirao::simulation::asked_seeds();
  std::vector<std::string> left(arguments + 1, arguments + count);
  while (!left.empty()) {
    if (!mutirao::simulation::take_option(left, "--seeds", seeds.count) &&
        !mutirao::simulation::take_option(left, "--first-seed", seeds.first)) {
      std::cerr << "test_simulation [--seeds N] [--first-seed K]: what is " << left[0] << "?\n";
      return 2;
    }
  }
  return RUN_ALL_TESTS();
}
