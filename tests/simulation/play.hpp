// One seed from its first move to its last.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/simulation/receivers.hpp"
#include "tests/simulation/script.hpp"
#include "tests/support/fixed_calendar.hpp"

namespace mutirao::simulation {

class play {
 public:
  /// `file`: a database of the newest schema, and empty. `seen` counts where faults struck.
  play(std::uint64_t seed, std::string file, coverage& seen);
  ~play();

  /// Plays to the end, or to the first finding.
  void run();

  const std::vector<std::string>& found() const { return found_.all(); }
  /// Everything that happened, in order: equal for equal seeds.
  const std::vector<std::string>& log() const { return log_; }

 private:
  void start();
  void restart(const std::string& why);
  void begin();
  void trouble();
  void move();
  void stop_and_start();
  /// Without faults: until every job has ended or is paused.
  void settle();
  void settle_schedules();
  bool all_at_rest() const;
  bool completes(const known_job& job) const;
  void retry_what_failed();
  void let_pauses_pass();
  void check_end();
  void heard(std::span<const command> group, const std::vector<command_answer>& answers,
             const committed& what, fault how);
  /// One seed of three: the others are quicker without.
  bool tells_others() const { return seed_ % 3 == 0; }
  /// Another one of three has schedules.
  bool has_schedules() const { return seed_ % 3 == 1; }
  bool over() const { return !found_.none(); }

  std::uint64_t seed_;
  std::string file_;
  dice chance_;
  testing::fixed_clock time_;
  testing::fixed_calendar zones_;
  testing::recorded_telemetry telemetry_;
  findings found_;
  std::vector<std::string> log_;
  moods feelings_;
  job_types types_;
  fault_source faults_;
  fate fate_;
  history past_;
  receivers receivers_;
  webhook_rules webhooks_;
  script script_;
  std::unique_ptr<machine> machine_;
  int acts_left_ = 0;
  bool answers_lost_ = false;            // since the process started
  std::map<job_id, std::int64_t> left_;  // fences as the process found them
};

}  // namespace mutirao::simulation
