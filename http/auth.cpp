#include "http/auth.hpp"

#include <jwt.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <utility>

#include "http/edge/ascii.hpp"
#include "http/token_cache.hpp"

namespace mutirao::http {
namespace {

using nlohmann::json;

struct jwt_deleter {
  void operator()(jwt_t* token) const { jwt_free(token); }
};
using jwt_ptr = std::unique_ptr<jwt_t, jwt_deleter>;

struct text_deleter {
  void operator()(char* text) const { std::free(text); }
};
using text_ptr = std::unique_ptr<char, text_deleter>;

const unsigned char* key_bytes(const std::string& secret) {
  return reinterpret_cast<const unsigned char*>(secret.data());
}

/// The claims of a token whose signature is ours; null for any other.
json read_claims(const std::string& token, const std::string& secret) {
  jwt_t* raw = nullptr;
  const int problem =
      jwt_decode(&raw, token.c_str(), key_bytes(secret), static_cast<int>(secret.size()));
  const jwt_ptr decoded(raw);
  // libjwt takes every algorithm that its key fits; we take one.
  if (problem != 0 || !decoded || jwt_get_alg(decoded.get()) != JWT_ALG_HS256) return nullptr;
  // Extensions that a reader must know (RFC 7515, 4.1.11): we know none.
  if (const text_ptr critical(jwt_get_headers_json(decoded.get(), "crit")); critical)
    return nullptr;
  const text_ptr text(jwt_get_grants_json(decoded.get(), nullptr));
  if (!text) return nullptr;
  auto claims = json::parse(text.get(), nullptr, false);
  return claims.is_object() ? claims : json(nullptr);
}

const json& claim(const json& claims, const char* name) {
  static const json none;
  const auto found = claims.find(name);
  return found == claims.end() ? none : *found;
}

/// A positive whole number, else nothing.
std::optional<std::int64_t> id_in(const json& value) {
  if (!value.is_number_integer()) return std::nullopt;
  if (value.is_number_unsigned() &&
      value.get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX)) {
    return std::nullopt;
  }
  const auto number = value.get<std::int64_t>();
  return number > 0 ? std::optional(number) : std::nullopt;
}

/// Seconds since 1970, possibly with a fraction, kept to what an instant can hold.
std::optional<instant> instant_in(const json& value) {
  constexpr double most_seconds = 9e15 / 1000;
  if (!value.is_number()) return std::nullopt;
  const double seconds = std::clamp(value.get<double>(), -most_seconds, most_seconds);
  return instant(std::chrono::milliseconds(static_cast<std::int64_t>(std::floor(seconds * 1000))));
}

std::vector<unit_id> units_in(const json& value) {
  std::vector<unit_id> units;
  if (!value.is_array()) return units;
  for (const auto& unit : value) {
    if (!unit.is_object()) continue;
    if (const auto number = id_in(claim(unit, "id"))) units.push_back({*number});
  }
  return units;
}

bool names_admin(const json& permissions) {
  return permissions.is_array() &&
         std::find(permissions.begin(), permissions.end(), "admin") != permissions.end();
}

/// The token in `Bearer <token>`; nothing where there is none.
std::optional<std::string_view> bearer(std::optional<std::string_view> authorization) {
  constexpr std::string_view scheme = "bearer ";
  if (!authorization || authorization->size() <= scheme.size()) return std::nullopt;
  if (!ascii::same(authorization->substr(0, scheme.size()), scheme)) return std::nullopt;
  const auto token = ascii::trim(authorization->substr(scheme.size()));
  if (token.empty() || token == "null") return std::nullopt;
  return token;
}

}  // namespace

auth::auth(auth_options options, const mutirao::clock& clock)
    : options_(std::move(options)),
      clock_(clock),
      cache_(std::make_unique<token_cache>(options_.cached_tokens)) {}

auth::~auth() = default;

