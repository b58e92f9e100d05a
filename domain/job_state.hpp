// The states of a job and the one table that says how they may change (drawn in
// docs/job-states.md). Pure: an event goes in; the new state and what must be written with it come
// out.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "domain/error.hpp"

namespace mutirao {

/// The numbers are stored. Up to `paused` a job holds its dedupe key; up to `cancelling` it is
/// unfinished.
enum class job_state : std::uint8_t {
  pending = 0,
  running = 1,
  paused = 2,
  cancelling = 3,
  completed = 4,
  failed = 5,
  cancelled = 6,
};
inline constexpr std::uint8_t job_state_count = 7;

constexpr bool unfinished(job_state state) {
  return state <= job_state::cancelling;
}
constexpr bool ended(job_state state) {
  return !unfinished(state);
}

enum class job_trigger : std::uint8_t {
  claim,    // a process takes the job up, also after a crash
  finish,   // the last item is committed
  fail,     // the run cannot go on
  cancel,   // its owner wants it to stop
  drained,  // cancelling, and no batch is out any more
  pause,
  resume,
  retry,    // a new run; of a completed job only where items failed
  release,  // a process that stops gives the job back
};
inline constexpr std::uint8_t job_trigger_count = 9;

enum class notice : std::uint8_t { none, success, failure };

/// What is written in the transaction that changes the state. Every change is recorded in
/// job_events.
struct job_effects {
  bool raises_fence = false;  // claims only: older claims can commit nothing from here on
  bool raises_run = false;    // completed_at and error go, started_at stays
  bool stamps_start = false;  // where it is not set yet
  bool stamps_end = false;
  notice tells = notice::none;

  friend bool operator==(const job_effects&, const job_effects&) = default;
};

struct job_transition {
  job_state from;
  job_trigger on;
  job_state to;
  job_effects effects;
  bool changes() const { return from != to || effects.raises_fence; }
};

/// Every allowed transition, the ones that change nothing included.
std::span<const job_transition> job_transitions();

/// errc::already_ended, errc::wrong_state, errc::nothing_to_retry (completed and `failed_items` is
/// 0) or errc::equal_job_unfinished (retry of an unfinished job) where `on` is refused.
expected<job_transition> transition(job_state from, job_trigger on, std::int64_t failed_items = 0);

std::string_view to_string(job_state);
std::string_view to_string(job_trigger);
std::optional<job_state> parse_job_state(std::string_view);

}  // namespace mutirao
