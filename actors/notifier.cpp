#include "actors/notifier.hpp"

#include <algorithm>
#include <caf/typed_event_based_actor.hpp>
#include <memory>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace mutirao::actors {
namespace {

using kind = job_event::kind;
using jobs_by_id = std::unordered_map<job_id, std::shared_ptr<const job_view>>;

std::optional<counter> counted(kind what) {
  switch (what) {
    case kind::created:
      return counter::jobs_created;
    case kind::retried:
      return counter::jobs_retried;
    case kind::started:
      return counter::jobs_started;
    case kind::completed:
      return counter::jobs_completed;
    case kind::failed:
      return counter::jobs_failed;
    case kind::cancelled:
      return counter::jobs_cancelled;
    default:
      return std::nullopt;
  }
}

std::int64_t milliseconds_since_start(const job_view& job, instant until) {
  return job.started_at ? (until - *job.started_at).count() : 0;
}

using notes_by_job = std::unordered_map<job_id, std::shared_ptr<const notification>>;

class news_desk {
 public:
  news_desk(notifier_actor::pointer self, telemetry* log, notifier_limits limits)
      : self_(self), log_(log), limits_(limits) {}

  void publish(const committed& what) {
    jobs_by_id jobs;
    for (const auto& job : what.jobs) jobs[job.id] = std::make_shared<const job_view>(job);
    notes_by_job notes;
    for (const auto& note : what.notifications) {
      if (note.job) notes[*note.job] = std::make_shared<const notification>(note);
    }
    std::unordered_set<job_id> with_event;
    for (const auto& event : what.events) {
      with_event.insert(event.job);
      record(event, jobs);
      tell(event.user, event.job,
           {event, view_of(event.job, jobs), take_note(event, notes), std::nullopt});
    }
    for (const auto& job : what.jobs) {
      activity_.hear(job);
      if (!with_event.count(job.id))
        tell(job.user, job.id, {std::nullopt, jobs[job.id], nullptr, std::nullopt});
    }
  }

  void publish(const heard_news& what) {
    if (what.missed) tell_all({std::nullopt, nullptr, nullptr, news::distant{}});
    for (const auto& job : what.jobs) {
      tell(job.user, job.id, {count(job, what.at), nullptr, nullptr, news::distant{job.id}});
    }
  }

  void start(const activity_start& from) { activity_.start(from.jobs, from.now); }
  activity_hour hour(const recent_activity& asked) const {
    return activity_.hour(asked.by, asked.now);
  }

  bool enter(const subscribe& who) {
    const auto address = who.listener.address();
    remove(address);
    auto& count = listeners_of_[who.by];
    if (count >= limits_.listeners_per_user) return false;
    ++count;
    seats_.emplace(address, seat{who.to, who.by});
    place_of(who.to).push_back(who.listener);
    self_->monitor(who.listener);
    show_count();
    return true;
  }

  void leave(const listener_actor& listener) {
    self_->demonitor(listener.address());
    remove(listener.address());
  }

  void remove(const caf::actor_addr& listener) {
    const auto found = seats_.find(listener);
    if (found == seats_.end()) return;
    const auto [to, by] = found->second;
    seats_.erase(found);
    if (--listeners_of_[by] == 0) listeners_of_.erase(by);
    auto& place = place_of(to);
    std::erase_if(place, [&](const auto& x) { return x.address() == listener; });
    if (place.empty()) forget(to);
    show_count();
  }

 private:
  // Into the hour, of the events of another process; its own log has them. The last one, if any.
  std::optional<job_event> count(const distant_job& job, instant at) {
    job_view view;
    view.id = job.id;
    view.user = job.user;
    view.arguments.unit = job.unit;
    view.state = job.state;
    view.totals.done = view.done_at_claim = job.done;
    view.advanced_at = at;
    std::optional<job_event> last;
    for (const auto what : job.events) {
      last = job_event{
          .user = job.user, .sequence = job.last_event, .job = job.id, .what = what, .at = at};
      activity_.hear(*last, view);
    }
    activity_.hear(view);
    return last;
  }

