#include "domain/webhook.hpp"

#include <algorithm>
#include <array>

namespace mutirao {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view every_event = "job.*";
constexpr int gone = 410;

milliseconds pause_after(int attempts, const retry_policy& policy) {
  auto pause = policy.first_pause;
  for (int i = 1; i < attempts && pause < policy.longest_pause; ++i) pause *= 4;
  return std::min(pause, policy.longest_pause);
}

// Three quarters to five quarters, so that what failed together does not come back together.
milliseconds spread(milliseconds pause, std::uint64_t chance) {
  constexpr std::uint64_t steps = 1024;
  const auto part = static_cast<std::int64_t>(chance % (steps + 1));
  return pause * 3 / 4 + pause * part / (2 * static_cast<std::int64_t>(steps));
}

}  // namespace

std::string webhook_type(job_event::kind what) {
  return "job." + std::string(to_string(what));
}

bool webhook_endpoint::wants(job_event::kind what) const {
  const auto type = webhook_type(what);
  return std::any_of(events.begin(), events.end(),
                     [&](const auto& event) { return event == every_event || event == type; });
}

bool is_event_pattern(std::string_view text) {
  if (text == every_event) return true;
  for (int kind = 0; kind < event_kinds; ++kind) {
    if (webhook_type(static_cast<job_event::kind>(kind)) == text) return true;
  }
  return false;
}

std::string_view to_string(delivery_state state) {
  constexpr std::array<std::string_view, 4> names{"pending", "waiting", "delivered", "dead"};
  return names[static_cast<std::size_t>(state)];
}

delivery_verdict judge(const delivery_response& response, int attempts, instant event_at,
                       instant now, const retry_policy& policy, std::uint64_t chance) {
  const bool succeeded = response.error.empty() && response.status >= 200 && response.status < 300;
  if (succeeded) return {delivery_state::delivered, now};
  if (response.status == gone || attempts >= policy.attempts) return {delivery_state::dead, now};
  auto pause = spread(pause_after(attempts, policy), chance);
  if (response.retry_after) {
    // Compared in seconds: what was asked for may be more milliseconds than there is room for.
    const auto longest = std::chrono::floor<std::chrono::seconds>(policy.longest_retry_after);
    pause = std::max<milliseconds>(pause, std::min(*response.retry_after, longest));
  }
  if (now + pause > event_at + policy.age) return {delivery_state::dead, now};
  return {delivery_state::pending, now + pause};
}

}  // namespace mutirao
