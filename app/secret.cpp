#include "app/secret.hpp"

#include <sys/random.h>

#include <array>

#include "app/file_text.hpp"

namespace mutirao::app {
namespace {

expected<std::string> checked(std::string secret, const std::string& origin) {
  if (secret.size() >= least_secret_bytes) return secret;
  return fail(errc::invalid_field, origin + ": the secret has " + std::to_string(secret.size()) +
                                       " bytes; give 32 or more, e.g. from `openssl rand -hex 32`");
}

expected<std::string> read_secret(const std::string& path) {
  auto secret = read_file(path);
  if (!secret) return fail(errc::invalid_field, "--jwt-secret-file: " + secret.error().detail);
  if (secret->ends_with('\n')) secret->pop_back();
  if (secret->ends_with('\r')) secret->pop_back();
  return checked(*std::move(secret), "--jwt-secret-file \"" + path + "\"");
}

}  // namespace

option_spec secret_file_option() {
  return {"jwt-secret-file", option_spec::kind::value, "FILE",
          "file with the secret that signs tokens, 32 bytes or more (instead of "
          "MUTIRAO_JWT_SECRET)",
          ""};
}

expected<std::string> find_secret(const option_reader& given) {
  const std::string path = given.text("jwt-secret-file");
  const bool by_flag = given.origin("jwt-secret-file") == "--jwt-secret-file";
  if (by_flag && !path.empty()) return read_secret(path);
  if (auto secret = given.variable("MUTIRAO_JWT_SECRET")) {
    return checked(std::move(*secret), "MUTIRAO_JWT_SECRET");
  }
  if (!path.empty()) return read_secret(path);
  return std::string{};
}

expected<std::string> make_secret() {
  static constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  static_assert(alphabet.size() == 64);
  std::array<unsigned char, 64> bytes{};
  if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    return fail(errc::internal, "the system gave no random bytes");
  }
  std::string secret;
  for (const unsigned char byte : bytes) secret += alphabet[byte % alphabet.size()];
  return secret;
}

}  // namespace mutirao::app
