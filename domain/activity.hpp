// What went on in the last hour, minute by minute: counted from what was committed, kept in memory
// alone. A value: time comes with what is heard.
#pragma once

#include <array>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "domain/caller.hpp"
#include "domain/job.hpp"

namespace mutirao {

/// A job that has not ended.
struct unfinished_job {
  job_id id;
  user_id user;
  std::optional<unit_id> unit;
  job_state state = job_state::pending;
  std::int64_t done = 0;
};

struct activity_minute {
  instant at;                // its beginning
  std::int64_t started = 0;  // jobs, for the first time
  std::int64_t ended = 0;    // runs, however
  std::int64_t failed = 0;   // of those
  std::int64_t items = 0;    // handled
  std::int64_t waiting = 0;  // jobs, at its end
};

inline constexpr std::int64_t minutes_of_activity = 60;

struct activity_hour {
  instant since;                         // since when was counted
  std::int64_t waiting = 0;              // now
  std::int64_t running = 0;              // now; those that are being cancelled too
  std::vector<activity_minute> minutes;  // minutes_of_activity, oldest first; the last is this one
};

class activity_board {
 public:
  /// What was unfinished before anything was heard.
  void start(const std::vector<unfinished_job>& jobs, instant now);

  /// One event of a job, then the job as of the commit. Each is heard once, in order of commit.
  void hear(const job_event& event, const job_view& job);
  void hear(const job_view& job);

  /// What the caller may see: all of it for admins; else the jobs of the caller's units, and the
  /// caller's own that have no unit.
  activity_hour hour(const caller& by, instant now) const;

 private:
  using minute = std::int32_t;  // since 1970

  struct slot {
    minute at = -1;
    std::int32_t started = 0;
    std::int32_t ended = 0;
    std::int32_t failed = 0;
    std::int32_t items = 0;
    std::int32_t waiting_before = 0;
    std::int32_t waiting = 0;
  };

  /// The hour of one unit, of one user's jobs without unit, or of all.
  struct ring {
    std::array<slot, minutes_of_activity> slots;
    minute last = -1;
    std::int32_t waiting = 0;
    std::int32_t running = 0;

    slot& at(minute now);
    void add_to(activity_hour& sum, minute now) const;
  };

  enum class place : std::uint8_t { nowhere, waits, runs };
  struct known_job {
    place where = place::nowhere;
    std::int64_t done = 0;
    bool scoped = false;  // counted in its ring too
  };

  static std::int64_t scope_of(std::optional<unit_id> unit, user_id user);
  ring* ring_of(std::int64_t scope, bool make);
  void move(known_job& job, place to, std::int64_t scope);
  void forget_quiet_rings();
  void advance(instant now);
  template <class Change>
  void change(std::int64_t scope, Change what);

  instant since_{};
  minute now_ = 0;
  ring all_;
  std::unordered_map<std::int64_t, ring> rings_;  // by scope_of
  std::unordered_map<job_id, known_job> jobs_;    // unfinished ones
};

}  // namespace mutirao
