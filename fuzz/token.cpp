// No token is taken but one that HS256 signed with our secret, and nothing in it breaks the reader.
//
// Input: '0', then the value of an Authorization header; or any other byte, then the header of a
// token, a line end and its claims, which the target signs as it should be: so that mutations reach
// behind the signature.
#include <string>

#include "fuzz/property.hpp"
#include "http/auth.hpp"
#include "tests/http/token_maker.hpp"
#include "tests/support/fixed_world.hpp"

namespace mutirao::http {
namespace {

using fuzz::require;

const std::string secret = "a secret of the fuzz target, 32 bytes or longer";

const auth& tokens() {
  static const testing::fixed_clock clock;
  static const auth known({secret, {2, 5}, 64}, clock);
  return known;
}

const auth& others() {
  static const testing::fixed_clock clock;
  static const auth known({"another secret of 32 bytes or longer", {}, 64}, clock);
  return known;
}

bool same(const caller& one, const caller& other) {
  return one.user == other.user && one.admin == other.admin && one.units == other.units;
}

/// Whether the last part signs the two before it.
bool is_signed(std::string_view token) {
  const auto first = token.find('.');
  const auto last = token.rfind('.');
  if (first == token.npos || first == last) return false;
  return token.substr(last + 1) == signature_of(token.substr(0, last), secret);
}

void check(const std::string& authorization) {
  const auto who = tokens().identify(authorization);
  const auto again = tokens().identify(authorization);
  require(who.has_value() == again.has_value(), "a known token is judged as a new one");
  require(!others().identify(authorization), "another secret takes none of ours");
  if (!who) {
    const auto why = who.error().code;
    require(why == errc::missing_token || why == errc::invalid_token, "one of two refusals");
    return;
  }
  require(same(*who->who, *again->who) && who->expires == again->expires,
          "a known token says what a new one says");
  require(who->who->user.value > 0, "a user is a positive number");
  const auto blank = authorization.find_last_not_of(" \t");
  const auto begin = authorization.find_first_not_of(" \t", 7);
  require(is_signed(authorization.substr(begin, blank + 1 - begin)), "the whole of it is signed");
}

}  // namespace
}  // namespace mutirao::http

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mutirao::http;
  const auto input = mutirao::fuzz::text_of(data, size);
  if (input.empty()) return 0;
  const auto rest = input.substr(1);
  const auto line = rest.find('\n');
  if (input.front() == '0') {
    check(std::string(rest));
  } else if (line != rest.npos) {
    check("Bearer " + make_token(rest.substr(0, line), rest.substr(line + 1), secret));
  }
  return 0;
}
