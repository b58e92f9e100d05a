#include "http/auth.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "http/edge/ascii.hpp"
#include "http/jwt.hpp"
#include "http/token_cache.hpp"

namespace mutirao::http {
namespace {

using json_value = nlohmann::json;

/// The claims of a token whose signature is ours; null for any other.
json_value read_claims(const std::string& token, const std::string& secret) {
  const auto text = decode_jwt(token, secret);
  auto claims = text ? json_value::parse(*text, nullptr, false) : json_value(nullptr);
  return claims.is_object() ? claims : json_value(nullptr);
}

const json_value& claim(const json_value& claims, const char* name) {
  static const json_value none;
  const auto found = claims.find(name);
  return found == claims.end() ? none : *found;
}

/// A positive whole number, else nothing.
std::optional<std::int64_t> id_in(const json_value& value) {
  if (!value.is_number_integer()) return std::nullopt;
  if (value.is_number_unsigned() &&
      value.get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX)) {
    return std::nullopt;
  }
  const auto number = value.get<std::int64_t>();
  return number > 0 ? std::optional(number) : std::nullopt;
}

/// Seconds since 1970, possibly with a fraction, kept to what an instant can hold.
std::optional<instant> instant_in(const json_value& value) {
  constexpr double most_seconds = 9e15 / 1000;
  if (!value.is_number()) return std::nullopt;
  const double seconds = std::clamp(value.get<double>(), -most_seconds, most_seconds);
  return instant(std::chrono::milliseconds(static_cast<std::int64_t>(std::floor(seconds * 1000))));
}

std::vector<unit_id> units_in(const json_value& value) {
  std::vector<unit_id> units;
  if (!value.is_array()) return units;
  for (const auto& unit : value) {
    if (!unit.is_object()) continue;
    if (const auto number = id_in(claim(unit, "id"))) units.push_back({*number});
  }
  return units;
}

bool names_admin(const json_value& permissions) {
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
  auto units = json_value::array();
  for (const auto& unit : claims.units) {
    units.push_back({{"id", unit.id.value}, {"nome", unit.name}});
  }
  auto sectors = json_value::array();
  for (const auto& sector : claims.sectors) {
    sectors.push_back({{"id", sector.id}, {"nome", sector.name}});
  }
  const auto issued = floor<seconds>(claims.issued_at);
  json_value body{
      {"userId", claims.user.value},
      {"id", claims.user.value},
      {"nome", claims.name},
      {"email", claims.email},
      {"unidades", std::move(units)},
      {"setores", std::move(sectors)},
      {"permissions", claims.admin ? json_value::array({"admin"}) : json_value::array()},
      {"iat", issued.time_since_epoch().count()},
      {"exp", (issued + claims.lifetime).time_since_epoch().count()}};
  body["cargoId"] = claims.cargo ? json_value(*claims.cargo) : json_value(nullptr);
  return encode_jwt(body.dump(-1, ' ', false, json_value::error_handler_t::replace), secret);
}

}  // namespace mutirao::http
