// The port to what is durable. Commands change it, in groups: `commit` runs a group in one
// transaction and answers once it is on disk. One struct a command, with its answer beside it.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "domain/caller.hpp"
#include "domain/company.hpp"
#include "domain/error.hpp"
#include "domain/job.hpp"
#include "domain/job_state.hpp"
#include "domain/ports/outbox.hpp"
#include "domain/ports/schedules.hpp"
#include "domain/user.hpp"

namespace mutirao {

/// Whether a command that was answered with this may have been stored all the same.
constexpr bool may_be_stored(errc why) {
  return why == errc::deadline || why == errc::store_failed || why == errc::disk_failed ||
         why == errc::in_doubt;
}

/// Whether the store takes nothing from anybody for now: the disk is full, read-only or broken,
/// another program holds the file, or the server does not answer. It may pass, by itself or by an
/// operator's hand.
constexpr bool store_is_away(errc why) {
  return why == errc::disk_full || why == errc::store_busy || why == errc::store_unreachable ||
         why == errc::store_read_only || why == errc::disk_failed || why == errc::in_doubt;
}

struct idempotency_key {
  std::string key;  // 1..255 printable characters, per user
};
inline constexpr std::chrono::hours idempotency_key_lifetime{24};

struct admission_limits {
  std::int64_t per_user = 1000;
  std::int64_t per_process = 100000;
};

/// Makes a job, or finds the one that the request means. Atomic: key, double click, limits, turn,
/// job, event, claim. Decided in this order: known key (replayed, or errc::key_reused where it
/// stands for another request), an equal request that holds its dedupe key (joined; a new key is
/// bound to that job), limits (errc::user_limit, errc::process_limit), insert. A key is known for
/// 24 h. The items are listed here, by the job's type (where it refuses, its error is the answer),
/// or come with the payload, which is stored with a new job.
/// An empty scope is completed at once, without notification, claim or limits. errc::disk_full
/// where there is no room. A callback URL is the job's from then on, beside those it has: replayed
/// only where it is the job's already (else errc::key_reused); errc::too_many_callbacks.
/// Where a schedule fires, all of it happens only if that is not settled yet, and settles it.
struct insert_job {
  job_id id;  // for a new job
  std::string kind;
  user_id user;
  job_arguments arguments;
  std::optional<idempotency_key> key;
  admission_limits limits;
  bool claim = false;  // take it up at once: the answer's view is then running, with fence 1
  instant now;
  std::string callback_url = {};  // told of each end of the job's runs; empty: nobody
  std::shared_ptr<const job_payload> payload = nullptr;
  std::shared_ptr<const firing> fires = nullptr;  // nothing: no schedule asks

  enum class outcome : std::uint8_t { created, joined, replayed };
  struct answer {
    outcome how = outcome::created;
    job_view job;
    std::vector<item_id> todo;  // where it was claimed: all items, ascending
  };
};

struct claimed_job {
  job_view job;
  std::vector<item_id> todo;  // items that the ledger lacks, or that this run does again; ascending
  bool suspect =
      false;  // it was out when the process died, and had committed nothing since its claim
};

/// Takes up to `most` jobs up: first those that a dead process left, then pending ones whose
/// not-before has come, by priority (large first), turn, age. Raises each fence.
/// A job that was out when its process died, and had committed nothing since its claim, is a
/// suspect: at most `suspects` of them are taken up, so that one can be run at a time. One whose
/// process died `crash_limit` times while it was the suspect that ran is failed instead.
/// With `again`: that job alone, if this process has it out (its actor died here). With `in_hand`,
/// all jobs that this process has: also those that are out and in nobody's hand, because the answer
/// to their claim was lost; behind those of a dead process.
struct claim_jobs {
  std::size_t most = 1;
  std::optional<job_id> again = std::nullopt;
  instant now{};
  std::optional<std::vector<job_id>> in_hand = std::nullopt;
  std::size_t suspects = 1;
  std::int64_t crash_limit = 3;
  using answer = std::vector<claimed_job>;
};

/// Commits what became of a batch: companies, tasks, agenda events, ledger rows and counters. Items
/// whose plan is older than their last change are left out and named in the answer; so are items
/// that the ledger holds as ended in this run already (silently: they are done). Where nothing is
/// left to do, the same transaction ends the job: state, result, notification, event. Nothing is
/// written where the job was cancelled or paused since its claim (the answer shows it), and with
/// errc::stale_fence where it was taken up anew since, or has ended.
struct advance_job {
  job_id job;
  std::int64_t fence = 0;
  batch_plan batch;
  instant now;

