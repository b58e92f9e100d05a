// What actors say to each other. Domain values, local to this process: no type here has an inspect,
// and none may ever reach a remote actor.
#pragma once

#include <caf/allowed_unsafe_message_type.hpp>
#include <caf/atom.hpp>
#include <caf/typed_actor.hpp>
#include <memory>
#include <vector>

#include "domain/job_run.hpp"
#include "domain/job_type.hpp"
#include "domain/ports/neighbours.hpp"
#include "domain/ports/reads.hpp"
#include "domain/ports/store.hpp"

namespace mutirao::actors {

using flush_atom = caf::atom_constant<caf::atom("flush")>;
using status_atom = caf::atom_constant<caf::atom("status")>;
using start_atom = caf::atom_constant<caf::atom("start")>;
using recover_atom = caf::atom_constant<caf::atom("recover")>;
using drain_atom = caf::atom_constant<caf::atom("drain")>;
using tick_atom = caf::atom_constant<caf::atom("tick")>;
using commit_seen_atom = caf::atom_constant<caf::atom("commitseen")>;

/// The answer to a question or command `M`: an error travels as a value, so nothing is lost on the
/// way. The wrapper keeps the answers of two messages apart even where the values have one type.
template <class M>
struct answer_to {
  expected<typename M::answer> value;
};

/// What a request would create, without storing anything.
struct rehearse {
  const job_type* type = nullptr;
  job_arguments arguments;

  struct answer {
    std::int64_t processed = 0;
    std::int64_t created = 0;
    std::vector<std::pair<int, std::int64_t>> per_year;  // ascending
    std::vector<new_task> sample;                        // the first ten
  };
};

/// A request for a job, checked by its type.
struct submit {
  const job_type* type = nullptr;
  user_id user;
  job_arguments arguments;
  std::optional<idempotency_key> key;
  std::string callback_url = {};  // empty: none
  std::shared_ptr<const job_payload> payload = nullptr;
  std::shared_ptr<const firing> fires = nullptr;
  using answer = insert_job::answer;
};

/// The run that claimed the job with this fence is over, or waits outside a slot.
struct slot_free {
  job_id job;
  std::int64_t fence = 0;
  bool outdated = false;  // the store knows more of the job than its actor
};

/// Claims nothing more, lets batches that are out commit, gives the rest back.
struct drain {
  using answer = std::int64_t;  // jobs given back
};

/// These jobs are no longer stored.
struct jobs_pruned {
  std::vector<job_id> jobs;
};

struct job_changed {
  job_view job;
};

/// What became of a batch, after its transaction.
struct batch_outcome {
  job_batch done;
  expected<advance_job::answer> result;
};

struct retry_batch {
  job_batch again;
};

struct retry_end {
  end_job again;
};

/// The waiting batches of a job are no longer wanted.
struct drop_job {
  job_id job;
};

/// One POST to somebody else; the sender signs it.
struct post_webhook {
  std::string url;
  std::string message;
  std::string body;
  instant now;
  using answer = delivery_response;
};

/// Does a password fit what was kept of it? Empty: nothing was.
struct check_password {
  std::string password;
  std::string kept;
  using answer = bool;
};

/// What was committed, for the notifier.
struct committed_news {
  std::shared_ptr<const committed> what;
};

/// What another process on the same database committed.
struct distant_news {
  std::shared_ptr<const heard_news> what;
};

/// Whether this process does what only one may do: sends webhooks, prunes. Until it is said: yes.
struct lead {
  bool on = true;
};

/// What was going on before this process heard of any commit.
struct activity_start {
  std::vector<unfinished_job> jobs;
  instant now;
};

/// The last hour, as far as `by` may see it.
struct recent_activity {
  caller by;
  instant now;
  using answer = activity_hour;
};

/// One event for a listener: what happened (nothing for mere progress), the job as of that commit,
/// and the notification that came with it, if any. What happened in another process: of the event
/// no more than the number is known, and the store has the rest.
struct news {
  std::optional<job_event> event;
  std::shared_ptr<const job_view> job;
  std::shared_ptr<const notification> told;
  struct distant {
    std::optional<job_id> job;  // nothing: there may be news that were missed, of any job
  };
  std::optional<distant> elsewhere;
};

}  // namespace mutirao::actors

template <class M>
struct caf::allowed_unsafe_message_type<mutirao::actors::answer_to<M>> : std::true_type {};

