// What tests look at in an answer.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "http/edge/response.hpp"

namespace mutirao::http {

/// The value of a header, or "(none)".
inline std::string header_of(const response& answer, std::string_view name) {
  for (const auto& [key, value] : answer.headers) {
    if (key == name) return value;
  }
  return "(none)";
}

inline std::string body_of(const response& answer) {
  return std::string(answer.body.view());
}

inline nlohmann::json parsed(const response& answer) {
  return nlohmann::json::parse(answer.body.view());
}

}  // namespace mutirao::http
