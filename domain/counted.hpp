// A number and what is counted, for people.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace mutirao {

/// "1 empresa", "2 empresas"
inline std::string counted(std::int64_t n, std::string_view one, std::string_view many) {
  return std::to_string(n).append(" ").append(n == 1 ? one : many);
}

}  // namespace mutirao
