#include "http/routes/openapi.hpp"

#include <cstdint>
#include <embedded/openapi.hpp>
#include <memory>
#include <string>

namespace mutirao::http::routes {
namespace {

/// FNV-1a of the text: it changes with a build, not with a request.
std::string tag_of(std::string_view text) {
  std::uint64_t sum = 0xcbf29ce484222325U;
  for (const char c : text) sum = (sum ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return "\"" + std::to_string(sum) + "\"";
}

}  // namespace

std::string_view openapi_text() {
  return embedded::openapi;
}

void openapi(const exchange_ptr& at) {
  static const auto body = std::make_shared<const std::string>(embedded::openapi);
  static const auto tag = tag_of(*body);
  const auto known = at->what.header("if-none-match").value_or("");
  response answer{200, "application/json", {{"ETag", tag}, {"Cache-Control", "no-cache"}}, body};
  if (known == "*" || known.find(tag) != std::string_view::npos) {
    answer = {304, "", {{"ETag", tag}, {"Cache-Control", "no-cache"}}, {}};
  }
  at->send(std::move(answer));
}

}  // namespace mutirao::http::routes
