// What others are told of jobs, by a POST to a URL of theirs: which events, when it is tried again,
// and when it is given up.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domain/date.hpp"
#include "domain/job.hpp"

namespace mutirao {

/// How many kinds of events there are, numbered from 0.
inline constexpr int event_kinds = static_cast<int>(job_event::kind::continued) + 1;

/// "job.completed": the event's `type` in a payload.
std::string webhook_type(job_event::kind);

/// A URL that the operator has every job's events sent to.
struct webhook_endpoint {
  std::string url;
  std::vector<std::string> events;  // types, or "job.*": all

  bool wants(job_event::kind) const;
};

/// Whether `text` is an event's type or "job.*".
bool is_event_pattern(std::string_view text);

/// How many URLs may be named for one job, by the requests that joined it.
inline constexpr std::int64_t most_callbacks = 10;

/// Which endpoints there are, and how an event reads. Read from any thread.
struct webhook_rules {
  std::vector<webhook_endpoint> endpoints;
  /// The body of a request about a job, as of the event. Called inside the event's transaction.
  std::function<std::string(std::string_view type, instant at, const job_view&)> render;
};

enum class delivery_state : std::uint8_t {
  pending = 0,    // to be sent once its time has come
  waiting = 1,    // behind an earlier one of its job to the same URL
  delivered = 2,  // a 2xx was answered
  dead = 3,       // given up
};
std::string_view to_string(delivery_state);

/// What came of one attempt.
struct delivery_response {
  int status = 0;     // 0: no answer
  std::string error;  // one of few words, e.g. timeout; empty where there is a status
  std::optional<std::chrono::seconds> retry_after;
};

struct retry_policy {
  std::chrono::milliseconds first_pause{5'000};  // four times as long after each further attempt
  std::chrono::milliseconds longest_pause{std::chrono::hours{6}};
  std::chrono::milliseconds longest_retry_after{std::chrono::hours{24}};
  int attempts = 16;
  std::chrono::milliseconds age{std::chrono::hours{72}};  // of the event, at the next attempt
};

/// What an attempt makes of a delivery.
struct delivery_verdict {
  delivery_state state = delivery_state::pending;  // never waiting
  instant next_try;                                // where it is pending
};

/// 2xx: delivered. 410: dead at once, as its receiver wants. Everything else is tried again after a
/// pause (redirects too: they are not followed) until attempts or age are used up. The pause
/// is the policy's, three quarters to five quarters of it by `chance`, or what Retry-After asks for
/// where that is longer. `attempts` counts this one.
delivery_verdict judge(const delivery_response&, int attempts, instant event_at, instant now,
                       const retry_policy&, std::uint64_t chance);

}  // namespace mutirao
