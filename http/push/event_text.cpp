#include "http/push/event_text.hpp"

#include <charconv>

namespace mutirao::http::push {
namespace {

void append_field(std::string& out, std::string_view name, std::string_view value) {
  out.append(name).append(": ").append(value).push_back('\n');
}

// A line of text ends with "\r\n", "\n" or "\r"; each line of data is a field of its own.
void append_data(std::string& out, std::string_view data) {
  for (;;) {
    const auto end = data.find_first_of("\r\n");
    append_field(out, "data", data.substr(0, end));
    if (end == std::string_view::npos) return;
    data.remove_prefix(data.substr(end).starts_with("\r\n") ? end + 2 : end + 1);
  }
}

}  // namespace

std::string to_text(const position& at) {
  return std::to_string(at.sequence) + (at.with_notification ? "n" : "");
}

std::optional<position> parse_position(std::string_view text) {
  position at;
  at.with_notification = text.ends_with('n');
  const auto digits = text.substr(0, text.size() - (at.with_notification ? 1 : 0));
  const char* const end = digits.data() + digits.size();
  const auto [rest, problem] = std::from_chars(digits.data(), end, at.sequence);
  if (problem != std::errc{} || rest != end || digits.front() == '-') return std::nullopt;
  return at;
}

std::string opening_text(const std::optional<position>& from) {
  std::string out;
  append_field(out, "retry", std::to_string(retry_after.count()));
  if (from) append_field(out, "id", to_text(*from));
  out.push_back('\n');
  return out;
}

std::string event_text(std::string_view name, std::string_view data,
                       const std::optional<position>& id) {
  std::string out;
  out.reserve(name.size() + data.size() + 48);
  if (id) append_field(out, "id", to_text(*id));
  append_field(out, "event", name);
  append_data(out, data);
  out.push_back('\n');
  return out;
}

}  // namespace mutirao::http::push
