// Arguments as text: what was given, and the form in which a job keeps them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "domain/job_type.hpp"

namespace mutirao {

/// A whole number in decimal digits, `least` to `most`; nothing for any other text.
std::optional<std::int64_t> whole_number(std::string_view text, std::int64_t least,
                                         std::int64_t most);

/// A positive number that names a unit; nothing for any other text.
std::optional<unit_id> unit_in(std::string_view text);

/// The text of an argument, or `absent` where it was not given.
std::string_view given_or(const argument_reader& given, std::string_view name,
                          std::string_view absent = {});

/// What stands behind `name=` in `today=2026-11-28 years=2`: names and values without spaces.
/// Nothing where the name is not there.
std::optional<std::string_view> stored_argument(std::string_view text, std::string_view name);

}  // namespace mutirao
