#include "domain/error.hpp"

namespace mutirao {

std::string_view to_string(errc code) {
  switch (code) {
    case errc::malformed_request:
      return "malformed_request";
    case errc::invalid_json:
      return "invalid_json";
    case errc::invalid_id:
      return "invalid_id";
    case errc::invalid_field:
      return "invalid_field";
    case errc::missing_field:
      return "missing_field";
    case errc::invalid_future_years:
      return "invalid_future_years";
    case errc::invalid_cnpj:
      return "invalid_cnpj";
    case errc::invalid_caepf:
      return "invalid_caepf";
    case errc::one_registration:
      return "one_registration";
    case errc::invalid_limit:
      return "invalid_limit";
    case errc::invalid_priority:
      return "invalid_priority";
    case errc::invalid_cursor:
      return "invalid_cursor";
    case errc::invalid_idempotency_key:
      return "invalid_idempotency_key";
    case errc::invalid_callback_url:
      return "invalid_callback_url";
    case errc::private_callback_url:
      return "private_callback_url";
    case errc::callbacks_off:
      return "callbacks_off";
    case errc::unknown_job_type:
      return "unknown_job_type";
    case errc::invalid_cron:
      return "invalid_cron";
    case errc::cron_never_comes:
      return "cron_never_comes";
    case errc::invalid_time_zone:
      return "invalid_time_zone";
    case errc::invalid_run_at:
      return "invalid_run_at";
    case errc::cron_or_run_at:
      return "cron_or_run_at";
    case errc::missing_token:
      return "missing_token";
    case errc::invalid_token:
      return "invalid_token";
    case errc::invalid_ticket:
      return "invalid_ticket";
    case errc::forbidden:
      return "forbidden";
    case errc::forbidden_unit:
      return "forbidden_unit";
    case errc::unknown_route:
      return "unknown_route";
    case errc::unknown_job:
      return "unknown_job";
    case errc::unknown_unit:
      return "unknown_unit";
    case errc::unknown_company:
      return "unknown_company";
    case errc::unknown_task:
      return "unknown_task";
    case errc::unknown_user:
      return "unknown_user";
    case errc::unknown_notification:
      return "unknown_notification";
    case errc::unknown_schedule:
      return "unknown_schedule";
    case errc::method_not_allowed:
      return "method_not_allowed";
    case errc::already_registered:
      return "already_registered";
    case errc::already_ended:
      return "already_ended";
    case errc::nothing_to_retry:
      return "nothing_to_retry";
    case errc::equal_job_unfinished:
      return "equal_job_unfinished";
    case errc::wrong_state:
      return "wrong_state";
    case errc::too_many_callbacks:
      return "too_many_callbacks";
    case errc::key_reused:
      return "key_reused";
    case errc::user_limit:
      return "user_limit";
    case errc::stream_limit:
      return "stream_limit";
    case errc::schedule_limit:
      return "schedule_limit";
    case errc::process_limit:
      return "process_limit";
    case errc::overloaded:
      return "overloaded";
    case errc::draining:
      return "draining";
    case errc::disk_full:
      return "disk_full";
    case errc::deadline:
      return "deadline";
    case errc::body_too_large:
      return "body_too_large";
    case errc::target_too_long:
      return "target_too_long";
    case errc::head_too_large:
      return "head_too_large";
    case errc::unsupported_transfer_coding:
      return "unsupported_transfer_coding";
    case errc::unsupported_version:
      return "unsupported_version";
    case errc::not_implemented:
      return "not_implemented";
    case errc::stale_fence:
      return "stale_fence";
    case errc::already_settled:
      return "already_settled";
    case errc::store_busy:
      return "store_busy";
    case errc::stalled:
      return "stalled";
    case errc::store_failed:
      return "store_failed";
    case errc::store_read_only:
      return "store_read_only";
    case errc::store_corrupt:
      return "store_corrupt";
    case errc::store_locked:
      return "store_locked";
    case errc::newer_schema:
      return "newer_schema";
    case errc::internal:
      return "internal";
  }
  return "unknown";
}

errc parse_errc(std::string_view name) {
  for (int value = 1; value <= errc_count; ++value) {
    if (to_string(static_cast<errc>(value)) == name) return static_cast<errc>(value);
  }
  return errc::internal;
}

}  // namespace mutirao
