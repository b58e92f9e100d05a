// Who asks, as the token says it. What a caller may see follows from these three fields alone.
#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "domain/ids.hpp"

namespace mutirao {

struct caller {
  user_id user;
  bool admin = false;
  std::vector<unit_id> units;

  /// A thing of no unit belongs to admins only.
  bool may_see(std::optional<unit_id> unit) const {
    return admin || (unit && std::find(units.begin(), units.end(), *unit) != units.end());
  }
};

}  // namespace mutirao
