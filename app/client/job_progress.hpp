// How a job is shown on a terminal: one line in a list, a bar, or one line an event.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "domain/error.hpp"

namespace mutirao::app {

/// The fields of a job object of the HTTP API that are shown.
struct job_summary {
  std::string id;
  std::string type;
  std::string status;  // pending, running, completed, failed
  std::string state;   // the finer word
  std::int64_t current = 0;
  std::int64_t total = 0;
  int percentage = 0;
  std::int64_t created = 0;
  std::int64_t failed_items = 0;
  int priority = 0;
  std::string created_at;
  std::string error;
  std::optional<std::int64_t> seconds_left;

  bool ended() const { return status == "completed" || status == "failed"; }
  friend bool operator==(const job_summary&, const job_summary&) = default;
};

/// Of a job object; `{jobs:[...]}` is read by the caller. errc::invalid_json where it is none.
expected<job_summary> read_job(const std::string& body);

/// `running   50/150  33%  created 150`
std::string describe(const job_summary& job);

/// `[#####.....] running 50/150 33% created 150 12s left` in fewer than `columns` columns: a bar of
/// 30 at most, none where less than 5 are left for it, the text cut where even that is too long.
std::string draw_bar(const job_summary& job, int columns);

}  // namespace mutirao::app
