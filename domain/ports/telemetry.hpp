// What the service says of itself to its operators: log lines and measures. Safe from any thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

namespace mutirao {

enum class log_level : std::uint8_t { debug, info, warning, error };

struct log_field {
  std::string_view key;
  std::variant<std::int64_t, double, std::string_view, std::string> value;
};

enum class counter : std::uint8_t {
  jobs_created,
  jobs_joined,  // requests
  jobs_retried,
  companies_planned,
  rows_written,
  commits,
  jobs_started,
  jobs_completed,
  jobs_failed,
  jobs_cancelled,
  batches_retried,
  plans_stale,
  batches_stalled,
  rows_pruned,
  webhooks_delivered,
  webhooks_failed,  // attempts
  webhooks_dead,
  sockets_cut_slow,
  schedules_fired,    // due times, and units of them, that have their job
  schedules_refused,  // for good
  sign_ins,
  sign_ins_refused,  // wrong e-mail or password, or disabled
  sign_ins_slowed,
};

enum class gauge : std::uint8_t {
  store_queue,
  store_away,  // 1: it takes nothing for now
  pool_queue,
  live_jobs,
  batches_out,
  lease_until,  // seconds since 1970
  webhooks_unsettled,
  webhooks_oldest,  // seconds
  listeners,
  sockets,
  schedules_oldest_due,  // seconds since 1970; 0: none
  database_away,         // 1: the server that several processes work on does not answer
  leads,                 // 1: this process does what only one may do
};

class telemetry {
 public:
  virtual ~telemetry() = default;
  virtual void log(log_level, std::string_view event, std::initializer_list<log_field>) = 0;
  virtual void add(counter, double amount) = 0;
  virtual void set(gauge, double value) = 0;
  virtual void commit_took(std::chrono::duration<double> seconds) = 0;
  /// `route` is the pattern, never the path.
  virtual void request_took(std::string_view route, int status, std::chrono::duration<double>) = 0;
};

}  // namespace mutirao
