// Reads what a request says of times to come.
#pragma once

#include <string>
#include <string_view>

#include "domain/error.hpp"
#include "domain/job_type.hpp"
#include "http/query.hpp"

namespace mutirao::http {

/// What is to be started, and when, as it was given.
struct schedule_order {
  const job_type* type = nullptr;
  argument_reader given;  // as its type describes them; for each unit without `unit`
  std::string cron;       // empty: none was given
  std::string run_at;     // likewise
  std::string zone;       // empty: the service's
  bool each_unit = false;
  std::string callback_url;  // empty: none
};

/// Of POST /api/schedules: what read_job takes, and `cron` or `runAt`, `timeZone`, `eachUnit`.
/// Errors as there; errc::cron_or_run_at; errc::invalid_field for `eachUnit` where the type has no
/// unit, and for `unit` beside it.
expected<schedule_order> read_schedule_order(std::string_view body, const job_types& types);

/// Of a POST that starts a job: `runAt` of its query or its body, as it was given; empty where it
/// is absent or null. errc::invalid_json, errc::invalid_run_at with what was received.
expected<std::string> read_run_at(const query& asked, std::string_view body);

}  // namespace mutirao::http
