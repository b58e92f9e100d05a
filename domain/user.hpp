// Users as they are stored: their names, which everybody may read, and their accounts, by which
// they sign in.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/date.hpp"
#include "domain/ids.hpp"

namespace mutirao {

struct named_unit {
  unit_id id;
  std::string name;
  friend bool operator==(const named_unit&, const named_unit&) = default;
};

struct named_sector {
  std::int64_t id = 0;
  std::string name;
  friend bool operator==(const named_sector&, const named_sector&) = default;
};

struct named_user {
  user_id id;
  std::string name;
  std::string surname;
  std::string email;
  friend bool operator==(const named_user&, const named_user&) = default;
};

/// What a user may do, and where.
struct user_rights {
  bool admin = false;  // acts on every unit
  std::optional<std::int64_t> cargo_id;
  std::optional<std::string> cargo;  // its name
  std::vector<named_unit> units;     // ascending ids
  std::vector<named_sector> sectors;
};

/// A user who is known here. Only one with a password signs in.
struct account {
  named_user who;
  user_rights rights;
  std::string password;  // as password_hasher::hash made it; empty: none
  std::optional<instant> password_since;
  std::optional<instant> disabled_since;

  bool may_sign_in() const { return !password.empty() && !disabled_since; }
};

/// Two addresses are one user's where these are equal: without white space around it, ASCII letters
/// small.
std::string normalized_email(std::string_view text);

/// One '@' with something on both sides, no white space, at most 254 bytes.
bool is_email(std::string_view text);

}  // namespace mutirao
