#include "tests/simulation/history.hpp"

#include <algorithm>

#include "domain/argument_text.hpp"
#include "domain/jobs/remove_unit_tasks.hpp"

namespace mutirao::simulation {
namespace {

using kind = job_event::kind;

std::string name(const job_id& id) {
  return "job " + id.to_string().substr(0, 8);
}

std::string equality(user_id user, std::string_view what, const job_arguments& arguments) {
  return std::to_string(user.value) + "/" + std::string(what) + "/" +
         std::to_string(arguments.unit.value_or(unit_id{}).value) + "/" + arguments.request;
}

/// Without the moods of those that play.
const job_type& rules_of(std::string_view of) {
  static const generate_unit_tasks generation;
  static const remove_unit_tasks removal;
  if (of == remove_unit_tasks::name) return removal;
  return generation;
}

bool known_at(instant since, instant now) {
  return since + std::chrono::hours(24) > now;
}

/// What may have pulled an event of this kind.
std::vector<job_trigger> triggers(kind what) {
  using t = job_trigger;
  switch (what) {
    case kind::started:
    case kind::resumed:
      return {t::claim};
    case kind::paused:
      return {t::pause};
    case kind::cancelling:
      return {t::cancel};
    case kind::completed:
      return {t::finish};
    case kind::failed:
      return {t::fail};
    case kind::cancelled:
      return {t::cancel, t::drained, t::fail};
    case kind::retried:
      return {t::retry};
    case kind::released:
      return {t::release};
    case kind::continued:
      return {t::resume};
    case kind::created:
    case kind::reprioritized:
      break;
  }
  return {};
}

bool is_quiet(const job_event& event) {
  return event.what == kind::created || event.what == kind::reprioritized;
}

bool leads_to(kind what, job_state to) {
  switch (what) {
    case kind::cancelling:
      return to == job_state::cancelling;
    case kind::cancelled:
      return to == job_state::cancelled;
    case kind::completed:
      return to == job_state::completed;
    case kind::failed:
      return to == job_state::failed;
    default:
      return true;
  }
}

bool same(const item_plan& a, const item_plan& b) {
  const auto equal = [](const new_task& x, const new_task& y) {
    return x.company == y.company && x.unit == y.unit && x.technician == y.technician &&
           x.kind == y.kind && x.due == y.due && x.event.title == y.event.title;
  };
  return a.item == b.item && a.state == b.state && a.error == b.error &&
         a.removed.size() == b.removed.size() &&
         std::equal(a.tasks.begin(), a.tasks.end(), b.tasks.begin(), b.tasks.end(), equal);
}

}  // namespace

std::vector<item_id> known_job::todo() const {
  std::vector<item_id> left;
  std::copy_if(scope.begin(), scope.end(), std::back_inserter(left), [&](item_id item) {
    const auto row = ledger.find(item);
    return row == ledger.end() ||
           (row->second.state == item_state::failed && row->second.run < view.run);
  });
  return left;
}

job_totals known_job::totals() const {
  job_totals sum;
  sum.total = static_cast<std::int64_t>(scope.size());
  for (const auto& [item, row] : ledger) {
    const bool failed = row.state == item_state::failed;
    sum.created += row.created;
    sum.skipped += row.state == item_state::skipped ? 1 : 0;
    sum.failed += failed && row.run == view.run ? 1 : 0;
    sum.done += !failed || row.run == view.run ? 1 : 0;
  }
  return sum;
}

const known_job* history::find(const job_id& id) const {
  const auto job = jobs_.find(id);
  return job == jobs_.end() ? nullptr : &job->second;
}

std::int64_t history::unfinished_of(std::optional<user_id> user) const {
  return std::count_if(jobs_.begin(), jobs_.end(), [&](const auto& x) {
    return unfinished(x.second.view.state) && (!user || x.second.view.user == *user);
  });
}

const known_job* history::holder(const std::string& equal) const {
  const auto job = std::find_if(jobs_.begin(), jobs_.end(), [&](const auto& x) {
    return x.second.equal == equal && x.second.view.state <= job_state::paused;
  });
  return job == jobs_.end() ? nullptr : &job->second;
}

void history::committed(std::span<const command> group, const std::vector<command_answer>& answers,
                        const mutirao::committed& what) {
  queue(what);
  for (std::size_t at = 0; at < group.size(); ++at) {
    ++moment_;
    std::visit(
        [&](const auto& asked) {
          using Command = std::decay_t<decltype(asked)>;
          const auto& answer = std::get<command_index<Command>>(answers.at(at));
          if (answer) {
            take(asked, *answer);
          } else {
            refused(asked, answer.error().code);
          }
        },
        group[at]);
  }
  for (auto& [id, events] : ahead_) {
    for (const auto& event : std::exchange(events, {})) happen(event);
  }
  ahead_.clear();
  for (const auto& view : what.jobs) compare(view);
  for (const auto& [id, notes] : notes_ahead_) {
    found_.check(notes.empty(), name(id) + ": a notification of what is no end of a run");
  }
  notes_ahead_.clear();
}

void history::queue(const mutirao::committed& what) {
  for (const auto& note : what.notifications) {
    notes_ahead_[note.job.value_or(job_id{})].push_back(note);
  }
  for (const auto& event : what.events) {
    const auto last = sequences_[event.user]++;
    found_.check(event.sequence == last + 1, "user " + std::to_string(event.user.value) +
                                                 ": event " + std::to_string(event.sequence) +
                                                 " follows " + std::to_string(last));
    ahead_[event.job].push_back(event);
  }
}

void history::happen(const job_event& event) {
  const auto found = jobs_.find(event.job);
  if (found == jobs_.end()) return found_.add(name(event.job) + ": an event of no job");
  auto& job = found->second;
  if (!is_quiet(event)) move(job, event);
  found_.check(event.run == job.view.run, name(event.job) + ": an event of run " +
                                              std::to_string(event.run) + " in run " +
                                              std::to_string(job.view.run));
}

void history::move(known_job& job, const job_event& event) {
  auto& view = job.view;
  if (job.scope.empty() && event.what == kind::completed && view.state == job_state::pending) {
    view.state = job_state::completed;
    return;
  }
  for (const auto on : triggers(event.what)) {
    const auto row = transition(view.state, on, job.totals().failed);
    if (!row || !leads_to(event.what, row->to)) continue;
    view.state = row->to;
    view.fence += row->effects.raises_fence ? 1 : 0;
    view.run += row->effects.raises_run ? 1 : 0;
    if (row->effects.tells != notice::none) tell(job);
    return;
  }
  found_.add(name(event.job) + ": " + std::string(to_string(event.what)) + " while " +
             std::string(to_string(view.state)));
}

void history::reach(const job_view& view) {
  const auto found = jobs_.find(view.id);
  if (found == jobs_.end()) return found_.add(name(view.id) + " was answered and is unknown");
  const auto& now = found->second.view;
  const auto as_said = [&] {
    return now.state == view.state && now.run == view.run && now.fence == view.fence;
  };
  auto& events = ahead_[view.id];
  while (!as_said() && !events.empty()) {
    happen(events.front());
    events.pop_front();
  }
  compare(view);
}

void history::compare(const job_view& view) {
  const auto found = jobs_.find(view.id);
  if (found == jobs_.end()) return found_.add(name(view.id) + " was told of and is unknown");
  auto& known = found->second.view;
  const auto text = [](const job_view& x) {
    return std::string(to_string(x.state)) + " run " + std::to_string(x.run) + " fence " +
           std::to_string(x.fence);
  };
  if (text(view) != text(known)) {
    found_.add(name(view.id) + " is " + text(view) + ", by its events " + text(known));
  }
  const auto sum = found->second.totals();
  const auto numbers = [](const job_totals& x) {
    return std::to_string(x.done) + "/" + std::to_string(x.total) + " created " +
           std::to_string(x.created) + " failed " + std::to_string(x.failed) + " skipped " +
           std::to_string(x.skipped);
  };
  if (view.totals != sum) {
    found_.add(name(view.id) + " counts " + numbers(view.totals) + ", its ledger " + numbers(sum));
  }
  auto& progress = found->second.progress;
  found_.check(std::pair(view.run, view.totals.done) >= progress,
               name(view.id) + ": its progress went back");
  progress = {view.run, view.totals.done};
  known.totals = view.totals;
  known.priority = view.priority;
  known.error = view.error;
}

void history::tell(known_job& job) {
  const auto& view = job.view;
  auto& notes = notes_ahead_[view.id];
  if (notes.empty()) return found_.add(name(view.id) + ": an end of a run was not told");
  const auto note = notes.front();
  notes.pop_front();
  ++job.told;
  const bool fresh = notes_[note.user].emplace(note.id.value, false).second;
  found_.check(fresh && note.user == view.user,
               name(view.id) + ": a notification's id or user is wrong");
}

void history::take(const insert_job& asked, const insert_job::answer& answer) {
  if (asked.fires) schedules_.settled(*asked.fires, asked.now, world_);
  const auto equal = equality(asked.user, asked.kind, asked.arguments);
  const auto key = keys_.find({asked.user, asked.key ? asked.key->key : ""});
  const bool known = key != keys_.end() && known_at(key->second.at, asked.now);
  const auto* first = holder(equal);
  if (known) {
    found_.check(key->second.equal == equal && key->second.job == answer.job.id &&
                     answer.how == insert_job::outcome::replayed,
                 name(answer.job.id) + ": a known key was not answered by its job");
    return reach(answer.job);
  }
  if (asked.key) keys_[{asked.user, asked.key->key}] = {equal, answer.job.id, asked.now};
  if (first) {
    found_.check(first->view.id == answer.job.id && answer.how == insert_job::outcome::joined,
                 name(answer.job.id) + ": an equal request did not join the first");
    return reach(answer.job);
  }
  found_.check(answer.how == insert_job::outcome::created && answer.job.id == asked.id,
               name(asked.id) + " was joined to a job that is none of its");
  inserted(asked, answer);
}

void history::inserted(const insert_job& asked, const insert_job::answer& answer) {
  auto& job = jobs_[asked.id];
  job.view = answer.job;
  job.view.state = job_state::pending;
  job.view.fence = 0;
  job.view.run = 1;
  job.equal = equality(asked.user, asked.kind, asked.arguments);
  job.scope = rules_of(asked.kind).list(world_, asked.arguments).value_or(std::vector<item_id>{});
  found_.check(job.scope.empty() || (unfinished_of(asked.user) <= asked.limits.per_user &&
                                     unfinished_of({}) <= asked.limits.per_process),
               name(asked.id) + " was taken in over the limit");
  reach(answer.job);
  if (answer.job.state != job_state::running) return;
  found_.check(answer.todo == job.todo(), name(asked.id) + " was given other items than its scope");
}

void history::refused(const insert_job& asked, errc why) {
  const bool user_full = unfinished_of(asked.user) >= asked.limits.per_user;
  const bool full = unfinished_of({}) >= asked.limits.per_process;
  found_.check((why != errc::user_limit || user_full) && (why != errc::process_limit || full),
               "user " + std::to_string(asked.user.value) + " was refused below the limit");
}

void history::take(const claim_jobs&, const claim_jobs::answer& answer) {
  for (const auto& claimed : answer) {
    reach(claimed.job);
    const auto* job = find(claimed.job.id);
    found_.check(job && claimed.todo == job->todo(),
                 name(claimed.job.id) + " was claimed with other items than its ledger lacks");
  }
}

known_job* history::held(const job_id& id, std::int64_t fence) {
  const auto found = jobs_.find(id);
  if (found == jobs_.end()) {
    found_.add(name(id) + " is unknown and advances");
    return nullptr;
  }
  const auto& view = found->second.view;
  found_.check(view.fence == fence && unfinished(view.state) && view.state != job_state::pending,
               name(id) + ": a claim with fence " + std::to_string(fence) +
                   " committed while it was " + std::to_string(view.fence) + ", " +
                   std::string(to_string(view.state)));
  return &found->second;
}

// Nothing where it was cancelled or paused: then nothing may have been written.
known_job* history::at_work(const job_id& id, std::int64_t fence,
                            const advance_job::answer& answer) {
  auto* job = held(id, fence);
  if (!job || job->view.state == job_state::running) return job;
  reach(answer.job);
  return nullptr;
}

void history::take(const advance_job& asked, const advance_job::answer& answer) {
  if (auto* job = at_work(asked.job, asked.fence, answer)) {
    advanced(*job, asked.batch.items, answer);
  }
}

void history::take(const advance_locked& asked, const advance_job::answer& answer) {
  auto* job = at_work(asked.job, asked.fence, answer);
  if (!job) return;
  const auto* type = types_.find(job->view.kind);
  const auto planned = type->plan(world_, job->view.arguments, asked.items);
  found_.check(answer.stale.empty(), name(asked.job) + ": a plan made inside is stale");
  if (planned) advanced(*job, *planned, answer);
}

void history::advanced(known_job& job, const std::vector<item_plan>& given,
                       const advance_job::answer& answer) {
  const auto& rules = rules_of(job.view.kind);
  for (const auto& item : given) {
    const auto& stale = answer.stale;
    if (std::find(stale.begin(), stale.end(), item.item) != stale.end()) continue;
    const auto row = job.ledger.find(item.item);
    if (row != job.ledger.end() &&
        (row->second.state != item_state::failed || row->second.run == job.view.run)) {
      continue;  // it has ended already
    }
    auto right = rules.plan(world_, job.view.arguments, std::span(&item.item, 1));
    if (right) settle(job, item, right->front());
  }
  reach(answer.job);
}

void history::settle(known_job& job, const item_plan& given, const item_plan& right) {
  if (given.state != item_state::failed && !same(given, right)) {
    found_.add(name(job.view.id) + ": the tasks of company " + std::to_string(given.item.value) +
               " are not what the rules give at this commit (" + std::to_string(given.counted()) +
               ", not " + std::to_string(right.counted()) + ")");
  }
  auto& row = job.ledger[given.item];
  row.state = given.state;
  row.created += static_cast<std::int64_t>(given.counted());
  ++row.attempts;
  row.run = job.view.run;
  row.ended_at = moment_;
  world_.add(given.tasks);
  if (given.removed.empty()) return;
  const auto from = stored_argument(job.view.arguments.text, "from").value_or("");
  world_.take_back({given.item.value}, parse_date(from).value_or(date{}), moment_);
}

void history::take(const end_run& asked, const job_view& answer) {
  held(asked.job, asked.fence);
  reach(answer);
}

void history::take(const request_change& asked, const request_change::answer& answer) {
  reach(answer.job);
  found_.check(asked.by.admin || asked.by.user == answer.job.user,
               name(asked.job) + " was changed by a stranger");
}

void history::take(const release_jobs& asked, std::int64_t) {
  for (const auto& id : asked.jobs) {
    auto& events = ahead_[id];
    while (!events.empty() && is_quiet(events.front())) events.pop_front();
    if (events.empty() || events.front().what != kind::released) continue;
    happen(events.front());
    events.pop_front();
  }
}

void history::take(const create_company& asked, const company& made) {
  world_.take(asked, made);
}
void history::take(const edit_company& asked, const edit_company::answer& answer) {
  world_.take(asked, answer, moment_);
}
void history::take(const edit_task& asked, const task_row& changed) {
  world_.take(asked, changed);
}
void history::take(const import_rows& rows, const import_rows::answer&) {
  world_.take(rows);
}

void history::take(const read_notification& asked, notification_id id) {
  auto& mine = notes_[asked.user];
  const auto note = mine.find(id.value);
  found_.check(note != mine.end() && !note->second, "a notification was read twice");
  if (note != mine.end()) note->second = true;
}

void history::take(const read_all_notifications& asked, std::int64_t count) {
  std::int64_t unread = 0;
  for (auto& [id, read] : notes_[asked.user]) unread += std::exchange(read, true) ? 0 : 1;
  found_.check(count == unread,
               "reading all read " + std::to_string(count) + " of " + std::to_string(unread));
}

}  // namespace mutirao::simulation
