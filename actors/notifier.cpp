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

class news_desk {
 public:
  news_desk(notifier_actor::pointer self, telemetry* log) : self_(self), log_(log) {}

  void publish(const committed& what) {
    jobs_by_id jobs;
    for (const auto& job : what.jobs) jobs[job.id] = std::make_shared<const job_view>(job);
    std::unordered_set<job_id> with_event;
    for (const auto& event : what.events) {
      with_event.insert(event.job);
      record(event, jobs);
      tell(event.user, event.job, {event, view_of(event.job, jobs), nullptr});
    }
    for (const auto& job : what.jobs) {
      if (!with_event.count(job.id)) tell(job.user, job.id, {std::nullopt, jobs[job.id], nullptr});
    }
    for (const auto& note : what.notifications) announce(note, jobs);
  }

  void enter(const subscribe& who) {
    auto& place = std::holds_alternative<user_id>(who.to) ? by_user_[std::get<user_id>(who.to)]
                                                          : by_job_[std::get<job_id>(who.to)];
    place.push_back(who.listener);
    self_->monitor(who.listener);
  }

  void remove(const caf::actor_addr& listener) {
    remove_from(by_user_, listener);
    remove_from(by_job_, listener);
  }

 private:
  static std::shared_ptr<const job_view> view_of(job_id id, const jobs_by_id& jobs) {
    const auto found = jobs.find(id);
    return found == jobs.end() ? nullptr : found->second;
  }

  void announce(const notification& note, const jobs_by_id& jobs) {
    const auto job = note.job.value_or(job_id{});
    tell(note.user, job,
         {std::nullopt, view_of(job, jobs), std::make_shared<const notification>(note)});
  }

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
    const auto unit = job->arguments.unit ? job->arguments.unit->value : 0;
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

  template <class Places>
  static void remove_from(Places& places, const caf::actor_addr& listener) {
    for (auto at = places.begin(); at != places.end();) {
      std::erase_if(at->second, [&](const auto& x) { return x.address() == listener; });
      at = at->second.empty() ? places.erase(at) : std::next(at);
    }
  }

  notifier_actor::pointer self_;
  telemetry* log_;
  std::unordered_map<user_id, std::vector<listener_actor>> by_user_;
  std::unordered_map<job_id, std::vector<listener_actor>> by_job_;
};

}  // namespace

notifier_actor::behavior_type run_notifier(notifier_actor::pointer self, telemetry* log) {
  auto state = std::make_shared<news_desk>(self, log);
  self->set_down_handler([state](const caf::down_msg& down) { state->remove(down.source); });
  return {[state](const committed_news& news) { state->publish(*news.what); },
          [state](const subscribe& who) { state->enter(who); },
          [state](const leave& who) { state->remove(who.listener.address()); }};
}

}  // namespace mutirao::actors
