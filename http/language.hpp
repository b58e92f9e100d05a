// Which of our two languages a client reads.
#pragma once

#include <cstdint>
#include <string_view>

namespace mutirao::http {

enum class language : std::uint8_t { portuguese, english };

/// From Accept-Language (RFC 9110 12.5.4), by its weights; Portuguese where neither is asked for.
language preferred_language(std::string_view accept_language);

}  // namespace mutirao::http
