// How a job changes state: the one place that writes it.
#include <algorithm>
#include <utility>

#include "storage/sql/attempt.hpp"
#include "storage/sql/commands.hpp"

namespace mutirao::storage::sql {
namespace {

job_event::kind event_of(const job_transition& change, bool started_before) {
  using kind = job_event::kind;
  switch (change.on) {
    case job_trigger::claim:
      return started_before ? kind::resumed : kind::started;
    case job_trigger::pause:
      return kind::paused;
    case job_trigger::resume:
      return kind::continued;
    case job_trigger::retry:
      return kind::retried;
    case job_trigger::release:
      return kind::released;
    case job_trigger::finish:
    case job_trigger::fail:
    case job_trigger::cancel:
    case job_trigger::drained:
      break;
  }
  switch (change.to) {
    case job_state::cancelling:
      return kind::cancelling;
    case job_state::completed:
      return kind::completed;
    case job_state::failed:
      return kind::failed;
    default:
      return kind::cancelled;
  }
}

// Of the claim that ends now, or that ended with its process: then its last commit is the last sign
// of life.
std::chrono::milliseconds time_at_work(const job_view& of, const job_transition& change,
                                       instant now) {
  using std::chrono::milliseconds;
  if (!of.claimed_at) return milliseconds(0);
  const auto until =
      change.on == job_trigger::claim ? of.advanced_at.value_or(*of.claimed_at) : now;
  return std::max(until - *of.claimed_at, milliseconds(0));
}

void apply(job_record& job, const job_transition& change, const std::string& by, instant now) {
  auto& view = job.view;
  const auto& effects = change.effects;
  const bool leaves_work = change.from == job_state::running &&
                           (change.on == job_trigger::claim || change.on == job_trigger::release ||
                            change.on == job_trigger::pause);
  if (leaves_work) view.ran += time_at_work(view, change, now);
  const bool given_back_as_it_was =
      leaves_work && change.on != job_trigger::claim && view.totals.done == view.done_at_claim;
  if (given_back_as_it_was && job.crash_count > 0) --job.crash_count;
  view.state = change.to;
  if (effects.raises_fence) {
    ++view.fence;
    view.claimed_at = now;
    view.done_at_claim = view.totals.done;
    job.owner = by;
  }
  if (effects.raises_run) {
    ++view.run;
    view.completed_at.reset();
    view.error.clear();
    // What failed is to be done again; its ledger rows stay until they end in the new run.
    view.totals.done -= view.totals.failed;
    view.totals.failed = 0;
    view.ran = view.ran.zero();
    job.crash_count = 0;
  }
  if (effects.stamps_start && !view.started_at) view.started_at = now;
  if (effects.stamps_end) view.completed_at = now;
  if (change.on == job_trigger::release || view.state == job_state::pending || ended(view.state)) {
    job.owner.reset();
  }
}

}  // namespace

expected<job_record> commands::held(const job_id& id, std::int64_t fence) {
  MUTIRAO_TRY(auto job, jobs_.hold(id));
  if (!job || job->view.fence != fence || job->view.state == job_state::pending ||
      ended(job->view.state)) {
    return fail(errc::stale_fence);
  }
  return *std::move(job);
}

expected<void> commands::change(job_record& job, const job_transition& change, instant now) {
  const bool started_before = job.view.started_at.has_value();
  apply(job, change, owner_, now);
  MUTIRAO_CHECK(jobs_.save_state(job));
  const int difference = int{unfinished(change.to)} - int{unfinished(change.from)};
  if (difference != 0) book_.add_unfinished(job.view.user, difference);
  MUTIRAO_CHECK(record(job, event_of(change, started_before), now));
  return tell(job, change.effects.tells, now);
}

expected<void> commands::tell(const job_record& job, notice tells, instant now) {
  if (tells == notice::none) return {};
  const auto& view = job.view;
  const auto* type = types_.find(view.kind);
  job_ending ending{.type = view.kind,
                    .title = "Processamento encerrado",
                    .body = "Um processamento foi encerrado.",
                    .entity_type = "job",
                    .entity_id = std::nullopt};
  if (type) ending = type->conclude(view.arguments, view.totals, tells);
  MUTIRAO_TRY(const auto id, book_.new_notification());
  notification told{.id = id,
                    .user = view.user,
                    .type = std::move(ending.type),
                    .title = std::move(ending.title),
                    .body = std::move(ending.body),
                    .entity_type = std::move(ending.entity_type),
                    .entity_id = ending.entity_id,
                    .job = view.id,
                    .processed = view.totals.done,
                    .created = view.totals.created,
                    .created_at = now,
                    .read_at = std::nullopt};
  MUTIRAO_TRY(const bool fresh, messages_.put_notification(told, job.no, view.run));
  if (!fresh) return {};
  staged_.notifications.push_back(std::move(told));
  return {};
}

expected<void> commands::record(const job_record& job, job_event::kind what, instant now) {
  job_event event{.user = job.view.user,
                  .sequence = 0,
                  .job = job.view.id,
                  .run = job.view.run,
                  .what = what,
                  .at = now};
  MUTIRAO_TRY(event.sequence, book_.next_event(event.user));
  if (event.sequence == 0) {
    late_.push_back({staged_.events.size(), job});
  } else {
    MUTIRAO_CHECK(put(job, event));
    book_.took_event(event.user);
  }
  staged_.events.push_back(event);
  return {};
}

expected<void> commands::put(const job_record& job, const job_event& event) {
  const stored_event one{event, job.no};
  MUTIRAO_CHECK(messages_.put_events({&one, 1}));
  return tell_outside(job, event);
}

expected<void> commands::tell_outside(const job_record& job, const job_event& event) {
  if (!outbox_.tells(event.what, job)) return {};
  MUTIRAO_TRY(const auto deliveries, outbox_.put(event, job));
  staged_.deliveries += deliveries;
  return {};
}

// User by user, so that two transactions that number events of the same users never wait for each
// other.
expected<void> commands::put_late_events() {
  auto late = std::exchange(late_, {});
  const auto user_of = [&](const late_event& one) { return staged_.events[one.place].user; };
  std::stable_sort(late.begin(), late.end(), [&](const late_event& a, const late_event& b) {
    return user_of(a).value < user_of(b).value;
  });
  std::vector<bookkeeping::events_of_user> users;
  for (const auto& one : late) {
    if (users.empty() || users.back().user != user_of(one)) users.push_back({user_of(one)});
    ++users.back().count;
  }
  if (users.empty()) return {};
  MUTIRAO_TRY(const auto firsts, book_.number_events(users));
  std::vector<stored_event> all;
  auto one = late.begin();
  for (std::size_t i = 0; i < users.size(); ++i) {
    for (std::int64_t k = 0; k < users[i].count; ++k, ++one) {
      auto& event = staged_.events[one->place];
      event.sequence = firsts[i] + k;
      all.push_back({event, one->job.no});
    }
  }
  MUTIRAO_CHECK(messages_.put_events(all));
  std::vector<first_event> firsts_of_jobs;
  for (auto& [place, job] : late) {
    const auto& event = staged_.events[place];
    if (event.what != job_event::kind::created) continue;
    job.first_event = event.sequence;
    firsts_of_jobs.push_back({job.no, event.sequence});
  }
  MUTIRAO_CHECK(jobs_.save_first_events(firsts_of_jobs));
  for (const auto& [place, job] : late) MUTIRAO_CHECK(tell_outside(job, staged_.events[place]));
  return {};
}

void commands::touch(job_record& job) {
  job.view.version = book_.version_of(job);
  staged_.jobs.push_back(job.view);
}

}  // namespace mutirao::storage::sql
