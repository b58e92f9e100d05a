// Every actor of the service, by the messages it answers. Start reading here.
// Requests between actors end by their answer or by the receiver's death, never by a timer: see
// docs/decisions/0004-deadlines-at-the-edge.md. All of it stays inside this process.
#pragma once

#include <caf/typed_actor.hpp>

#include "actors/messages.hpp"

namespace mutirao::actors {

/// Told what was committed.
using news_actor = caf::typed_actor<caf::reacts_to<committed_news>>;

/// From now on the store tells `who` of each commit that touched jobs before it tells the notifier:
/// whoever heard of an end and then asks is not told of an earlier state.
struct hear_first {
  news_actor who;
};

namespace detail {

template <class Variant>
struct command_handlers;
template <class... Commands>
struct command_handlers<std::variant<Commands...>> {
  using actor =
      caf::typed_actor<typename caf::replies_to<Commands>::template with<answer_to<Commands>>...,
                       caf::reacts_to<hear_first>, caf::reacts_to<flush_atom>>;
};

template <class Tuple>
struct read_handlers;
template <class... Questions>
struct read_handlers<std::tuple<Questions...>> {
  using actor =
      caf::typed_actor<typename caf::replies_to<Questions>::template with<answer_to<Questions>>...,
                       typename caf::replies_to<rehearse>::template with<answer_to<rehearse>>>;
};

}  // namespace detail

/// Holds the one connection that writes. Answers each command after its commit; commands that wait
/// together share one; a prune goes alone, when nobody else waits. errc::overloaded where too many
/// wait. flush is its own message to itself.
using store_actor = detail::command_handlers<command>::actor;

/// Holds one connection that reads; answers each question of domain/ports/reads.hpp, lists the
/// items of a request and rehearses a generation without storing it.
using reader_actor = detail::read_handlers<all_reads>::actor;

/// Moves the log into the main file at most every 20 ms while there are commits.
using checkpointer_actor =
    caf::typed_actor<caf::reacts_to<commit_seen_atom>, caf::reacts_to<tick_atom>>;

/// Removes what has been kept long enough, in small steps, sweep after sweep; tick is the next
/// step.
using pruner_actor = caf::typed_actor<caf::reacts_to<tick_atom>, caf::reacts_to<lead>>;

/// Sends one webhook and answers what came back; never an error. tick is its own message to itself
/// while transfers are on their way.
using sender_actor = caf::typed_actor<caf::replies_to<post_webhook>::with<answer_to<post_webhook>>,
                                      caf::reacts_to<tick_atom>>;

/// From now on there is a store and somebody to read it.
struct courier_start {
  store_actor store;
  reader_actor reader;
};

/// Has the sender deliver what the outbox holds, and settles what came of it.
using courier_actor = caf::typed_actor<caf::reacts_to<courier_start>,
                                       // From the store: there are new deliveries.
                                       caf::reacts_to<commit_seen_atom>,
                                       // The time of the next one has come.
                                       caf::reacts_to<tick_atom>, caf::reacts_to<lead>>;

/// Told each event of a job's life; stands for one client.
using listener_actor = caf::typed_actor<caf::reacts_to<news>>;

/// To all events of one user's jobs, or of one job. Ends with the listener.
struct subscribe {
  std::variant<user_id, job_id> to;
  listener_actor listener;
  user_id by;  // who listens
};
struct leave {
  listener_actor listener;
};

/// Passes on what was committed to those who listen, logs each start and end, and counts the last
/// hour. A user's events come in the order of their numbers, each with the notification that
/// belongs to it.
using notifier_actor =
    caf::typed_actor<caf::reacts_to<committed_news>, caf::reacts_to<distant_news>,
                     // Once, before anything is committed.
                     caf::reacts_to<activity_start>,
                     // The last hour by minute.
                     caf::replies_to<recent_activity>::with<answer_to<recent_activity>>,
                     // True: taken; whatever is committed from now on is told. False: the user
                     // listens too often. A listener that subscribes again leaves its first place.
                     caf::replies_to<subscribe>::with<bool>, caf::reacts_to<leave>>;

/// Runs one job from its claim to its end. Spawned and watched by the supervisor; lives on for a
/// while.
using job_actor =
    caf::typed_actor<caf::reacts_to<start_atom>,
                     // The job as of its last commit. Never waits for a batch.
                     caf::replies_to<status_atom>::with<answer_to<find_job>>,
                     // The job as of a later commit: of a part of a batch, or cancel, pause ...
                     caf::reacts_to<job_changed>,
                     // From a worker, after its transaction.
                     caf::reacts_to<batch_outcome>,
                     // The pause after a passing error is over.
                     caf::reacts_to<retry_batch>, caf::reacts_to<retry_end>,
                     // From the supervisor, at each beat: is the run's time up? (A timer of its own
                     // would keep the actor until it goes off, an hour after its job ended.)
                     caf::reacts_to<tick_atom>,
                     // The process has said again that it lives.
                     caf::reacts_to<lease_renewed>,
                     // The process stops: send nothing more out.
                     caf::reacts_to<drain_atom>>;

/// A batch on its way to a worker, with all that planning it takes.
struct run_batch {
  job_actor job;
  job_id id;
  user_id user;
  int priority = 0;
  std::int64_t fence = 0;
  const job_type* type = nullptr;
  std::shared_ptr<const job_arguments> arguments;
  job_batch batch;
  std::uint64_t ticket = 0;  // given by the pool
};

/// Plans one batch and has it committed; then tells the job, and the pool that there is room.
using worker_actor = caf::typed_actor<caf::reacts_to<run_batch>>;

/// The batch of this ticket has its outcome: its worker can take one more.
struct worker_ready {
  std::uint64_t ticket = 0;
};

/// A part of the batch of this ticket is committed: it has not stalled.
struct batch_advanced {
  std::uint64_t ticket = 0;
};

/// Hands batches to workers that have room: users take turns, and their jobs. Spawns the workers;
/// what a dead one had comes back to its jobs as a passing error, what nothing came back of for too
/// long as errc::stalled (its worker gets no more until it answers).
using pool_actor = caf::typed_actor<caf::reacts_to<start_atom>, caf::reacts_to<run_batch>,
                                    caf::reacts_to<worker_ready>, caf::reacts_to<batch_advanced>,
                                    caf::reacts_to<drop_job>,
                                    // Looks for batches that stalled.
                                    caf::reacts_to<tick_atom>>;

/// Takes requests in, claims jobs, spawns an actor for each and watches it.
using supervisor_actor = caf::typed_actor<
    // Lists, inserts and, where there is room, claims. Answers once the job is on disk.
    caf::replies_to<submit>::with<answer_to<submit>>,
    // The job actor's answer, or the store's for a job that has none. Visibility is the asker's to
    // check.
    caf::replies_to<find_job>::with<answer_to<find_job>>,
    // cancel, pause, resume, retry, priority.
    caf::replies_to<request_change>::with<answer_to<request_change>>,
    // A job's run is over, or waits outside a slot: claim another.
    caf::reacts_to<slot_free>,
    // While it has jobs: says again that the process lives, and lets them look at the clock.
    caf::reacts_to<tick_atom>,
    // Takes up what an earlier process left; by itself, after a pause, what the store refused.
    caf::reacts_to<recover_atom>,
    // From the pruner: nobody answers for these any more.
    caf::reacts_to<jobs_pruned>,
    // From the store, of jobs: they ended, or a suspect has committed something.
    caf::reacts_to<committed_news>, caf::reacts_to<distant_news>,
    // At a stop; answered once no batch is out any more.
    caf::replies_to<drain>::with<answer_to<drain>>>;

/// Hashes: on a thread of its own, one after the other.
using hasher_actor =
    caf::typed_actor<caf::replies_to<check_password>::with<answer_to<check_password>>>;

/// The hasher's door: errc::overloaded at once where too many wait for it already, so that a flood
/// of passwords takes one thread and no more.
using password_checker_actor = hasher_actor;

/// From now on there is somebody to ask what is due, and somebody to submit it to.
struct scheduler_start {
  store_actor store;
  reader_actor reader;
  supervisor_actor supervisor;
};

/// Has what schedules are due for submitted, and settles what is refused for good.
using scheduler_actor = caf::typed_actor<caf::reacts_to<scheduler_start>,
                                         // From the store: schedules were made or deleted.
                                         caf::reacts_to<commit_seen_atom>,
                                         // Something may be due.
                                         caf::reacts_to<tick_atom>>;

/// Listens to the other processes on the same database; tick is its own message to itself.
using listening_actor = caf::typed_actor<caf::reacts_to<tick_atom>>;

}  // namespace mutirao::actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mutirao::actors::hear_first)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mutirao::actors::subscribe)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mutirao::actors::leave)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mutirao::actors::courier_start)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mutirao::actors::scheduler_start)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mutirao::actors::run_batch)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mutirao::actors::worker_ready)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(mutirao::actors::batch_advanced)
