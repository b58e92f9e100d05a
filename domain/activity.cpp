#include "domain/activity.hpp"

#include <algorithm>
#include <chrono>

namespace mutirao {
namespace {

// Those that are first heard of beyond are counted in the whole only. A ring takes 1.7 KB.
constexpr std::size_t most_rings = 4'096;

using std::chrono::duration_cast;
using std::chrono::minutes;

std::int32_t minute_of(instant at) {
  return static_cast<std::int32_t>(duration_cast<minutes>(at.time_since_epoch()).count());
}

// Of a minute before 1970 too.
std::size_t place_of(std::int32_t minute) {
  const auto rest = minute % minutes_of_activity;
  return static_cast<std::size_t>(rest < 0 ? rest + minutes_of_activity : rest);
}

}  // namespace

activity_board::slot& activity_board::ring::at(minute now) {
  auto& one = slots[place_of(now)];
  if (one.at != now) one = {now, 0, 0, 0, 0, waiting, waiting};
  last = std::max(last, now);
  return one;
}

void activity_board::ring::add_to(activity_hour& sum, minute now) const {
  sum.waiting += waiting;
  sum.running += running;
  auto waited = waiting;
  for (std::int64_t i = minutes_of_activity - 1; i >= 0; --i) {
    auto& into = sum.minutes[static_cast<std::size_t>(i)];
    const auto at = static_cast<minute>(now - (minutes_of_activity - 1 - i));
    const auto& one = slots[place_of(at)];
    if (one.at != at) {
      into.waiting += waited;
      continue;
    }
    into.started += one.started;
    into.ended += one.ended;
    into.failed += one.failed;
    into.items += one.items;
    into.waiting += one.waiting;
    waited = one.waiting_before;
  }
}

// Units above zero, users below.
std::int64_t activity_board::scope_of(std::optional<unit_id> unit, user_id user) {
  return unit ? unit->value : -user.value;
}

activity_board::ring* activity_board::ring_of(std::int64_t scope, bool make) {
  const auto found = rings_.find(scope);
  if (found != rings_.end()) return &found->second;
  if (!make || rings_.size() >= most_rings) return nullptr;
  return &rings_[scope];
}

template <class Change>
void activity_board::change(std::int64_t scope, Change what) {
  what(all_.at(now_));
  if (auto* one = ring_of(scope, true)) what(one->at(now_));
}

void activity_board::advance(instant now) {
  const auto at = minute_of(now);
  if (at <= now_) return;  // also where the clock was put back
  now_ = at;
  if (rings_.size() > most_rings / 2) forget_quiet_rings();
}

void activity_board::forget_quiet_rings() {
  std::erase_if(rings_, [this](const auto& each) {
    const auto& one = each.second;
    return one.waiting == 0 && one.running == 0 && one.last <= now_ - minutes_of_activity;
  });
}

void activity_board::move(known_job& job, place to, std::int64_t scope) {
  if (job.where == to) return;
  const auto shift = [&](ring& one) {
    auto& now = one.at(now_);
    one.waiting += int{to == place::waits} - int{job.where == place::waits};
    one.running += int{to == place::runs} - int{job.where == place::runs};
    now.waiting = one.waiting;
  };
  shift(all_);
  // A job that its ring did not take in is not taken out of it.
  const bool fresh = job.where == place::nowhere;
  if (auto* one = fresh || job.scoped ? ring_of(scope, fresh) : nullptr) {
    shift(*one);
    job.scoped = true;
  }
  job.where = to;
  if (to == place::nowhere) job.scoped = false;
}

void activity_board::start(const std::vector<unfinished_job>& jobs, instant now) {
  since_ = now;
  advance(now);
  for (const auto& each : jobs) {
    auto& known = jobs_[each.id];
    known.done = each.done;
    if (each.state == job_state::paused) continue;
    const bool waits = each.state == job_state::pending;
    move(known, waits ? place::waits : place::runs, scope_of(each.unit, each.user));
  }
}

void activity_board::hear(const job_event& event, const job_view& job) {
  advance(event.at);
  if (since_ == instant{}) since_ = event.at;
  if (event.what == job_event::kind::created) jobs_.try_emplace(job.id);
  const auto scope = scope_of(job.arguments.unit, job.user);
  if (event.what == job_event::kind::started) {
    change(scope, [](slot& one) { ++one.started; });
  }
  if (!ends_a_run(event.what)) return;
  const bool failed = event.what == job_event::kind::failed;
  change(scope, [failed](slot& one) {
    ++one.ended;
    one.failed += int{failed};
  });
}

void activity_board::hear(const job_view& job) {
  if (job.advanced_at) advance(*job.advanced_at);
  const auto scope = scope_of(job.arguments.unit, job.user);
  const bool at_work = job.state == job_state::running || job.state == job_state::cancelling;
  // A retried job that is heard of first has done since its claim all that nobody has counted.
  const auto counted = at_work ? job.done_at_claim : job.totals.done;
  const auto found = jobs_.try_emplace(job.id, known_job{place::nowhere, counted}).first;
  auto& known = found->second;
  const auto handled = job.totals.done - known.done;
  if (handled > 0) {
    change(scope, [handled](slot& one) { one.items += static_cast<std::int32_t>(handled); });
  }
  known.done = job.totals.done;
  const bool waits = job.state == job_state::pending;
  move(known, waits ? place::waits : at_work ? place::runs : place::nowhere, scope);
  if (ended(job.state)) jobs_.erase(found);
}

activity_hour activity_board::hour(const caller& by, instant now) const {
  const auto at = std::max(minute_of(now), now_);
  activity_hour sum;
  sum.since = since_;
  sum.minutes.resize(minutes_of_activity);
  for (std::int64_t i = 0; i < minutes_of_activity; ++i) {
    const auto each = minutes(at - (minutes_of_activity - 1 - i));
    sum.minutes[static_cast<std::size_t>(i)].at = instant(each);
  }
  const auto add = [&](std::int64_t scope) {
    if (const auto found = rings_.find(scope); found != rings_.end()) found->second.add_to(sum, at);
  };
  if (by.admin) {
    all_.add_to(sum, at);
    return sum;
  }
  auto units = by.units;
  std::sort(units.begin(), units.end());
  units.erase(std::unique(units.begin(), units.end()), units.end());
  for (const auto unit : units) add(scope_of(unit, {}));
  add(scope_of(std::nullopt, by.user));
  return sum;
}

}  // namespace mutirao
