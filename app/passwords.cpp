#include "app/passwords.hpp"

#include <sodium.h>

#include <array>
#include <cerrno>

namespace mutirao::app {
namespace {

constexpr auto passes = crypto_pwhash_OPSLIMIT_INTERACTIVE;
constexpr auto memory = crypto_pwhash_MEMLIMIT_INTERACTIVE;

// Of 32 random bytes that nobody kept: what a password is compared with where there is none, so
// that this takes as long. Its limits must be those above (a test compares them).
constexpr const char* nobodys =
    "$argon2id$v=19$m=65536,t=2,p=1$K5XS1LNOiD7Oy8geXNE28Q$brltRIYOttZaJYy/"
    "K067Njj0vgwUIOUaC1pZYB5vuUw";

class argon2id final : public password_hasher {
 public:
  expected<std::string> hash(std::string_view password) override {
    std::array<char, crypto_pwhash_STRBYTES> text{};
    if (crypto_pwhash_str_alg(text.data(), password.data(), password.size(), passes, memory,
                              crypto_pwhash_ALG_ARGON2ID13) != 0) {
      return fail(errc::overloaded, "no memory to hash a password");
    }
    return std::string(text.data());
  }

  // What libsodium answers does not tell a wrong password from want of memory; errno does.
  expected<bool> fits(std::string_view password, const std::string& kept) override {
    const char* text = kept.empty() ? nobodys : kept.c_str();
    errno = 0;
    const bool same = crypto_pwhash_str_verify(text, password.data(), password.size()) == 0;
    if (!same && errno == ENOMEM) return fail(errc::overloaded, "no memory to check a password");
    return same && !kept.empty();
  }
};

}  // namespace

expected<std::unique_ptr<password_hasher>> argon2id_hasher() {
  if (sodium_init() < 0) return fail(errc::internal, "the system gives no randomness");
  return std::unique_ptr<password_hasher>(std::make_unique<argon2id>());
}

}  // namespace mutirao::app
