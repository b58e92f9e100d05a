#include "http/edge/request.hpp"

#include "http/edge/ascii.hpp"

namespace mutirao::http {
namespace {

struct known_header {
  std::string_view name;
  // Between the values of one that may stand several times, which are one list; else empty.
  std::string_view divider;
};

constexpr std::array<known_header, 16> known_headers{{
    {"authorization", ""},
    {"content-type", ""},
    {"accept", ", "},
    {"accept-language", ", "},
    {"accept-encoding", ", "},
    {"idempotency-key", ""},
    {"last-event-id", ""},
    {"origin", ""},
    {"x-request-id", ""},
    {"if-none-match", ", "},
    {"access-control-request-method", ""},
    {"access-control-request-headers", ", "},
    {"host", ""},
    {"cookie", "; "},
    {"x-forwarded-proto", ", "},
    {"sec-fetch-site", ", "},
}};

std::optional<std::size_t> index_of(std::string_view name) {
  for (std::size_t i = 0; i < known_headers.size(); ++i) {
    if (ascii::same(name, known_headers[i].name)) return i;
  }
  return std::nullopt;
}

}  // namespace

method to_method(std::string_view text) {
  if (text == "GET") return method::get;
  if (text == "POST") return method::post;
  if (text == "PUT") return method::put;
  if (text == "HEAD") return method::head;
  if (text == "DELETE") return method::del;
  if (text == "OPTIONS") return method::options;
  if (text == "PATCH") return method::patch;
  return method::other;
}

header_values::kept header_values::set(std::string_view name, std::string_view value) {
  const auto index = index_of(name);
  if (!index) return kept::no;
  auto& where = spans_[*index];
  const auto divider = known_headers[*index].divider;
  if (where.present && divider.empty()) return kept::repeated;
  const auto at = static_cast<std::uint32_t>(text_.size());
  if (where.present) {
    const std::string before = text_.substr(where.at, where.length);
    text_.append(before).append(divider);
  }
  text_.append(value);
  where = {at, static_cast<std::uint32_t>(text_.size()) - at, true};
  return kept::yes;
}

std::optional<std::string_view> header_values::get(std::string_view name) const {
  const auto index = index_of(name);
  if (!index || !spans_[*index].present) return std::nullopt;
  return std::string_view(text_).substr(spans_[*index].at, spans_[*index].length);
}

}  // namespace mutirao::http
