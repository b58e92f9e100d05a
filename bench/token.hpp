// Tokens as the service takes them: JWT, HS256.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mutirao::bench {

/// What every service of a benchmark is started with.
inline constexpr std::string_view secret = "a-secret-of-the-benchmarks-0123456789abcdef";

/// Of a user who may act on `units` units from `first_unit` up, valid for some hours.
std::string token_of(std::int64_t user, std::int64_t first_unit, std::int64_t units = 1);

/// Of a user who may see every job.
std::string admin_token(std::int64_t user);

}  // namespace mutirao::bench
