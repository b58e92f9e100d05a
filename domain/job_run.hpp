// One run of a claimed job: which batches go out, what follows from each answer, when the run is
// over. Pure: no clock, thread or store; the job actor is a thin shell around `apply`.
#pragma once

#include <chrono>
#include <cstdint>
#include <set>
#include <string>
#include <variant>
#include <vector>

#include "domain/job.hpp"
#include "domain/ports/store.hpp"

namespace mutirao {

/// Items that go out together. `attempt` counts passing errors, `misses` how often a plan of these
/// items went stale: from the third on they are planned inside the write transaction.
struct job_batch {
  std::vector<item_id> items;
  int attempt = 0;
  int misses = 0;
  int stalls = 0;       // how often it was given out and nothing came back
  std::string failure;  // where it is not empty the items are recorded as failed, with this reason
  std::uint64_t serial = 0;  // given by job_run, a new one each time it goes out anew

  bool locked() const { return misses >= 3; }
};

struct run_limits {
  std::size_t batch_items = 500;
  int batches_out = 4;
  int attempts = 8;  // of one batch, over passing errors; a store that is away does not count
  std::chrono::milliseconds deadline = std::chrono::hours(1);  // of one run, waiting not counted
  std::chrono::milliseconds stall_after = std::chrono::minutes(1);  // said in the reason only
};

// What happens to a run.
struct run_started {};
struct batch_committed {
  job_batch batch;
  advance_job::answer answer;
};
struct batch_refused {
  job_batch batch;
  error why;
};
struct backoff_over {
  job_batch batch;
};
struct end_refused {
  error why;
};
struct view_changed {
  job_view job;
};
struct run_halted {};       // the process stops: nothing more goes out
struct deadline_passed {};  // the run was at work for longer than its limit
struct lease_renewed {
  instant until;
};
using run_event =
    std::variant<run_started, batch_committed, batch_refused, backoff_over, end_refused,
                 view_changed, run_halted, deadline_passed, lease_renewed>;

// What the shell must do, in order.
struct dispatch {
  job_batch batch;
};
struct dispatch_later {
  job_batch batch;
  std::chrono::milliseconds after;
};
struct end_job {
  job_trigger how = job_trigger::fail;
  std::string reason;
  std::chrono::milliseconds after{0};
};
struct recall {};         // batches that no worker has begun come back, refused with errc::draining
struct give_up_slot {     // nothing is out, nothing more will go out
  bool outdated = false;  // a fence was refused: the store knows more of the job than this run
};
using run_effect = std::variant<dispatch, dispatch_later, end_job, recall, give_up_slot>;

class job_run {
 public:
  job_run(claimed_job job, run_limits limits);

  std::vector<run_effect> apply(const run_event& event);

  /// The job as of its last commit that this run heard of.
  const job_view& view() const { return view_; }
  bool over() const { return over_; }
  /// What is left of the run's time.
  std::chrono::milliseconds time_left() const { return limits_.deadline - view_.ran; }

 private:
  void on(const run_started&);
  void on(const batch_committed&);
  void on(const batch_refused&);
  void on(const backoff_over&);
  void on(const end_refused&);
  void on(const view_changed&);
  void on(const run_halted&);
  void on(const deadline_passed&);
  void on(const lease_renewed&);
  void take(const job_view& newer);
  bool at_work() const;  // not paused, cancelled, halted or ended
  void give_out(job_batch batch);
  void give_out_again(job_batch stalled);
  void narrow(const job_batch& refused);
  void send_out();
  void settle();
  void lose();
  void ask_end(job_trigger how, std::string reason, std::chrono::milliseconds after);

  job_view view_;
  std::vector<item_id> todo_;
  std::size_t next_ = 0;
  run_limits limits_;
  std::set<std::uint64_t> out_;  // serials of batches dispatched or waiting for their backoff
  std::uint64_t last_serial_ = 0;
  bool halted_ = false;
  bool outdated_ = false;
  bool recalled_ = false;
  bool ending_ = false;  // end_job was asked for
  bool over_ = false;
  job_trigger end_how_ = job_trigger::fail;
  std::string end_reason_;
  int end_attempt_ = 0;
  std::vector<run_effect> effects_;
};

/// Whether the same command may succeed a little later.
bool passing(errc);

/// 10 ms doubled at each attempt, at most 5 s; a store that is away is asked again each second.
std::chrono::milliseconds backoff(errc why, int attempt);

/// Between half of `pause` and all of it, so that those who were refused together do not come back
/// together. `chance`: 64 random bits.
std::chrono::milliseconds jittered(std::chrono::milliseconds pause, std::uint64_t chance);

}  // namespace mutirao
