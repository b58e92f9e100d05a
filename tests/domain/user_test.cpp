#include "domain/user.hpp"

#include <gtest/gtest.h>

namespace mutirao {
namespace {

TEST(User, AddressesAreComparedWithoutCaseAndWhiteSpaceAround) {
  EXPECT_EQ(normalized_email(" Ana.Lima@Example.COM\t\r\n"), "ana.lima@example.com");
  EXPECT_EQ(normalized_email("João@example.com"), "joão@example.com");
  EXPECT_EQ(normalized_email(" \n "), "");
}

TEST(User, AnAddressHasOneAtWithSomethingOnBothSides) {
  for (const auto* good : {"a@b", "ana+x@example.com", "joão@exemplo.com.br"}) {
    EXPECT_TRUE(is_email(good)) << good;
  }
  for (const auto* bad : {"", "@", "a@", "@b", "ana", "a@b@c", "a b@c", "a@b\n", "a@b\x7f"}) {
    EXPECT_FALSE(is_email(bad)) << bad;
  }
  EXPECT_TRUE(is_email("a@" + std::string(252, 'b')));
  EXPECT_FALSE(is_email("a@" + std::string(253, 'b')));
}

TEST(User, SignsInWithAPasswordUnlessDisabled) {
  account user;
  EXPECT_FALSE(user.may_sign_in());
  user.password = "x";
  EXPECT_TRUE(user.may_sign_in());
  user.disabled_since = instant();
  EXPECT_FALSE(user.may_sign_in());
}

}  // namespace
}  // namespace mutirao
