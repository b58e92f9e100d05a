#include "actors/scheduler.hpp"

#include <algorithm>
#include <caf/actor_clock.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <deque>
#include <exception>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "actors/ask_store.hpp"

namespace mutirao::actors {
namespace {

using std::chrono::milliseconds;

enum class remedy : std::uint8_t {
  read_again,    // somebody else has settled it
  wait,          // the process cannot now
  wait_of_user,  // this user may not now
  retry,         // it may be the job's own fault
  refuse,        // for good
};

remedy remedy_for(errc code) {
  if (store_is_away(code)) return remedy::wait;
  switch (code) {
    case errc::already_settled:
    case errc::unknown_schedule:
      return remedy::read_again;
    case errc::user_limit:
      return remedy::wait_of_user;
    case errc::process_limit:
    case errc::overloaded:
    case errc::draining:
      return remedy::wait;
    case errc::deadline:
    case errc::invalid_time_zone:
      return remedy::retry;
    default:
      break;
  }
  const bool from_inside = code >= errc::stale_fence;
  return from_inside ? remedy::retry : remedy::refuse;
}

class timekeeper {
 public:
  timekeeper(scheduler_actor::pointer self, scheduler_surroundings around)
      : self_(self), around_(std::move(around)) {}

  void start(const scheduler_start& with) {
    with_ = with;
    look();
  }

  void wake() {
    if (with_) look();
  }

  void tick() {
    const bool outdated = wake_at_ && self_->clock().now() < *wake_at_;
    if (outdated) return;
    wake_at_.reset();
    wake();
  }

 private:
  // A schedule from when it is found due until its due time is settled, or put off.
  struct due_job {
    schedule what;
    std::deque<unit_id> units;  // that are left, of one for each unit
  };

  struct setback {
    instant until;
    int attempts = 0;
  };

  // One question at a time; what changes meanwhile asks once more.
  void look() {
    const auto now = around_.time->now();
    if (quiet_.until > now) return sleep(now, quiet_.until);
    const auto room = around_.limits.at_once - due_.size();
    if (room == 0) return;
    if (std::exchange(looking_, true)) {
      look_again_ = true;
      return;
    }
    look_again_ = false;
    self_->request(with_->reader, caf::infinite, question(now, room))
        .then([this](answer_to<due_schedules>& answer) { found(std::move(answer.value)); },
              [this](const caf::error&) { found(fail(errc::internal)); });
  }

  due_schedules question(instant now, std::size_t room) {
    forget_old(now);
    due_schedules asked{now, room};
    for (const auto& [id, one] : due_) asked.without.insert(id);
    for (const auto& [id, rest] : resting_) {
      if (rest.until > now) asked.without.insert(id);
    }
    for (const auto& [user, rest] : users_) {
      if (rest.until > now) asked.without_owners.insert(user);
    }
    return asked;
  }

  // What was put off and never came back: it was deleted.
  void forget_old(instant now) {
    const auto is_old = [&](const auto& x) {
      return x.second.until + 2 * around_.limits.longest_pause < now;
    };
    std::erase_if(resting_, is_old);
    std::erase_if(users_, is_old);
  }

  void found(expected<due_schedules::answer> answer) {
    looking_ = false;
    const auto now = around_.time->now();
    if (!answer) {
      around_.log->log(
          log_level::warning, "schedules_not_read",
          {{"error", to_string(answer.error().code)}, {"detail", answer.error().detail}});
      return sleep(now, now + around_.limits.first_pause);
    }
    const auto oldest = answer->oldest.value_or(instant{}).time_since_epoch();
    around_.log->set(gauge::schedules_oldest_due, static_cast<double>(oldest.count()) / 1000);
    for (auto& one : answer->rows) begin(std::move(one));
    sleep(now, next_look(now, answer->next));
    if (look_again_) look();
  }

  instant next_look(instant now, std::optional<instant> next_due) const {
    auto soonest = next_due.value_or(now + around_.limits.longest_sleep);
    const auto consider = [&](const setback& rest) {
      if (rest.until > now) soonest = std::min(soonest, rest.until);
    };
    for (const auto& [id, rest] : resting_) consider(rest);
    for (const auto& [user, rest] : users_) consider(rest);
    return soonest;
  }

