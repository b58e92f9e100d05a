// The options of `token`.
#pragma once

#include <optional>
#include <string_view>

#include "app/option_reader.hpp"
#include "http/auth.hpp"

namespace mutirao::app {

/// Everything but the time of issue. Problems stay with `given`.
http::token_claims read_token_claims(option_reader& given);

/// "1=Matriz". Nothing where the id is no positive whole number or the name is empty.
std::optional<named_unit> parse_unit(std::string_view text);

}  // namespace mutirao::app