#define MUTIRAO_LOCAL_MESSAGE(type) CAF_ALLOW_UNSAFE_MESSAGE_TYPE(type)
// Commands.
MUTIRAO_LOCAL_MESSAGE(mutirao::insert_job)
MUTIRAO_LOCAL_MESSAGE(mutirao::claim_jobs)
MUTIRAO_LOCAL_MESSAGE(mutirao::advance_job)
MUTIRAO_LOCAL_MESSAGE(mutirao::advance_locked)
MUTIRAO_LOCAL_MESSAGE(mutirao::end_run)
MUTIRAO_LOCAL_MESSAGE(mutirao::request_change)
MUTIRAO_LOCAL_MESSAGE(mutirao::release_jobs)
MUTIRAO_LOCAL_MESSAGE(mutirao::heartbeat)
MUTIRAO_LOCAL_MESSAGE(mutirao::create_company)
MUTIRAO_LOCAL_MESSAGE(mutirao::edit_company)
MUTIRAO_LOCAL_MESSAGE(mutirao::edit_task)
MUTIRAO_LOCAL_MESSAGE(mutirao::read_notification)
MUTIRAO_LOCAL_MESSAGE(mutirao::read_all_notifications)
MUTIRAO_LOCAL_MESSAGE(mutirao::mark_pushed)
MUTIRAO_LOCAL_MESSAGE(mutirao::import_rows)
MUTIRAO_LOCAL_MESSAGE(mutirao::prune)
MUTIRAO_LOCAL_MESSAGE(mutirao::settle_delivery)
MUTIRAO_LOCAL_MESSAGE(mutirao::create_schedule)
MUTIRAO_LOCAL_MESSAGE(mutirao::delete_schedule)
MUTIRAO_LOCAL_MESSAGE(mutirao::refuse_firing)
// Questions.
MUTIRAO_LOCAL_MESSAGE(mutirao::find_job)
MUTIRAO_LOCAL_MESSAGE(mutirao::find_result)
MUTIRAO_LOCAL_MESSAGE(mutirao::list_jobs)
MUTIRAO_LOCAL_MESSAGE(mutirao::list_items)
MUTIRAO_LOCAL_MESSAGE(mutirao::list_notifications)
MUTIRAO_LOCAL_MESSAGE(mutirao::list_events)
MUTIRAO_LOCAL_MESSAGE(mutirao::list_companies)
MUTIRAO_LOCAL_MESSAGE(mutirao::find_company)
MUTIRAO_LOCAL_MESSAGE(mutirao::list_units)
MUTIRAO_LOCAL_MESSAGE(mutirao::list_tasks)
MUTIRAO_LOCAL_MESSAGE(mutirao::company_tasks)
MUTIRAO_LOCAL_MESSAGE(mutirao::technician_agenda)
MUTIRAO_LOCAL_MESSAGE(mutirao::list_agenda)
MUTIRAO_LOCAL_MESSAGE(mutirao::count_jobs)
MUTIRAO_LOCAL_MESSAGE(mutirao::due_deliveries)
MUTIRAO_LOCAL_MESSAGE(mutirao::count_deliveries)
MUTIRAO_LOCAL_MESSAGE(mutirao::list_deliveries)
MUTIRAO_LOCAL_MESSAGE(mutirao::due_schedules)
MUTIRAO_LOCAL_MESSAGE(mutirao::find_schedule)
MUTIRAO_LOCAL_MESSAGE(mutirao::list_schedules)
MUTIRAO_LOCAL_MESSAGE(mutirao::find_account)
MUTIRAO_LOCAL_MESSAGE(mutirao::list_users)
MUTIRAO_LOCAL_MESSAGE(mutirao::job_history)
MUTIRAO_LOCAL_MESSAGE(mutirao::group_items)
MUTIRAO_LOCAL_MESSAGE(mutirao::list_unfinished)
MUTIRAO_LOCAL_MESSAGE(mutirao::list_names)
MUTIRAO_LOCAL_MESSAGE(mutirao::list_stored_keys)
// Between actors.
MUTIRAO_LOCAL_MESSAGE(mutirao::actors::rehearse)
MUTIRAO_LOCAL_MESSAGE(mutirao::actors::submit)
MUTIRAO_LOCAL_MESSAGE(mutirao::actors::slot_free)
MUTIRAO_LOCAL_MESSAGE(mutirao::lease_renewed)
MUTIRAO_LOCAL_MESSAGE(mutirao::actors::drain)
MUTIRAO_LOCAL_MESSAGE(mutirao::actors::jobs_pruned)
MUTIRAO_LOCAL_MESSAGE(mutirao::actors::job_changed)
MUTIRAO_LOCAL_MESSAGE(mutirao::actors::batch_outcome)
MUTIRAO_LOCAL_MESSAGE(mutirao::actors::retry_batch)
MUTIRAO_LOCAL_MESSAGE(mutirao::actors::retry_end)
MUTIRAO_LOCAL_MESSAGE(mutirao::actors::drop_job)
MUTIRAO_LOCAL_MESSAGE(mutirao::actors::post_webhook)
MUTIRAO_LOCAL_MESSAGE(mutirao::actors::committed_news)
MUTIRAO_LOCAL_MESSAGE(mutirao::actors::distant_news)
MUTIRAO_LOCAL_MESSAGE(mutirao::actors::lead)
MUTIRAO_LOCAL_MESSAGE(mutirao::actors::activity_start)
MUTIRAO_LOCAL_MESSAGE(mutirao::actors::recent_activity)
MUTIRAO_LOCAL_MESSAGE(mutirao::actors::news)
MUTIRAO_LOCAL_MESSAGE(mutirao::actors::check_password)
#undef MUTIRAO_LOCAL_MESSAGE
