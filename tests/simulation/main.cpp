// GoogleTest's main, and the two options that replay a seed or play many.
#include <gtest/gtest.h>

#include <iostream>
#include <string>

#include "tests/simulation/seeds.hpp"

namespace mutirao::simulation {

seed_range& asked_seeds() {
  static seed_range seeds;
  return seeds;
}

namespace {

bool take_option(const std::string& argument, const std::string& name, std::uint64_t& into) {
  if (argument.rfind(name, 0) != 0) return false;
  into = std::stoull(argument.substr(name.size()));
  asked_seeds().whole = false;
  return true;
}

}  // namespace
}  // namespace mutirao::simulation

int main(int count, char** arguments) {
  ::testing::InitGoogleTest(&count, arguments);
  auto& seeds = mutirao::simulation::asked_seeds();
  for (int at = 1; at < count; ++at) {
    const std::string argument = arguments[at];
    if (!mutirao::simulation::take_option(argument, "--seeds=", seeds.count) &&
        !mutirao::simulation::take_option(argument, "--first-seed=", seeds.first)) {
      std::cerr << "test_simulation [--seeds=N] [--first-seed=K]: what is " << argument << "?\n";
      return 2;
    }
  }
  return RUN_ALL_TESTS();
}