  void begin(schedule one) {
    const auto id = one.id;
    const auto& what = due_.insert_or_assign(id, due_job{std::move(one), {}}).first->second.what;
    if (!what.each_unit) return fire(id);
    self_->request(with_->reader, caf::infinite, list_units{what.owner})
        .then([this, id](answer_to<list_units>& answer) { fire_each(id, std::move(answer.value)); },
              [this, id](const caf::error&) { fire_each(id, fail(errc::internal)); });
  }

  void fire_each(schedule_id id, expected<list_units::answer> units) {
    if (!units) return put_off(id, std::move(units.error()), std::nullopt);
    auto& one = due_.at(id);
    for (const auto& unit : *units) {
      if (!one.what.unit || unit.id > *one.what.unit) one.units.push_back(unit.id);
    }
    std::sort(one.units.begin(), one.units.end());
    fire(id);
  }

  void fire(schedule_id id) {
    const auto step = next_step(due_.at(id));
    if (!step) return put_off(id, step.error(), std::nullopt);
    auto request = read(due_.at(id).what, *step);
    if (!request) return put_off(id, request.error(), *step);
    self_->request(with_->supervisor, caf::infinite, *std::move(request))
        .then([this, id, step = *step](
                  answer_to<submit>& answer) { answered(id, step, std::move(answer.value)); },
              [this, id, step = *step](const caf::error&) {
                answered(id, step, fail(errc::internal));
              });
  }

  expected<firing> next_step(const due_job& one) const {
    const auto& what = one.what;
    firing step{what.id, *what.next_due, what.unit, std::nullopt, true, std::nullopt};
    if (!one.units.empty()) step.unit = one.units.front();
    step.last = one.units.size() <= 1;
    if (!step.last || what.cron.empty()) return step;
    const auto rule = parse_cron(what.cron);
    if (!rule) return fail(errc::internal, rule.error().detail);
    const auto behind = std::max(around_.time->now(), step.due);
    return next_due(*rule, what.zone, behind, *around_.zones).map([&](instant next) {
      step.next = next;
      return step;
    });
  }

  // As a handler would, at this moment. What throws costs this job and nobody else.
  expected<submit> read(const schedule& what, const firing& step) const try {
    const auto* type = around_.types->find(what.kind);
    if (!type) return fail(errc::unknown_job_type, what.kind);
    if (what.each_unit && !step.unit) return fail(errc::unknown_unit);
    const auto today = today_in(what.zone, around_.time->now(), *around_.zones);
    if (!today) return tl::unexpected(today.error());
    auto given = what.arguments;
    if (step.unit) given["unit"] = std::to_string(step.unit->value);
    auto made = type->validate(given, what.owner, *today);
    if (!made) return tl::unexpected(std::move(made.error()));
    const auto unit = made->arguments.unit;
    if (unit && !what.owner.may_see(unit)) return fail(errc::forbidden_unit);
    return submit{type,
                  what.owner.user,
                  std::move(made->arguments),
                  std::nullopt,
                  what.callback_url,
                  std::move(made->payload),
                  std::make_shared<const firing>(step)};
  } catch (const std::exception& thrown) {
    return fail(errc::internal, thrown.what());
  }

  void answered(schedule_id id, const firing& step, expected<insert_job::answer> answer) {
    if (!answer) return put_off(id, std::move(answer.error()), step);
    around_.log->add(counter::schedules_fired, 1);
    around_.log->log(log_level::info, "schedule_fired",
                     {{"schedule", id.value},
                      {"job", answer->job.id.to_string()},
                      {"due", format_instant(step.due)}});
    quiet_ = {};
    users_.erase(due_.at(id).what.owner.user);
    settled(id, step);
  }

  void settled(schedule_id id, const firing& step) {
    resting_.erase(id);
    if (step.last) return drop(id);
    auto& one = due_.at(id);
    one.what.unit = step.unit;
    one.units.pop_front();
    fire(id);
  }

