// Server-sent events as text (HTML standard, 9.2), and the ids by which a stream is resumed.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace mutirao::http::push {

/// How far a user's stream has come: the number of the last event, and whether the notification
/// that came with it (if any) was told too. As text "12" and "12n".
struct position {
  std::int64_t sequence = 0;
  bool with_notification = true;

  friend bool operator==(const position&, const position&) = default;
};

std::string to_text(const position&);
/// Nothing where `text` is none that to_text could have written.
std::optional<position> parse_position(std::string_view text);

/// What clients wait before they connect again.
inline constexpr std::chrono::milliseconds retry_after{2'000};

/// A comment, which clients ignore.
inline constexpr std::string_view heartbeat = ":\n\n";

/// What a stream begins with: how long to wait before connecting again and, where there is one, the
/// position to resume from if nothing else comes. No event.
std::string opening_text(const std::optional<position>& from);

/// One event. `name` is ours, without line ends; `data` may have several lines.
std::string event_text(std::string_view name, std::string_view data,
                       const std::optional<position>& id = std::nullopt);

}  // namespace mutirao::http::push
