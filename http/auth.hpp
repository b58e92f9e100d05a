// Who asks: reads and signs the bearer tokens (JWT, HS256 only). A verified token is remembered
// until it expires, because checking one costs more than most answers. Tokens are never logged.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/caller.hpp"
#include "domain/error.hpp"
#include "domain/ports/clock.hpp"
#include "domain/ports/store.hpp"

namespace mutirao::http {

struct auth_options {
  std::string secret;  // 32 bytes or more: the program checks that
  // Values of the claim `cargoId` that mean admin; tokens of the old server have no `permissions`.
  std::vector<std::int64_t> admin_cargos;
  std::size_t cached_tokens = 8192;
};

/// Whose token it is, and until when.
struct verified_token {
  std::shared_ptr<const caller> who;
  std::optional<instant> expires;                // from then on it is no longer valid
  std::optional<instant> issued = std::nullopt;  // `iat`

  bool expired(instant now) const { return expires && now >= *expires; }
};

class token_cache;
struct token_claims;

/// Safe from any thread.
class auth {
 public:
  /// `clock` outlives this.
  auth(auth_options options, const mutirao::clock& clock);
  ~auth();
  auth(const auth&) = delete;
  auth& operator=(const auth&) = delete;

  /// `authorization`: the header's value, if there was one. errc::missing_token: none, another
  /// scheme, or "Bearer null". errc::invalid_token: anything that is not a JWT signed by HS256 with
  /// our secret, expired (`exp` in seconds; now == exp is expired; a token without `exp` never
  /// expires, as with the old server's library), not valid yet (`nbf`), or without a user: the
  /// claim `userId`, else `id`, a positive whole number.
  expected<verified_token> identify(std::optional<std::string_view> authorization) const;
  /// Of a token that came otherwise.
  expected<verified_token> identify_token(std::string_view token) const;

  /// A token that this takes. Errors as sign().
  expected<std::string> issue(const token_claims& claims) const;

  /// Whether somebody with this value of `cargoId` is an admin.
  bool means_admin(std::optional<std::int64_t> cargo) const;

 private:
  expected<verified_token> verify(const std::string& token) const;

  auth_options options_;
  const mutirao::clock& clock_;
  std::unique_ptr<token_cache> cache_;
};

/// A token travels in a header: of more units it would not fit.
inline constexpr std::size_t most_units_of_token = 100;

/// What a token says, under the old server's names: userId, id, nome, email, cargoId, unidades,
/// setores, permissions, iat, exp. `permissions` is ["admin"] or [].
struct token_claims {
  user_id user;
  std::string name;
  std::string email;
  std::optional<std::int64_t> cargo;
  std::vector<named_unit> units = {};
  std::vector<named_sector> sectors = {};
  bool admin = false;
  instant issued_at;
  std::chrono::seconds lifetime{8 * 3600};
};

/// The token. errc::internal where the secret is empty or there is no memory.
expected<std::string> sign(const token_claims& claims, const std::string& secret);

}  // namespace mutirao::http