  void drop(schedule_id id) {
    due_.erase(id);
    look();
  }

  // Where there is no step, it is not known yet what would be refused.
  void put_off(schedule_id id, const error& why, const std::optional<firing>& step) {
    const bool is_others =
        around_.limits.leaves_unknown_types && why.code == errc::unknown_job_type;
    const auto what = is_others ? remedy::retry : remedy_for(why.code);
    auto& rest = resting_[id];
    const bool too_often =
        what == remedy::retry && !is_others && rest.attempts + 1 >= around_.limits.attempts;
    if (step && (what == remedy::refuse || too_often)) return refuse(id, *step, why);
    if (is_others) rest.attempts = around_.limits.attempts;  // there is no hurry
    if (what != remedy::read_again) {
      around_.log->log(is_others ? log_level::debug : log_level::warning, "schedule_put_off",
                       {{"schedule", id.value}, {"error", to_string(why.code)}});
    }
    if (what == remedy::wait) wait(quiet_);
    if (what == remedy::wait_of_user) wait(users_[due_.at(id).what.owner.user]);
    if (what == remedy::retry || what == remedy::refuse) {
      wait(rest);
    } else if (rest.attempts == 0) {
      resting_.erase(id);
    }
    drop(id);
  }

  void refuse(schedule_id id, const firing& step, const error& why) {
    ask_store(self_, with_->store, refuse_firing{step, why, around_.time->now()},
              [this, id, step, why](const expected<refuse_firing::answer>& stored) {
                if (!stored) return not_refused(id, stored.error());
                around_.log->add(counter::schedules_refused, 1);
                around_.log->log(log_level::warning, "schedule_refused",
                                 {{"schedule", id.value},
                                  {"due", format_instant(step.due)},
                                  {"error", to_string(why.code)},
                                  {"detail", std::string_view(why.detail)}});
                settled(id, step);
              });
  }

  void not_refused(schedule_id id, const error& why) {
    if (remedy_for(why.code) != remedy::read_again) wait(resting_[id]);
    drop(id);
  }

  // Several that are refused at a time are one refusal.
  void wait(setback& rest) {
    const auto now = around_.time->now();
    if (rest.until > now) return;
    const auto& limits = around_.limits;
    const auto pause =
        std::min(limits.longest_pause, limits.first_pause * (1 << std::min(rest.attempts, 16)));
    // From three quarters to five quarters, so that many do not come back at once.
    const auto spread = pause / 2;
    const auto part = milliseconds(static_cast<std::int64_t>(around_.chance->next() % 1024) *
                                   spread.count() / 1024);
    ++rest.attempts;
    rest.until = now + pause - spread / 2 + part;
  }

  // Looks again at `until`, or before. By the clock that nobody sets.
  void sleep(instant now, instant until) {
    const auto length =
        std::clamp<milliseconds>(until - now, milliseconds(1), around_.limits.longest_sleep);
    const auto wakes = self_->clock().now() + length;
    if (wake_at_ && *wake_at_ <= wakes) return;
    wake_at_ = wakes;
    self_->delayed_send(self_, length, tick_atom::value);
  }

  scheduler_actor::pointer self_;
  scheduler_surroundings around_;
  std::optional<scheduler_start> with_;
  std::map<schedule_id, due_job> due_;
  // Put off. Those whose time has come keep their number of attempts until they are settled.
  std::map<schedule_id, setback> resting_;
  std::map<user_id, setback> users_;
  setback quiet_;  // everybody
  bool looking_ = false;
  bool look_again_ = false;
  std::optional<caf::actor_clock::time_point> wake_at_;
};

}  // namespace

scheduler_actor::behavior_type run_scheduler(scheduler_actor::pointer self,
                                             scheduler_surroundings around) {
  auto state = std::make_shared<timekeeper>(self, std::move(around));
  return {[state](const scheduler_start& with) { state->start(with); },
          [state](commit_seen_atom) { state->wake(); }, [state](tick_atom) { state->tick(); }};
}

}  // namespace mutirao::actors
