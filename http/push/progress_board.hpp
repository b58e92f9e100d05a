// The progress of a user's jobs, as one client is to be told it: the newest of each job, and within
// a run never a step back.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "domain/job.hpp"

namespace mutirao::http::push {

class progress_board {
 public:
  using view = std::shared_ptr<const job_view>;

  /// To be told, in place of what waited of the same job; not where it is older than what was told.
  void offer(view job);
  /// What waits. It then counts as told.
  std::vector<view> take();

  /// Whether it shows more than what was told.
  bool is_news(const job_view& job) const;
  /// Told by an event. `ended_by`: its number where it ended the job's run.
  void told(const job_view& job, std::optional<std::int64_t> ended_by);
  /// Every commit up to this event's has been heard: nothing older comes of runs that it ended.
  void heard(std::int64_t event);

 private:
  using place = std::tuple<std::int64_t, std::int64_t, std::uint64_t>;  // run, done, version
  static place place_of(const job_view& job) { return {job.run, job.totals.done, job.version}; }

  struct entry {
    std::optional<place> told;
    view waiting;
    std::optional<std::int64_t> ended_by;
  };
  std::unordered_map<job_id, entry> jobs_;  // that are unfinished, as far as is known
};

}  // namespace mutirao::http::push
