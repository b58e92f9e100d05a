// The port to accounts for who administers them: reads and writes beside the service, each call a
// transaction of its own. (Who signs in is read by domain/ports/reads.hpp.)
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "domain/error.hpp"
#include "domain/user.hpp"

namespace mutirao {

/// Names one account: by address, in any case, or by id.
using account_name = std::variant<std::string, user_id>;

class accounts {
 public:
  virtual ~accounts() = default;

  struct added {
    user_id id;
    bool known = false;  // the user was known without a password, from an import
  };
  /// Gives `what` an account. The id: `what.who.id`; 0: of the one user without a password who has
  /// this address, else a new one. errc::already_registered where the address or the id has an
  /// account, or several users without have the address; errc::unknown_unit with its id.
  virtual expected<added> add(const account& what) = 0;

  /// Those that have a password, ascending ids.
  virtual expected<std::vector<account>> list() = 0;

  /// errc::unknown_user where no account has that name; so do the others.
  virtual expected<account> find(const account_name& which) = 0;

  /// False: it was so already.
  virtual expected<bool> disable(const account_name& which, instant now) = 0;
  virtual expected<bool> enable(const account_name& which) = 0;

  /// `password` as password_hasher::hash made it.
  virtual expected<void> set_password(const account_name& which, const std::string& password,
                                      instant now) = 0;
};

}  // namespace mutirao
