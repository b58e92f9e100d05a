// What can go wrong, as one vocabulary for every folder and for the wire (http/problem.cpp gives
// each its status and texts). Errors are values: tl::expected<T, error>; nothing throws across a
// folder.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>

namespace mutirao {

enum class errc : std::uint8_t {
  // The request is wrong. `detail` is what was wrong in it: a field's name or the value received.
  malformed_request = 1,  // bytes that are not HTTP as we take it
  invalid_json,
  invalid_id,
  invalid_field,  // detail: the field
  missing_field,  // detail: the field
  invalid_future_years,
  invalid_cnpj,
  invalid_caepf,
  one_registration,  // a company needs cnpj or caepf, exactly one
  invalid_limit,
  invalid_priority,
  invalid_cursor,
  invalid_idempotency_key,
  invalid_callback_url,  // detail: what was received
  private_callback_url,  // detail: what was received
  callbacks_off,         // nothing to sign them with was configured
  unknown_job_type,      // detail: what was received
  no_rehearsal,          // this type of job has none
  invalid_csv,           // not UTF-8, no header, a column twice
  unknown_column,        // detail: the column
  too_many_rows,         // detail: how many there may be
  invalid_cron,          // detail: the field and what was received
  cron_never_comes,      // detail: what was received
  invalid_time_zone,     // detail: what was received
  invalid_run_at,        // detail: what was received
  cron_or_run_at,        // a schedule has one of them, exactly one
  schedule_too_large,    // its arguments together
  bad_rows,              // of an import; detail: how many
  // Who asks.
  missing_token,
  invalid_token,
  invalid_ticket,
  wrong_credentials,  // no such user, another password, or disabled: never said which
  forbidden,
  forbidden_unit,
  // What is asked for does not exist, or not for the caller.
  unknown_route,
  unknown_job,
  unknown_unit,
  unknown_company,
  unknown_task,
  unknown_user,
  unknown_notification,
  unknown_schedule,
  method_not_allowed,
  // It does not go together with what is stored.
  already_registered,
  already_ended,
  nothing_to_retry,
  equal_job_unfinished,
  wrong_state,
  too_many_callbacks,
  key_reused,
  // Limits. Each answer carries Retry-After.
  user_limit,
  stream_limit,
  schedule_limit,
  sign_in_slowed,  // detail: for how many seconds
  process_limit,
  overloaded,
  draining,
  disk_full,
  deadline,
  // The edge's own.
  body_too_large,
  target_too_long,
  head_too_large,
  unsupported_transfer_coding,
  unsupported_version,
  not_implemented,
  // Inside; `detail` is for the log only.
  stale_fence,
  already_settled,    // a due time of a schedule
  store_busy,         // passing: try again
  store_unreachable,  // passing: the server of the database does not answer
  in_doubt,           // passing: it was not told whether it is stored
  stalled,            // given out, and nothing came back
  store_failed,
  disk_failed,  // passing: the disk reads or writes nothing now
  store_read_only,
  store_corrupt,
  store_locked,  // another process holds the file; detail says who
  newer_schema,
  internal,
};

inline constexpr std::uint8_t errc_count = static_cast<std::uint8_t>(errc::internal);

/// The name of `code` as it stands above, for logs and for what is stored.
std::string_view to_string(errc code);
/// errc::internal for a name that is none.
errc parse_errc(std::string_view name);

struct error {
  errc code = errc::internal;
  std::string detail;

  friend bool operator==(const error&, const error&) = default;
};

template <class T>
using expected = tl::expected<T, error>;

inline tl::unexpected<error> fail(errc code, std::string detail = {}) {
  return tl::unexpected<error>(error{code, std::move(detail)});
}

}  // namespace mutirao
