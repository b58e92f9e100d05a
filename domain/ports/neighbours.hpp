// The port to the other processes that work on the same database: what they have committed, and
// which of all does what only one may do.
#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "domain/error.hpp"
#include "domain/job.hpp"

namespace mutirao {

/// A job that another process has changed, as of then.
struct distant_job {
  job_id id;
  user_id user;
  std::optional<unit_id> unit;
  job_state state = job_state::pending;
  std::int64_t done = 0;
  std::vector<job_event::kind> events;  // of the user's, oldest first; none: mere progress
  std::int64_t last_event = 0;          // the number of the last of them
};

struct heard_news {
  instant at;  // now, by the database's clock
  std::vector<distant_job> jobs;
  bool deliveries = false;  // there are new ones
  bool schedules = false;   // some were made or deleted
  bool missed = false;      // there may have been more: whoever follows anything looks again
  bool leads = false;       // this process is the one, until an answer or an error says otherwise
};

class neighbours {
 public:
  virtual ~neighbours() = default;

  /// Waits until another process has committed something, `most` at longest. After an error (the
  /// database does not answer) this process does not lead, and the next answer says `missed`.
  virtual expected<heard_news> listen(std::chrono::milliseconds most) = 0;
};

}  // namespace mutirao
