#include "domain/packed_text.hpp"

#include <charconv>
#include <utility>

namespace mutirao {

void pack(std::string& out, std::string_view text) {
  out += std::to_string(text.size());
  out += ':';
  out += text;
}

void pack(std::string& out, std::int64_t number) {
  pack(out, std::to_string(number));
}

std::optional<std::string_view> unpacker::text() {
  std::size_t size = 0;
  const auto* const last = rest_.data() + rest_.size();
  const auto [end, problem] = std::from_chars(rest_.data(), last, size);
  if (problem != std::errc{} || end == last || *end != ':') return std::nullopt;
  const auto head = static_cast<std::size_t>(end - rest_.data()) + 1;
  if (rest_.size() - head < size) return std::nullopt;
  const auto found = rest_.substr(head, size);
  rest_.remove_prefix(head + size);
  return found;
}

std::optional<std::int64_t> unpacker::number() {
  const auto digits = text();
  if (!digits) return std::nullopt;
  std::int64_t value = 0;
  const auto* const last = digits->data() + digits->size();
  const auto [end, problem] = std::from_chars(digits->data(), last, value);
  return problem == std::errc{} && end == last ? std::optional(value) : std::nullopt;
}

}  // namespace mutirao
