#include "domain/job_state.hpp"

#include <algorithm>
#include <array>

namespace mutirao {
namespace {

using s = job_state;
using t = job_trigger;

constexpr job_effects nothing{};
constexpr job_effects takes_up{.raises_fence = true, .stamps_start = true};
constexpr job_effects ends_well{.stamps_end = true, .tells = notice::success};
constexpr job_effects ends_badly{.stamps_end = true, .tells = notice::failure};
constexpr job_effects ends_quietly{.stamps_end = true};
constexpr job_effects runs_again{.raises_run = true};

constexpr std::array table{
    job_transition{s::pending, t::claim, s::running, takes_up},
    job_transition{s::pending, t::fail, s::failed, ends_badly},
    job_transition{s::pending, t::cancel, s::cancelled, ends_quietly},
    job_transition{s::pending, t::pause, s::paused, nothing},
    job_transition{s::pending, t::resume, s::pending, nothing},

    job_transition{s::running, t::claim, s::running, takes_up},
    job_transition{s::running, t::finish, s::completed, ends_well},
    job_transition{s::running, t::fail, s::failed, ends_badly},
    job_transition{s::running, t::cancel, s::cancelling, nothing},
    job_transition{s::running, t::pause, s::paused, nothing},
    job_transition{s::running, t::resume, s::running, nothing},
    job_transition{s::running, t::release, s::pending, nothing},

    job_transition{s::paused, t::fail, s::failed, ends_badly},
    job_transition{s::paused, t::cancel, s::cancelled, ends_quietly},
    job_transition{s::paused, t::pause, s::paused, nothing},
    job_transition{s::paused, t::resume, s::pending, nothing},

    job_transition{s::cancelling, t::claim, s::cancelling, takes_up},
    job_transition{s::cancelling, t::fail, s::cancelled, ends_quietly},
    job_transition{s::cancelling, t::cancel, s::cancelling, nothing},
    job_transition{s::cancelling, t::drained, s::cancelled, ends_quietly},
    job_transition{s::cancelling, t::release, s::cancelling, nothing},

    job_transition{s::completed, t::retry, s::pending, runs_again},
    job_transition{s::failed, t::retry, s::pending, runs_again},
    job_transition{s::cancelled, t::cancel, s::cancelled, nothing},
    job_transition{s::cancelled, t::retry, s::pending, runs_again},
};

errc refusal(job_state from, job_trigger on) {
  if (on == job_trigger::retry) return errc::equal_job_unfinished;
  return ended(from) ? errc::already_ended : errc::wrong_state;
}

}  // namespace

std::span<const job_transition> job_transitions() {
  return table;
}

expected<job_transition> transition(job_state from, job_trigger on, std::int64_t failed_items) {
  const auto* row = std::find_if(table.begin(), table.end(),
                                 [&](const auto& x) { return x.from == from && x.on == on; });
  if (row == table.end()) return fail(refusal(from, on));
  if (on == job_trigger::retry && from == job_state::completed && failed_items == 0) {
    return fail(errc::nothing_to_retry);
  }
  return *row;
}

namespace {
constexpr std::array<std::string_view, job_state_count> state_names{
    "pending", "running", "paused", "cancelling", "completed", "failed", "cancelled"};
constexpr std::array<std::string_view, job_trigger_count> trigger_names{
    "claim", "finish", "fail", "cancel", "drained", "pause", "resume", "retry", "release"};
}  // namespace

std::string_view to_string(job_state state) {
  return state_names[static_cast<std::size_t>(state)];
}

std::string_view to_string(job_trigger on) {
  return trigger_names[static_cast<std::size_t>(on)];
}

std::optional<job_state> parse_job_state(std::string_view text) {
  const auto* found = std::find(state_names.begin(), state_names.end(), text);
  if (found == state_names.end()) return std::nullopt;
  return static_cast<job_state>(found - state_names.begin());
}

}  // namespace mutirao
