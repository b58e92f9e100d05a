// What each command of domain/ports/store.hpp does to the tables, inside a transaction that the
// writer opens and ends. A command that is refused has written nothing.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <unordered_set>
#include <vector>

#include "domain/job_type.hpp"
#include "domain/ports/store.hpp"
#include "storage/sql/bookkeeping.hpp"
#include "storage/sql/company_table.hpp"
#include "storage/sql/job_table.hpp"
#include "storage/sql/message_table.hpp"
#include "storage/sql/outbox_table.hpp"
#include "storage/sql/pruning.hpp"
#include "storage/sql/schedule_table.hpp"
#include "storage/sql/task_table.hpp"

namespace mutirao::storage::sql {

/// Plans as they are to be carried out: as they came, or as failures made here.
struct item_plans {
  std::vector<const item_plan*> all;
  std::deque<item_plan> refused;
};

class commands {
 public:
  /// `owner` is written beside the jobs that this process has out. Without `webhooks` nobody
  /// outside is told anything.
  commands(connection& on, const job_types& types, bookkeeping& book, std::string owner,
           const webhook_rules* webhooks);

  /// Behind the last command of a transaction.
  expected<void> finish();
  void committed();
  void rolled_back();
  /// All that was committed since the last call.
  mutirao::committed take();

  expected<insert_job::answer> run(const insert_job&);
  expected<claim_jobs::answer> run(const claim_jobs&);
  expected<advance_job::answer> run(const advance_job&);
  expected<advance_locked::answer> run(const advance_locked&);
  expected<end_run::answer> run(const end_run&);
  expected<request_change::answer> run(const request_change&);
  expected<release_jobs::answer> run(const release_jobs&);
  expected<heartbeat::answer> run(const heartbeat&);
  expected<create_company::answer> run(const create_company&);
  expected<edit_company::answer> run(const edit_company&);
  expected<edit_task::answer> run(const edit_task&);
  expected<read_notification::answer> run(const read_notification&);
  expected<read_all_notifications::answer> run(const read_all_notifications&);
  expected<mark_pushed::answer> run(const mark_pushed&);
  expected<import_rows::answer> run(const import_rows&);
  expected<prune::answer> run(const prune& asked) { return pruning_.step(asked); }
  expected<settle_delivery::answer> run(const settle_delivery& what) {
    return outbox_.settle(what);
  }
  expected<create_schedule::answer> run(const create_schedule&);
  expected<delete_schedule::answer> run(const delete_schedule&);
  expected<refuse_firing::answer> run(const refuse_firing&);

 private:
  // job_commands.cpp
  expected<insert_job::answer> insert(const insert_job&);
  expected<std::optional<insert_job::answer>> replay(const insert_job&, std::string_view dedupe);
  expected<std::optional<insert_job::answer>> join(const insert_job&, const std::string& dedupe);
  expected<std::vector<item_id>> list(const insert_job&);
  expected<insert_job::answer> create(const insert_job&, const std::string& dedupe,
                                      std::vector<item_id> items);
  expected<void> bind_key(const insert_job&, const std::string& dedupe, std::int64_t no);
  expected<void> bind_callback(const insert_job&, job_record&);
  job_record new_job(const insert_job&, std::size_t items);
  /// Whether no other process has it out.
  bool is_mine(const job_record& job) const { return !job.owner || *job.owner == owner_; }
  bool runs_here(const job_record& job) const {
    const auto state = job.view.state;
    return is_mine(job) && (state == job_state::running || state == job_state::cancelling);
  }
  expected<std::optional<claimed_job>> claim(std::int64_t no, instant now);
  expected<std::optional<claimed_job>> claim_interrupted(std::int64_t no, const claim_jobs&);
  /// Those that a dead process had out: suspects, `most` of them at most, or all others.
  expected<void> claim_interrupted(bool suspects, std::size_t most, const claim_jobs&,
                                   claim_jobs::answer& taken);
  expected<void> set_aside(job_record, instant now);
  expected<claimed_job> take_up(job_record, bool suspect, instant now);
  expected<claim_jobs::answer> claim_again(const job_id&, instant now);
  expected<void> claim_lost(const claim_jobs&, claim_jobs::answer& taken);
  expected<job_transition> asked_for(const request_change&, const job_record&);
  /// Whether an ended job may become unfinished again.
  expected<void> readmit(const job_view&, const admission_limits&);

  // schedule_commands.cpp
  expected<std::optional<create_schedule::answer>> replay(const create_schedule&,
                                                          const std::string& request);
  /// The schedule, if it stands where `what` says: errc::already_settled otherwise.
  expected<schedule> standing(const firing& what);
  expected<void> settle(schedule stands, const firing& what, std::optional<job_id> job,
                        std::optional<schedule_refusal> refusal, instant now);
  expected<insert_job::answer> fire(const insert_job&);

  // job_changes.cpp
  /// The job, if `fence` is its newest claim's and its run goes on: errc::stale_fence otherwise.
  expected<job_record> held(const job_id&, std::int64_t fence);
  /// Writes the new state with its event and, where the run ends, its notification.
  expected<void> change(job_record&, const job_transition&, instant now);
  expected<void> tell(const job_record&, notice, instant now);
  expected<void> record(const job_record&, job_event::kind, instant now);
  void touch(job_record&);
  expected<void> put(const job_record&, const job_event&);
  expected<void> put_late_events();
  expected<void> tell_outside(const job_record&, const job_event&);

  // batch_commands.cpp
  expected<advance_job::answer> settle(job_record, const std::vector<item_plan>&,
                                       std::optional<revision> made_at, instant now);
  expected<std::map<unit_id, bool>> units_of(const std::vector<const company*>&);
  expected<item_plans> checked(std::vector<const item_plan*> items);
  expected<bool> write(job_record&, const std::vector<const item_plan*>&, instant now);
  expected<void> carry_out(job_record&, const item_plan&, instant now);
  expected<void> take_back(const item_plan&);
  advance_job::answer untouched(job_record) const;
  bool is_stale(const item_plan&, revision made_at) const;

  // company_commands.cpp
  /// Writes tasks, those of company 0 for the company `of`, and their agenda events.
  expected<void> add(std::span<const new_task>, company_id of, instant now);
  expected<void> check(const edit_company&, const company& before, const company& after);
  expected<void> regenerate(const edit_company&, const company& before, edit_company::answer&);
  expected<std::int64_t> generate(const company&, const generation&, instant now);
  expected<void> check_import(const import_rows&);

  const job_types& types_;
  bookkeeping& book_;
  std::string owner_;

  job_table jobs_;
  company_table companies_;
  task_table tasks_;
  message_table messages_;
  outbox_table outbox_;
  schedule_table schedules_;
  directory directory_;  // for plans made inside the transaction
  pruning pruning_;

  /// An event that gets its number at the end of the transaction.
  struct late_event {
    std::size_t place = 0;  // in staged_.events
    job_record job;         // as of then
  };
  std::vector<late_event> late_;
  mutirao::committed staged_;
  mutirao::committed committed_;
};

}  // namespace mutirao::storage::sql