  void tell_all(const news& what) {
    const auto tell_each = [&](const auto& places) {
      for (const auto& [to, listeners] : places) {
        for (const auto& listener : listeners) self_->send(listener, what);
      }
    };
    tell_each(by_user_);
    tell_each(by_job_);
  }

  static std::shared_ptr<const job_view> view_of(job_id id, const jobs_by_id& jobs) {
    const auto found = jobs.find(id);
    return found == jobs.end() ? nullptr : found->second;
  }

  static std::shared_ptr<const notification> take_note(const job_event& of, notes_by_job& notes) {
    const auto found = tells_its_owner(of.what) ? notes.find(of.job) : notes.end();
    if (found == notes.end()) return nullptr;
    auto note = std::move(found->second);
    notes.erase(found);
    return note;
  }

  std::vector<listener_actor>& place_of(const std::variant<user_id, job_id>& to) {
    const auto* user = std::get_if<user_id>(&to);
    return user ? by_user_[*user] : by_job_[std::get<job_id>(to)];
  }

  void forget(const std::variant<user_id, job_id>& to) {
    if (const auto* user = std::get_if<user_id>(&to)) {
      by_user_.erase(*user);
    } else {
      by_job_.erase(std::get<job_id>(to));
    }
  }

  void show_count() { log_->set(gauge::listeners, static_cast<double>(seats_.size())); }

  void tell(user_id user, job_id job, const news& what) {
    if (const auto found = by_user_.find(user); found != by_user_.end()) {
      for (const auto& listener : found->second) self_->send(listener, what);
    }
    if (const auto found = by_job_.find(job); found != by_job_.end()) {
      for (const auto& listener : found->second) self_->send(listener, what);
    }
  }

  void record(const job_event& event, const jobs_by_id& jobs) {
    if (const auto which = counted(event.what)) log_->add(*which, 1);
    const auto job = view_of(event.job, jobs);
    if (!job) return;
    activity_.hear(event, *job);
    const auto unit = job->arguments.unit ? job->arguments.unit->value : 0;
    if (event.what == kind::failed) {
      log_->log(log_level::warning, "job_failed_because",
                {{"job", event.job.to_string()}, {"error", std::string_view(job->error)}});
    }
    log_->log(log_level::info, "job_" + std::string(to_string(event.what)),
              {{"job", event.job.to_string()},
               {"user", event.user.value},
               {"unit", unit},
               {"run", event.run},
               {"done", job->totals.done},
               {"total", job->totals.total},
               {"created", job->totals.created},
               {"failed", job->totals.failed},
               {"ms", milliseconds_since_start(*job, event.at)}});
  }

  struct seat {
    std::variant<user_id, job_id> to;
    user_id by;
  };

  notifier_actor::pointer self_;
  telemetry* log_;
  notifier_limits limits_;
  activity_board activity_;
  std::unordered_map<caf::actor_addr, seat> seats_;
  std::unordered_map<user_id, std::size_t> listeners_of_;
  std::unordered_map<user_id, std::vector<listener_actor>> by_user_;
  std::unordered_map<job_id, std::vector<listener_actor>> by_job_;
};

}  // namespace

notifier_actor::behavior_type run_notifier(notifier_actor::pointer self, telemetry* log,
                                           notifier_limits limits) {
  auto state = std::make_shared<news_desk>(self, log, limits);
  self->set_down_handler([state](const caf::down_msg& down) { state->remove(down.source); });
  return {[state](const committed_news& news) { state->publish(*news.what); },
          [state](const distant_news& news) { state->publish(*news.what); },
          [state](const activity_start& from) { state->start(from); },
          [state](const recent_activity& asked) {
            return answer_to<recent_activity>{state->hour(asked)};
          },
          [state](const subscribe& who) { return state->enter(who); },
          [state](const leave& who) { state->leave(who.listener); }};
}

}  // namespace mutirao::actors