  struct answer {
    job_view job;
    std::vector<item_id> stale;
  };
};

/// As advance_job, but planned here, inside the transaction: for items whose plans went stale three
/// times.
struct advance_locked {
  job_id job;
  std::int64_t fence = 0;
  std::vector<item_id> items;
  instant now;
  using answer = advance_job::answer;
};

/// Ends a claimed run that cannot go on (`fail`, with a reason for people, in Portuguese) or that
/// has let its batches run out after a cancel (`drained`). errc::stale_fence as above.
struct end_run {
  job_id job;
  std::int64_t fence = 0;
  job_trigger how = job_trigger::fail;
  std::string reason;
  instant now;
  using answer = job_view;
};

/// cancel, pause, resume, retry (as domain::transition allows) or another priority, asked for by
/// its owner or an admin (errc::forbidden for members of its unit, errc::unknown_job for others).
/// Only those five. A retry makes the job unfinished again, so it is admitted as a new one is:
/// errc::equal_job_unfinished beside an equal job, errc::user_limit (its owner's, whoever asks) and
/// errc::process_limit where there is no room; the job then stays as it was. Nothing else is
/// refused for a limit, so that a full queue can be emptied.
struct request_change {
  job_id job;
  caller by;
  std::optional<job_trigger> on;  // cancel, pause, resume or retry
  std::optional<int> priority;    // -10..10
  instant now;
  admission_limits limits = {};

  struct answer {
    job_view job;
    bool changed = false;
  };
};

/// Says that the process lives: its jobs are its own until the answer.
struct heartbeat {
  std::chrono::milliseconds lease{0};
  instant now;
  using answer = instant;
};

/// Gives claimed jobs back, at a stop. Jobs that ended or were taken up anew meanwhile are left
/// alone.
struct release_jobs {
  std::vector<job_id> jobs;
  instant now;
  using answer = std::int64_t;  // how many went back
};

/// Creates a company and its tasks for this year. `data.id` 0: a new id. errc::already_registered,
/// errc::unknown_unit, errc::forbidden_unit (a unit that is not the caller's).
struct create_company {
  caller by;
  company data;
  date today;
  instant now;
  using answer = company;
};

/// Reads, changes, removes, generates and inserts as auto-tarefas says, in one.
/// errc::unknown_company, errc::forbidden_unit (as it is, or where it would go),
/// errc::already_registered, errc::unknown_unit, errc::one_registration.
struct edit_company {
  caller by;
  company_id id;
  company_patch patch;
  int future_years = 0;
  date today;
  instant now;

