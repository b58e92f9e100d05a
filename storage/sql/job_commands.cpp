// Commands about whole jobs: insert, claim, end, change, release.
#include <algorithm>
#include <exception>
#include <unordered_set>

#include "storage/sql/attempt.hpp"
#include "storage/sql/commands.hpp"

namespace mutirao::storage::sql {

expected<std::optional<insert_job::answer>> commands::replay(const insert_job& asked,
                                                             std::string_view dedupe) {
  if (!asked.key) return std::nullopt;
  MUTIRAO_TRY(const auto known, jobs_.find_key(asked.user, asked.key->key));
  if (!known || known->created_at + idempotency_key_lifetime <= asked.now) return std::nullopt;
  const bool of_a_schedule = known->job_no < 0;
  if (of_a_schedule) return fail(errc::key_reused);
  MUTIRAO_TRY(auto job, jobs_.find(known->job_no));
  if (!job) return std::nullopt;
  if (known->request != dedupe) return fail(errc::key_reused);
  if (!asked.callback_url.empty()) {
    MUTIRAO_TRY(const bool told, outbox_.has_callback(job->no, asked.callback_url));
    if (!told) return fail(errc::key_reused);
  }
  job->view.version = book_.version_of(*job);
  return insert_job::answer{insert_job::outcome::replayed, std::move(job->view), {}};
}

expected<void> commands::bind_key(const insert_job& asked, const std::string& dedupe,
                                  std::int64_t no) {
  if (!asked.key) return {};
  return jobs_.put_key(asked.user, asked.key->key, {dedupe, no, asked.now});
}

expected<void> commands::bind_callback(const insert_job& asked, job_record& to) {
  if (asked.callback_url.empty()) return {};
  MUTIRAO_CHECK(outbox_.add_callback(to.no, asked.callback_url));
  to.callbacks = true;
  return {};
}

expected<std::optional<insert_job::answer>> commands::join(const insert_job& asked,
                                                           const std::string& dedupe) {
  MUTIRAO_TRY(auto first, jobs_.holder(dedupe));
  if (first && !asked.callback_url.empty()) {
    // Another process may be ending it, without this callback.
    MUTIRAO_TRY(first, jobs_.hold(first->no));
  }
  if (!first || first->view.state > job_state::paused) return std::nullopt;
  MUTIRAO_CHECK(bind_callback(asked, *first));
  MUTIRAO_CHECK(bind_key(asked, dedupe, first->no));
  first->view.version = book_.version_of(*first);
  return insert_job::answer{insert_job::outcome::joined, std::move(first->view), {}};
}

// What throws must not count as a failure of the database: others' commands are in the transaction.
expected<std::vector<item_id>> commands::list(const insert_job& asked) try {
  const auto* type = types_.find(asked.kind);
  if (!type) return fail(errc::internal, "no such type of job: " + asked.kind);
  if (asked.payload) {
    if (asked.arguments.unit) MUTIRAO_CHECK(directory_.check_unit(*asked.arguments.unit));
    return asked.payload->items;
  }
  return type->list(directory_, asked.arguments);
} catch (const std::exception& thrown) {
  return fail(errc::internal, thrown.what());
}

expected<insert_job::answer> commands::run(const insert_job& asked) {
  return asked.fires ? fire(asked) : insert(asked);
}

expected<insert_job::answer> commands::insert(const insert_job& asked) {
  const auto dedupe = dedupe_key(asked.user, asked.kind, asked.arguments);
  MUTIRAO_TRY(auto known, replay(asked, dedupe));
  if (known) return *std::move(known);
  MUTIRAO_TRY(auto items, list(asked));

  // Only here does anybody look for an equal request first: elsewhere the insert finds it.
  MUTIRAO_TRY(const auto of_user, book_.unfinished(asked.user));
  MUTIRAO_TRY(const auto of_all, book_.unfinished());
  const bool user_full = of_user >= asked.limits.per_user;
  const bool process_full = of_all >= asked.limits.per_process;
  if (items.empty() || user_full || process_full) {
    MUTIRAO_TRY(auto joined, join(asked, dedupe));
    if (joined) return *std::move(joined);
    if (!items.empty()) return fail(user_full ? errc::user_limit : errc::process_limit);
  }
  return create(asked, dedupe, std::move(items));
}

job_record commands::new_job(const insert_job& asked, std::size_t items) {
  job_record job;
  auto& view = job.view;
  view.id = asked.id;
  view.kind = asked.kind;
  view.user = asked.user;
  view.arguments = asked.arguments;
  view.created_at = asked.now;
  view.totals.total = static_cast<std::int64_t>(items);
  if (items == 0) {
    view.state = job_state::completed;
    view.started_at = view.completed_at = asked.now;
  } else if (asked.claim) {
    view.state = job_state::running;
    view.fence = 1;
    view.started_at = view.claimed_at = asked.now;
    job.owner = owner_;
  }
  return job;
}

expected<insert_job::answer> commands::create(const insert_job& asked, const std::string& dedupe,
                                              std::vector<item_id> items) {
  auto job = new_job(asked, items.size());
  const auto& view = job.view;
  const bool unfinished_job = unfinished(view.state);
  MUTIRAO_TRY(job.no, book_.new_job());
  if (unfinished_job) {
    MUTIRAO_TRY(job.turn, book_.next_turn(asked.user));
  }
  MUTIRAO_TRY(job.first_event, book_.next_event(asked.user));
  MUTIRAO_TRY(bool inserted, jobs_.insert(job, dedupe));
  if (!inserted) {
    MUTIRAO_TRY(auto joined, join(asked, dedupe));
    if (joined) return *std::move(joined);
    MUTIRAO_TRY(inserted, jobs_.insert(job, dedupe));  // the equal one has ended meanwhile
    if (!inserted) return fail(errc::store_failed, "an equal job is there and is not");
  }
  if (unfinished_job) {
    book_.take_turn(asked.user, job.turn);
    book_.add_unfinished(asked.user, 1);
    MUTIRAO_CHECK(jobs_.put_scope(job.no, items));
    if (asked.payload) MUTIRAO_CHECK(jobs_.put_payload(job.no, *asked.payload));
  }
  MUTIRAO_CHECK(bind_callback(asked, job));
  MUTIRAO_CHECK(bind_key(asked, dedupe, job.no));
  MUTIRAO_CHECK(record(job, job_event::kind::created, asked.now));
  if (view.state == job_state::completed) {
    MUTIRAO_CHECK(record(job, job_event::kind::completed, asked.now));
  } else if (view.state == job_state::running) {
    book_.serve(job.turn);
    MUTIRAO_CHECK(record(job, job_event::kind::started, asked.now));
  }
  touch(job);
  if (view.state != job_state::running) items.clear();
  return insert_job::answer{insert_job::outcome::created, std::move(job.view), std::move(items)};
}

expected<claimed_job> commands::take_up(job_record job, bool suspect, instant now) {
  MUTIRAO_TRY(const auto taken, transition(job.view.state, job_trigger::claim));
  const bool committed_since = job.view.totals.done != job.view.done_at_claim;
  if (committed_since) job.crash_count = 0;
  if (suspect) ++job.crash_count;
  MUTIRAO_CHECK(change(job, taken, now));
  book_.taken(job.no);
  book_.serve(job.turn);
  touch(job);
  MUTIRAO_TRY(auto todo, jobs_.todo(job));
  return claimed_job{std::move(job.view), std::move(todo), suspect};
}

// Nothing where the job is not as it was when the file was opened, or was set aside.
expected<std::optional<claimed_job>> commands::claim_interrupted(std::int64_t no,
                                                                 const claim_jobs& asked) {
  MUTIRAO_TRY(auto job, jobs_.hold(no));
  const auto is = [&](job_state state) { return job && job->view.state == state; };
  if (!is(job_state::running) && !is(job_state::cancelling)) return std::nullopt;
  const auto& view = job->view;
  const bool suspect =
      is(job_state::running) && job->owner && view.totals.done == view.done_at_claim;
  if (suspect && job->crash_count >= asked.crash_limit) {
    MUTIRAO_CHECK(set_aside(*std::move(job), asked.now));
    return std::nullopt;
  }
  return take_up(*std::move(job), suspect, asked.now).map([](claimed_job&& taken) {
    return std::optional(std::move(taken));
  });
}

expected<void> commands::set_aside(job_record job, instant now) {
  MUTIRAO_TRY(const auto ends, transition(job.view.state, job_trigger::fail));
  job.view.error = "O processamento derrubou o processo " + std::to_string(job.crash_count) +
                   (job.crash_count == 1 ? " vez." : " vezes.");
  MUTIRAO_CHECK(change(job, ends, now));
  touch(job);
  return {};
}

// One that was cancelled while it waited runs nothing, so it takes no suspect's turn.
expected<void> commands::claim_interrupted(bool suspects, std::size_t most, const claim_jobs& asked,
                                           claim_jobs::answer& taken) {
  while (most > 0 && taken.size() < asked.most) {
    MUTIRAO_TRY(const auto no, book_.next_interrupted(suspects));
    if (!no) return {};
    MUTIRAO_TRY(auto one, claim_interrupted(*no, asked));
    book_.taken(*no);
    if (!one) continue;
    most -= one->suspect ? 1 : 0;
    taken.push_back(*std::move(one));
  }
  return {};
}

expected<std::optional<claimed_job>> commands::claim(std::int64_t no, instant now) {
  MUTIRAO_TRY(auto job, jobs_.hold(no));
  if (!job) return std::nullopt;
  return take_up(*std::move(job), false, now).map([](claimed_job&& taken) {
    return std::optional(std::move(taken));
  });
}

expected<claim_jobs::answer> commands::claim_again(const job_id& id, instant now) {
  MUTIRAO_TRY(auto job, jobs_.hold(id));
  claim_jobs::answer taken;
  if (job && runs_here(*job)) {
    MUTIRAO_TRY(auto one, take_up(*std::move(job), false, now));
    taken.push_back(std::move(one));
  }
  return taken;
}

expected<void> commands::claim_lost(const claim_jobs& asked, claim_jobs::answer& taken) {
  const auto& mine = *asked.in_hand;
  const std::unordered_set<job_id> in_hand(mine.begin(), mine.end());
  MUTIRAO_TRY(const auto out, book_.out());
  for (const auto no : out) {
    if (taken.size() >= asked.most) return {};
    MUTIRAO_TRY(auto job, jobs_.hold(no));
    if (!job || !runs_here(*job) || in_hand.contains(job->view.id)) continue;
    MUTIRAO_TRY(auto lost, take_up(*std::move(job), false, asked.now));
    taken.push_back(std::move(lost));
  }
  return {};
}

expected<claim_jobs::answer> commands::run(const claim_jobs& asked) {
  if (asked.again) return claim_again(*asked.again, asked.now);
  claim_jobs::answer taken;
  // First what may have to wait for another node, and holds nothing that one may want.
  if (asked.in_hand) MUTIRAO_CHECK(claim_lost(asked, taken));
  MUTIRAO_CHECK(claim_interrupted(false, asked.most, asked, taken));
  MUTIRAO_CHECK(claim_interrupted(true, asked.suspects, asked, taken));
  if (taken.size() >= asked.most) return taken;
  MUTIRAO_TRY(const auto waiting,
              jobs_.waiting(asked.most - taken.size(), asked.now, book_.takes_up_only()));
  for (const auto no : waiting) {
    MUTIRAO_TRY(auto one, claim(no, asked.now));
    if (one) taken.push_back(*std::move(one));
  }
  return taken;
}

expected<end_run::answer> commands::run(const end_run& asked) {
  MUTIRAO_TRY(auto job, held(asked.job, asked.fence));
  MUTIRAO_TRY(const auto ends, transition(job.view.state, asked.how));
  if (!ended(ends.to)) return fail(errc::wrong_state);
  if (ends.to == job_state::failed) job.view.error = asked.reason;
  MUTIRAO_CHECK(change(job, ends, asked.now));
  touch(job);
  return std::move(job.view);
}

expected<job_transition> commands::asked_for(const request_change& asked, const job_record& job) {
  const auto& view = job.view;
  if (asked.by.user != view.user && !asked.by.admin) {
    return fail(view.visible_to(asked.by) ? errc::forbidden : errc::unknown_job);
  }
  job_transition on{view.state, job_trigger::cancel, view.state, {}};
  if (asked.on) {
    MUTIRAO_TRY(on, transition(view.state, *asked.on, view.totals.failed));
  }
  if (asked.priority && ended(on.to)) return fail(errc::already_ended);
  if (asked.on == job_trigger::retry) MUTIRAO_CHECK(readmit(view, asked.limits));
  return on;
}

expected<void> commands::readmit(const job_view& job, const admission_limits& limits) {
  MUTIRAO_TRY(const bool equal,
              jobs_.has_unfinished(dedupe_key(job.user, job.kind, job.arguments)));
  if (equal) return fail(errc::equal_job_unfinished);
  MUTIRAO_TRY(const auto of_user, book_.unfinished(job.user));
  if (of_user >= limits.per_user) return fail(errc::user_limit);
  MUTIRAO_TRY(const auto of_all, book_.unfinished());
  if (of_all >= limits.per_process) return fail(errc::process_limit);
  return {};
}

expected<request_change::answer> commands::run(const request_change& asked) {
  MUTIRAO_TRY(auto found, jobs_.hold(asked.job));
  if (!found) return fail(errc::unknown_job);
  auto& job = *found;
  MUTIRAO_TRY(const auto on, asked_for(asked, job));
  bool changed = false;
  if (on.changes()) {
    const bool again = asked.on == job_trigger::retry;
    if (again) {
      MUTIRAO_TRY(job.turn, book_.next_turn(job.view.user));
    }
    MUTIRAO_CHECK(change(job, on, asked.now));
    if (again) book_.take_turn(job.view.user, job.turn);
    changed = true;
  }
  if (asked.priority && *asked.priority != job.view.priority) {
    job.view.priority = *asked.priority;
    MUTIRAO_CHECK(jobs_.save_priority(job));
    MUTIRAO_CHECK(record(job, job_event::kind::reprioritized, asked.now));
    changed = true;
  }
  if (changed) {
    touch(job);
  } else {
    job.view.version = book_.version_of(job);
  }
  return request_change::answer{std::move(job.view), changed};
}

expected<release_jobs::answer> commands::run(const release_jobs& asked) {
  std::int64_t released = 0;
  for (const auto& id : asked.jobs) {
    MUTIRAO_TRY(auto job, jobs_.hold(id));
    if (!job || !is_mine(*job)) continue;
    const auto back = transition(job->view.state, job_trigger::release);
    if (!back) continue;
    MUTIRAO_CHECK(change(*job, *back, asked.now));
    if (back->to == job_state::cancelling) book_.given_back(job->no);
    touch(*job);
    ++released;
  }
  return released;
}

expected<heartbeat::answer> commands::run(const heartbeat& asked) {
  return book_.say_alive(owner_, asked.lease, asked.now);
}

}  // namespace mutirao::storage::sql
