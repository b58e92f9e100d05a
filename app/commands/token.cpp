#include <charconv>
#include <limits>
#include <ostream>

#include "app/clock.hpp"
#include "app/commands/commands.hpp"
#include "app/commands/common.hpp"
#include "app/commands/token_options.hpp"
#include "app/secret.hpp"

namespace mutirao::app {
namespace {

using kind = option_spec::kind;

int run_token(option_reader& given, const console& terminal) {
  auto claims = read_token_claims(given);
  if (!given.problems().empty()) return exit_wrong_use;
  const auto secret = find_secret(given);
  if (!secret) return report_wrong_use(terminal, "token", secret.error());
  if (secret->empty()) {
    return report_wrong_use(
        terminal, "token",
        {errc::invalid_field,
         "no secret to sign with: set MUTIRAO_JWT_SECRET or --jwt-secret-file to "
         "the one that `serve` has"});
  }
  const auto time = system_clock_in("UTC");
  if (!time) return report_failure(terminal, "token", time.error());
  claims.issued_at = (*time)->now();
  const auto token = http::sign(claims, *secret);
  if (!token) return report_failure(terminal, "token", token.error());
  terminal.out << *token << '\n';
  return exit_done;
}

}  // namespace

std::optional<named_unit> parse_unit(std::string_view text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos || equals + 1 == text.size()) return std::nullopt;
  named_unit unit;
  const char* const end = text.data() + equals;
  const auto [rest, failure] = std::from_chars(text.data(), end, unit.id.value);
  if (failure != std::errc{} || rest != end || unit.id.value < 1) return std::nullopt;
  unit.name = text.substr(equals + 1);
  return unit;
}

http::token_claims read_token_claims(option_reader& given) {
  constexpr std::int64_t any_id = std::numeric_limits<std::int64_t>::max();
  http::token_claims claims;
  const std::string user = given.required("user", "name the user's id, e.g. --user 7");
  if (!user.empty()) claims.user = user_id{given.integer("user", 1, any_id)};
  claims.name = given.text("nome");
  claims.email = given.text("email");
  claims.cargo = given.optional_integer("cargo", 0, any_id);
  for (const std::string& text : given.texts("unit")) {
    if (auto unit = parse_unit(text)) {
      claims.units.push_back(std::move(*unit));
    } else {
      given.complain("unit", "\"" + text + "\" is not ID=NAME, e.g. 1=Matriz");
    }
  }
  claims.admin = given.flag("admin");
  claims.lifetime = std::chrono::floor<std::chrono::seconds>(
      given.duration("expires-in", std::chrono::seconds(1)));
  return claims;
}

command_spec token_command() {
  return {"token",
          "prints a token (JWT) for a user",
          "mutirao token --jwt-secret-file secret.txt --user 7 --nome Ana --unit 1=Matriz",
          {
              {"user", kind::value, "ID", "the user's id", ""},
              {"nome", kind::value, "NAME", "the user's name", ""},
              {"email", kind::value, "ADDRESS", "the user's address", ""},
              {"cargo", kind::value, "ID", "the claim cargoId", ""},
              {"unit", kind::list, "ID=NAME", "a unit that the user may act on (repeatable)", ""},
              {"admin", kind::flag, "", "may act on every unit", ""},
              {"expires-in", kind::value, "TIME", "how long it is good for", "8h"},
              secret_file_option(),
          },
          {},
          run_token};
}

}  // namespace mutirao::app