  struct answer {
    company data;
    std::int64_t tasks_removed = 0;
    std::int64_t tasks_created = 0;
  };
};

struct task_row {
  task_id id;
  company_id company;
  purpose kind = purpose::routine;
  date due;
  std::string priority;
  std::string status;
  std::int64_t sector = 2;
  std::optional<user_id> technician;
  std::optional<unit_id> unit;
  std::int64_t created_by = 1;
  instant created_at;
  std::string company_name;
  std::optional<std::string> unit_name;
  std::optional<std::string> technician_name;
};

/// Null or absent: as it is. A technician also moves the agenda event. errc::unknown_task,
/// errc::forbidden_unit.
struct edit_task {
  caller by;
  task_id id;
  std::optional<std::string> status;
  std::optional<user_id> technician;
  std::optional<std::int64_t> sector;
  using answer = task_row;
};

/// errc::unknown_notification: no such, another user's, or read already.
struct read_notification {
  user_id user;
  notification_id id;
  instant now;
  using answer = notification_id;
};

struct read_all_notifications {
  user_id user;
  instant now;
  using answer = std::int64_t;
};

/// These of the user's notifications have been given to a socket. Again: nothing.
struct mark_pushed {
  user_id user;
  std::vector<notification_id> ids;
  instant now;
  using answer = std::int64_t;  // how many had not been before
};

/// Units, users and companies from outside, ids kept where given (0: a new one). No tasks are
/// generated. All or nothing: the first row that cannot be stored is the error, with its number in
/// `detail` ("empresa 17: ...").
struct import_rows {
  std::vector<named_unit> units;
  std::vector<named_user> users;
  std::vector<company> companies;
  struct answer {
    std::int64_t units = 0;
    std::int64_t users = 0;
    std::int64_t companies = 0;
  };
};

/// One step of a sweep over what nobody needs any more: jobs that ended with their scope, ledger,
/// events and keys; schedules that ended; notifications that were read; keys. A job is gone in one
/// transaction, its other rows may take further steps. Kept whatever their age: what is unfinished;
/// a job with unsettled deliveries; a job or a schedule that is named by a key of `keys_before` or
/// later; the job and the notification with the highest number, and each user's last event, so that
/// no number is given twice. Of a user's events the oldest go, as far as their jobs are gone, so
/// that no gap opens.
struct prune {
  instant ended_before;     // jobs and schedules by their end, notifications by when they were read
  instant keys_before;      // keys by when they were made
  std::int64_t rows = 100;  // to remove at most, about
  std::int64_t after = 0;   // the last step's `next`; 0: a new sweep

  struct answer {
    std::int64_t rows = 0;             // removed
    std::vector<job_id> jobs;          // that are gone
    std::optional<std::int64_t> next;  // nothing: the sweep is through
    std::chrono::microseconds took{};  // its transaction, with the commit; whoever ran it says so
  };
};

using command =
    std::variant<insert_job, claim_jobs, advance_job, advance_locked, end_run, request_change,
                 release_jobs, heartbeat, create_company, edit_company, edit_task,
                 read_notification, read_all_notifications, mark_pushed, import_rows, prune,
                 settle_delivery, create_schedule, delete_schedule, refuse_firing>;

namespace detail {
template <class Variant>
struct answers_of;
template <class... Commands>
struct answers_of<std::variant<Commands...>> {
  // Indexed as `command` is, so that commands with equal answer types stay apart.
  using type = std::variant<expected<typename Commands::answer>...>;
  template <class Command>
  static constexpr std::size_t index =
      std::variant<std::type_identity<Commands>...>(std::type_identity<Command>{}).index();
};
}  // namespace detail

/// Where `Command` stands in `command`, and its answer in `command_answer`.
template <class Command>
inline constexpr std::size_t command_index = detail::answers_of<command>::index<Command>;

/// The answer of the command of the same index.
using command_answer = detail::answers_of<command>::type;

/// What a group did besides answering: told to listeners after the commit, never before.
struct committed {
  std::vector<job_event> events;
  std::vector<notification> notifications;
  std::vector<job_view>
      jobs;  // every job that the group touched, as of now; the newest view of each
  std::int64_t rows_written = 0;  // new tasks and agenda events
  std::int64_t deliveries = 0;    // new ones
  bool schedules = false;         // some were made or deleted
};

class job_store {
 public:
  virtual ~job_store() = default;

  /// One durable group, answered in the order of `group`. A command that is refused writes nothing
  /// and leaves the others alone. Where the transaction fails as a whole, every command carries the
  /// reason (errc::store_failed, or one of `store_is_away`) and nothing is stored; where
  /// even that is not known, the reason is one of `may_be_stored`.
  virtual std::vector<command_answer> commit(std::span<const command> group) = 0;

  /// What was committed since the last call. Called after each `commit`, by the same thread.
  virtual committed take_committed() = 0;

  /// Called by the thread that commits, once the answers are out: keeps a log from growing for
  /// ever.
  virtual void trim_log() {}
  /// Pages of the log that are not in the main file yet, about. From any thread.
  virtual std::int64_t log_left() const { return 0; }
  /// Moves the log into the main file as far as readers allow; cheap where there is nothing to do.
  /// From any one thread.
  virtual void checkpoint() {}
};

}  // namespace mutirao
