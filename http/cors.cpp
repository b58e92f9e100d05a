#include "http/cors.hpp"

#include <algorithm>

namespace mutirao::http {

std::optional<std::string> cors::allowed(std::string_view origin) const {
  if (origin.empty()) return std::nullopt;
  const auto has = [this](std::string_view wanted) {
    return std::find(origins_.begin(), origins_.end(), wanted) != origins_.end();
  };
  if (has("*")) return "*";
  return has(origin) ? std::optional(std::string(origin)) : std::nullopt;
}

void cors::admit(std::string_view origin, response& answer) const {
  if (origins_.empty()) return;
  // Caches must not give one origin's answer to another, allowed or not.
  answer.headers.emplace_back("Vary", "Origin");
  auto admitted = allowed(origin);
  if (!admitted) return;
  answer.headers.emplace_back("Access-Control-Allow-Origin", *std::move(admitted));
  answer.headers.emplace_back("Access-Control-Expose-Headers", "Location, Retry-After, Allow");
}

response cors::options(const request& what, std::string_view allow) const {
  response answer{204, "", {{"Allow", std::string(allow)}}, {}};
  const bool preflight = what.header("access-control-request-method").has_value();
  if (preflight && allowed(what.header("origin").value_or(""))) {
    answer.headers.emplace_back("Access-Control-Allow-Methods", std::string(allow));
    answer.headers.emplace_back("Access-Control-Allow-Headers",
                                "authorization, content-type, idempotency-key, last-event-id");
    answer.headers.emplace_back("Access-Control-Max-Age", "600");
  }
  return answer;
}

}  // namespace mutirao::http
