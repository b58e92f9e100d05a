#include "http/jwt.hpp"

#include <jwt.h>

#include <cstdlib>
#include <memory>

namespace mutirao::http {
namespace {

struct jwt_deleter {
  void operator()(jwt_t* token) const { jwt_free(token); }
};
using jwt_ptr = std::unique_ptr<jwt_t, jwt_deleter>;

struct text_deleter {
  void operator()(char* text) const { std::free(text); }
};
using text_ptr = std::unique_ptr<char, text_deleter>;

const unsigned char* key_bytes(const std::string& key) {
  return reinterpret_cast<const unsigned char*>(key.data());
}

}  // namespace

std::optional<std::string> decode_jwt(const std::string& token, const std::string& key) {
  // An empty key would make libjwt skip the signature, and behind a NUL it does not look.
  if (key.empty() || token.find('\0') != token.npos) return std::nullopt;
  jwt_t* raw = nullptr;
  const int problem = jwt_decode(&raw, token.c_str(), key_bytes(key), static_cast<int>(key.size()));
  const jwt_ptr decoded(raw);
  // libjwt takes every algorithm that its key fits; we take one.
  if (problem != 0 || !decoded || jwt_get_alg(decoded.get()) != JWT_ALG_HS256) return std::nullopt;
  // Extensions that a reader must know (RFC 7515, 4.1.11): we know none.
  if (const text_ptr critical(jwt_get_headers_json(decoded.get(), "crit")); critical) {
    return std::nullopt;
  }
  const text_ptr text(jwt_get_grants_json(decoded.get(), nullptr));
  return text ? std::optional<std::string>(text.get()) : std::nullopt;
}

expected<std::string> encode_jwt(const std::string& claims, const std::string& key) {
  if (key.empty()) return fail(errc::internal, "the secret is empty");
  jwt_t* raw = nullptr;
  if (jwt_new(&raw) != 0) return fail(errc::internal, "no memory for a token");
  const jwt_ptr token(raw);
  const auto length = static_cast<int>(key.size());
  if (jwt_add_grants_json(raw, claims.c_str()) != 0 ||
      jwt_set_alg(raw, JWT_ALG_HS256, key_bytes(key), length) != 0) {
    return fail(errc::internal, "the token cannot be built");
  }
  const text_ptr signed_text(jwt_encode_str(raw));
  if (!signed_text) return fail(errc::internal, "the token cannot be signed");
  return std::string(signed_text.get());
}

}  // namespace mutirao::http
