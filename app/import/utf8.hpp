// Whether text is UTF-8.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

namespace mutirao::app {

/// The first line (from 1) that holds bytes which are no UTF-8 (RFC 3629: no surrogates, no longer
/// form than needed); nothing where all is UTF-8.
std::optional<std::size_t> first_line_not_utf8(std::string_view text);

}  // namespace mutirao::app
