// What the service says of itself at /metrics.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <string>

#include "tests/e2e/http_client.hpp"

namespace mutirao::e2e {

/// A measure without labels; -1: there is no such.
inline std::int64_t measure(http_client& by, const std::string& called) {
  const auto text = by.get("/metrics").body;
  const auto name = "\n" + called + " ";
  const auto at = text.find(name);
  return at == std::string::npos ? -1 : std::atoll(text.c_str() + at + name.size());
}

}  // namespace mutirao::e2e
