// Hears of every commit, does the same to a model by the rules of domain/, and says where the store
// did otherwise. The commit order is the one-after-the-other order that the outcome must equal.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "domain/jobs/generate_unit_tasks.hpp"
#include "domain/ports/store.hpp"
#include "tests/simulation/findings.hpp"
#include "tests/simulation/known_schedules.hpp"
#include "tests/simulation/known_world.hpp"

namespace mutirao::simulation {

struct known_item {
  item_state state = item_state::pending;
  std::int64_t created = 0;
  std::int64_t attempts = 0;
  std::int64_t run = 0;
  std::uint64_t ended_at = 0;  // moment
};

struct known_job {
  job_view view;      // as of its last commit; state, run and fence as its events say
  std::string equal;  // two requests are equal where this is
  std::vector<item_id> scope;
  std::map<item_id, known_item> ledger;
  std::int64_t told = 0;
  std::pair<std::int64_t, std::int64_t> progress;  // run, done

  std::vector<item_id> todo() const;
  job_totals totals() const;
};

class history {
 public:
  history(const job_types& types, findings& found)
      : types_(types), found_(found), world_(found), schedules_(found) {}

  /// `answers` are the store's own: a value was committed, an error was not.
  void committed(std::span<const command> group, const std::vector<command_answer>& answers,
                 const mutirao::committed& what);

  known_world& world() { return world_; }
  const known_world& world() const { return world_; }
  const known_schedules& schedules() const { return schedules_; }
  const std::map<job_id, known_job>& jobs() const { return jobs_; }
  const known_job* find(const job_id& id) const;
  const std::map<user_id, std::map<std::int64_t, bool>>& notifications() const { return notes_; }
  std::int64_t unfinished_of(std::optional<user_id> user) const;

 private:
  void take(const insert_job&, const insert_job::answer&);
  void take(const claim_jobs&, const claim_jobs::answer&);
  void take(const advance_job&, const advance_job::answer&);
  void take(const advance_locked&, const advance_job::answer&);
  void take(const end_run&, const job_view&);
  void take(const request_change&, const request_change::answer&);
  void take(const release_jobs&, std::int64_t released);
  void take(const heartbeat&, instant) {}
  void take(const prune&, const prune::answer&) {}  // storage's histories know it
  void take(const settle_delivery&, bool) {}        // receivers know it
  void take(const create_company&, const company&);
  void take(const edit_company&, const edit_company::answer&);
  void take(const edit_task&, const task_row&);
  void take(const read_notification&, notification_id);
  void take(const read_all_notifications&, std::int64_t count);
  void take(const mark_pushed&, std::int64_t) {}  // nor does anybody here push
  void take(const import_rows&, const import_rows::answer&);
  void take(const create_schedule&, const create_schedule::answer& answer) {
    if (!answer.replayed) schedules_.made(answer.what);
  }
  void take(const delete_schedule&, schedule_id gone) { schedules_.deleted(gone); }
  void take(const refuse_firing& asked, schedule_id) {
    schedules_.settled(asked.what, asked.now, world_);
  }
  void refused(const insert_job&, errc why);
  template <class Command>
  void refused(const Command&, errc) {}

  void inserted(const insert_job&, const insert_job::answer&);
  known_job* held(const job_id& id, std::int64_t fence);
  known_job* at_work(const job_id& id, std::int64_t fence, const advance_job::answer& answer);
  void advanced(known_job&, const std::vector<item_plan>& given, const advance_job::answer&);
  void settle(known_job&, const item_plan& given, const item_plan& right);
  void tell(known_job&);

  void queue(const mutirao::committed&);
  void happen(const job_event&);
  void move(known_job&, const job_event&);
  /// Lets the job's events of this group happen until it is as `view` says.
  void reach(const job_view& view);
  void compare(const job_view& view);

  const known_job* holder(const std::string& equal) const;

  struct known_key {
    std::string equal;
    job_id job;
    instant at;
  };

  const job_types& types_;
  findings& found_;
  known_world world_;
  known_schedules schedules_;
  std::map<job_id, known_job> jobs_;
  std::map<std::pair<user_id, std::string>, known_key> keys_;
  std::map<user_id, std::map<std::int64_t, bool>> notes_;  // id, read
  std::map<user_id, std::int64_t> sequences_;
  std::map<job_id, std::deque<job_event>> ahead_;  // events of this group
  std::map<job_id, std::deque<notification>> notes_ahead_;
  std::uint64_t moment_ = 0;
};

}  // namespace mutirao::simulation
