#include "domain/job.hpp"

#include <array>

namespace mutirao {

bool job_view::visible_to(const caller& who) const {
  return who.user == user || who.may_see(arguments.unit);
}

std::string_view to_string(item_state state) {
  constexpr std::array<std::string_view, 4> names{"pending", "done", "failed", "skipped"};
  return names[static_cast<std::size_t>(state)];
}

std::string_view to_string(job_event::kind kind) {
  constexpr std::array<std::string_view, 12> names{
      "created", "started",   "resumed", "paused",   "cancelling",    "completed",
      "failed",  "cancelled", "retried", "released", "reprioritized", "continued"};
  return names[static_cast<std::size_t>(kind)];
}

}  // namespace mutirao
