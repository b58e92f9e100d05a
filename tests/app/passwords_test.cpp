#include "app/passwords.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "tests/support/places.hpp"

namespace mutirao::app {
namespace {

constexpr auto limits = "$argon2id$v=19$m=65536,t=2,p=1$";

TEST(Passwords, FitWhatWasKeptOfThemAndNothingElse) {
  const auto hasher = argon2id_hasher().value();
  const std::string password("segredo \0 ção", 15);
  const auto kept = hasher->hash(password).value();
  EXPECT_TRUE(kept.starts_with(limits)) << kept;
  EXPECT_EQ(hasher->fits(password, kept), true);
  EXPECT_EQ(hasher->fits("segredo ", kept), false);
  EXPECT_EQ(hasher->fits(password + "x", kept), false);
  EXPECT_NE(hasher->hash(password).value(), kept) << "each has salt of its own";
}

TEST(Passwords, NothingFitsWhereNoneIsKept) {
  const auto hasher = argon2id_hasher().value();
  for (const auto* kept : {"", "x", "$argon2id$v=19$m=65536,t=2,p=1$x$x"}) {
    EXPECT_EQ(hasher->fits("", kept), false) << kept;
  }
}

// What stands in for a password that is not there must take as long: it has the same limits.
TEST(Passwords, OfNobodyAreCheckedWithTheSameLimits) {
  std::ifstream source(testing::in_source("app/passwords.cpp"));
  const std::string text{std::istreambuf_iterator<char>(source), {}};
  EXPECT_NE(text.find("\"" + std::string(limits)), std::string::npos);
}

}  // namespace
}  // namespace mutirao::app
