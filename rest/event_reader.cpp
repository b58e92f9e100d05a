#include "rest/event_reader.hpp"

#include <utility>

namespace mutirao::rest {

bool event_reader::feed(std::string_view bytes,
                        const std::function<bool(const server_event&)>& each) {
  for (const char c : bytes) {
    const bool rest_of_end = c == '\n' && std::exchange(after_return_, false);
    if (rest_of_end) continue;
    after_return_ = c == '\r';
    if (c != '\n' && c != '\r') {
      line_ += c;
    } else if (!take_line(std::exchange(line_, {}), each)) {
      return false;
    }
  }
  return true;
}

bool event_reader::take_line(std::string_view line,
                             const std::function<bool(const server_event&)>& each) {
  if (line.empty()) {
    if (!std::exchange(begun_, true) && !has_data_) first_id_ = last_id_;
    auto whole = std::exchange(event_, {});
    whole.id = last_id_;
    return !std::exchange(has_data_, false) || each(whole);
  }
  const auto colon = line.find(':');
  const auto field = line.substr(0, colon);
  auto value = colon == std::string_view::npos ? std::string_view() : line.substr(colon + 1);
  if (value.starts_with(' ')) value.remove_prefix(1);
  if (field == "event") {
    event_.name = value;
  } else if (field == "data") {
    if (std::exchange(has_data_, true)) event_.data += '\n';
    event_.data += value;
  } else if (field == "id" && value.find('\0') == std::string_view::npos) {
    last_id_ = value;
  }
  return true;
}

}  // namespace mutirao::rest
