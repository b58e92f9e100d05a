// Where the next page begins, as clients see it: text that says nothing, and is checked when it
// comes back.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "domain/error.hpp"

namespace mutirao::http {

std::string encode_cursor(std::int64_t position);

/// errc::invalid_cursor for anything that encode_cursor never gave.
expected<std::int64_t> decode_cursor(std::string_view text);

}  // namespace mutirao::http
