// Whom `serve --dev` lets in by one click. Their rights are in memory only: no database gets them;
// demo data has their names.
#pragma once

#include <vector>

#include "domain/user.hpp"

namespace mutirao::app {

/// The admin whose token `serve --dev` prints; an id of the demo data.
named_user made_up_admin();

/// An admin, a consultant of one unit (the first of `stored`, else unit 1), and somebody without
/// any.
std::vector<account> made_up_users(const std::vector<named_unit>& stored);

}  // namespace mutirao::app