expected<verified_token> auth::identify(std::optional<std::string_view> authorization) const {
  const auto token = bearer(authorization);
  if (!token) return fail(errc::missing_token);
  return identify_token(*token);
}

expected<verified_token> auth::identify_token(std::string_view token) const {
  if (auto known = cache_->find(token, clock_.now())) return *std::move(known);
  return verify(std::string(token));
}

bool auth::means_admin(std::optional<std::int64_t> cargo) const {
  const auto& all = options_.admin_cargos;
  return cargo && std::find(all.begin(), all.end(), *cargo) != all.end();
}

expected<std::string> auth::issue(const token_claims& claims) const {
  return sign(claims, options_.secret);
}

expected<verified_token> auth::verify(const std::string& token) const {
  // An empty key would make libjwt skip the signature, and behind a NUL it does not look.
  if (options_.secret.empty() || token.find('\0') != token.npos) return fail(errc::invalid_token);
  const auto claims = read_claims(token, options_.secret);
  if (!claims.is_object()) return fail(errc::invalid_token);

  const auto now = clock_.now();
  const auto& exp = claim(claims, "exp");
  const auto& nbf = claim(claims, "nbf");
  verified_token verified{nullptr, instant_in(exp), instant_in(claim(claims, "iat"))};
  if (!exp.is_null() && !verified.expires) return fail(errc::invalid_token);
  if (verified.expired(now)) return fail(errc::invalid_token);
  if (!nbf.is_null() && instant_in(nbf).value_or(instant::max()) > now) {
    return fail(errc::invalid_token);
  }

  const auto& user = claim(claims, "userId");
  const auto number = id_in(user.is_null() ? claim(claims, "id") : user);
  if (!number) return fail(errc::invalid_token);
  const bool admin =
      names_admin(claim(claims, "permissions")) || means_admin(id_in(claim(claims, "cargoId")));
  verified.who = std::make_shared<const caller>(
      caller{user_id{*number}, admin, units_in(claim(claims, "unidades"))});
  cache_->put(token, verified);
  return verified;
}

expected<std::string> sign(const token_claims& claims, const std::string& secret) {
  using std::chrono::floor;
  using std::chrono::seconds;
  if (secret.empty()) return fail(errc::internal, "the secret is empty");
  auto units = json::array();
  for (const auto& unit : claims.units) {
    units.push_back({{"id", unit.id.value}, {"nome", unit.name}});
  }
  auto sectors = json::array();
  for (const auto& sector : claims.sectors) {
    sectors.push_back({{"id", sector.id}, {"nome", sector.name}});
  }
  const auto issued = floor<seconds>(claims.issued_at);
  json body{{"userId", claims.user.value},
            {"id", claims.user.value},
            {"nome", claims.name},
            {"email", claims.email},
            {"unidades", std::move(units)},
            {"setores", std::move(sectors)},
            {"permissions", claims.admin ? json::array({"admin"}) : json::array()},
            {"iat", issued.time_since_epoch().count()},
            {"exp", (issued + claims.lifetime).time_since_epoch().count()}};
  body["cargoId"] = claims.cargo ? json(*claims.cargo) : json(nullptr);

  jwt_t* raw = nullptr;
  if (jwt_new(&raw) != 0) return fail(errc::internal, "no memory for a token");
  const jwt_ptr token(raw);
  const auto text = body.dump(-1, ' ', false, json::error_handler_t::replace);
  const auto length = static_cast<int>(secret.size());
  if (jwt_add_grants_json(raw, text.c_str()) != 0 ||
      jwt_set_alg(raw, JWT_ALG_HS256, key_bytes(secret), length) != 0) {
    return fail(errc::internal, "the token cannot be built");
  }
  const text_ptr signed_text(jwt_encode_str(raw));
  if (!signed_text) return fail(errc::internal, "the token cannot be signed");
  return std::string(signed_text.get());
}

}  // namespace mutirao::http
