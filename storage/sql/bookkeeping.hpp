// What commands must know that stands in no row that they read anyway: which numbers come next, who
// has how many unfinished jobs and whose turn it is, what a dead process left, what changed when.
// An engine whose database one process writes keeps it in memory; one that several write asks the
// database, and takes its locks in one order.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "domain/ids.hpp"
#include "domain/ports/store.hpp"
#include "storage/sql/job_table.hpp"

namespace mutirao::storage::sql {

class bookkeeping {
 public:
  virtual ~bookkeeping() = default;

  /// Inside each transaction, before its first command.
  virtual expected<void> begin(std::span<const command> group) = 0;
  /// Before each command.
  virtual void begin_command() = 0;
  /// Behind the last command, before the commit: `what` is what others are told of then.
  virtual expected<void> finish(const mutirao::committed& what) = 0;
  virtual void committed() = 0;
  virtual void rolled_back() = 0;

  // Numbers that nobody has: of the next job, of the first of `count` tasks in a row, of the next
  // notification. What is not used is left out for ever.
  virtual expected<std::int64_t> new_job() = 0;
  virtual expected<task_id> new_tasks(std::size_t count) = 0;
  virtual expected<notification_id> new_notification() = 0;

  /// The number of the user's next event; 0: events get theirs from `number_events`, in order.
  virtual expected<std::int64_t> next_event(user_id user) = 0;
  virtual void took_event(user_id user) = 0;
  /// For events without a number, at the end of a transaction: for each user (ascending) the first
  /// of `count` in a row.
  struct events_of_user {
    user_id user;
    std::int64_t count = 0;
  };
  virtual expected<std::vector<std::int64_t>> number_events(
      const std::vector<events_of_user>& of) = 0;

  // Unfinished jobs, and turns: start-time fair queueing. A user's next job stands one turn behind
  // its last one, but never before the turn that is being served, so nobody saves turns up.
  virtual expected<std::int64_t> unfinished() = 0;
  virtual expected<std::int64_t> unfinished(user_id user) = 0;
  virtual void add_unfinished(user_id user, std::int64_t difference) = 0;
  virtual expected<std::int64_t> next_turn(user_id user) = 0;
  virtual void take_turn(user_id user, std::int64_t turn) = 0;
  /// A job of this turn was taken up.
  virtual void serve(std::int64_t turn) = 0;

  /// The types of jobs that this process knows, joined by commas, where others on the database may
  /// know more: it takes up no job of another type. Empty: all.
  virtual std::string_view takes_up_only() const = 0;

  // Jobs that a dead process had out, in the order in which they are taken up again: suspects, who
  // had committed nothing since their claim, apart from the others.
  /// The first that is left; it stays until `taken`.
  virtual expected<std::optional<std::int64_t>> next_interrupted(bool suspect) = 0;
  virtual void taken(std::int64_t no) = 0;
  /// One that was given back in a state that no other claim finds.
  virtual void given_back(std::int64_t no) = 0;
  /// Running and cancelling jobs of this process, by priority, turn, age; none that a dead one
  /// left.
  virtual expected<std::vector<std::int64_t>> out() = 0;

  /// The process lives, and keeps its jobs, until the answer.
  virtual expected<instant> say_alive(const std::string& owner, std::chrono::milliseconds lease,
                                      instant now) = 0;

  // What changed when.
  virtual void changed(company_id company) = 0;
  virtual bool changed_after(company_id company, revision picture) const = 0;
  /// Of views of jobs: grows with every change of the job.
  virtual revision version_of(const job_record& job) const = 0;
};

}  // namespace mutirao::storage::sql
