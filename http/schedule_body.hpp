// Reads what a request says of times to come.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "domain/error.hpp"
#include "domain/job_type.hpp"

namespace mutirao::http {

/// What is to be started, and when, as it was given.
struct schedule_order {
  std::string kind;
  argument_reader arguments;
  std::string cron;    // empty: none was given
  std::string run_at;  // likewise
  std::string zone;    // empty: the service's
  bool each_unit = false;
  std::string callback_url = {};  // checked; empty: none
};

/// Of POST /api/schedules: `type`, `arguments`, `cron` or `runAt`, `timeZone`, `eachUnit`.
/// errc::invalid_json, missing_field, invalid_field with the field; errc::cron_or_run_at.
expected<schedule_order> read_schedule_order(std::string_view body);

/// Of the body of a POST that starts a job: `runAt`, as it was given; empty where it is absent or
/// null, or there is no body. errc::invalid_json, errc::invalid_run_at with what was received.
expected<std::string> read_run_at(std::string_view body);

}  // namespace mutirao::http
