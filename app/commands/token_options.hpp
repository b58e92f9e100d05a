// The options of `token`.
#pragma once

#include <optional>
#include <string_view>

#include "app/option_reader.hpp"
#include "app/options.hpp"

namespace mutirao::app {

/// Everything but the secret. Problems stay with `given`.
token_options read_token_options(option_reader& given);

/// "1=Matriz". Nothing where the id is no positive whole number or the name is empty.
std::optional<named_unit> parse_unit(std::string_view text);

}  // namespace mutirao::app
