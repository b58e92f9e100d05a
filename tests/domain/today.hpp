// The day that the tests of the types of jobs are on.
#pragma once

#include "domain/date.hpp"

namespace mutirao {

inline const date today = *parse_date("2026-11-23");

}  // namespace mutirao
