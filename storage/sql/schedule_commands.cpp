// Commands about schedules: made, deleted, fired, refused.
#include "storage/sql/attempt.hpp"
#include "storage/sql/commands.hpp"

namespace mutirao::storage::sql {
namespace {

// In the table of keys schedules stand below zero, jobs above.
std::int64_t number_of(schedule_id id) {
  return -id.value;
}

schedule_id schedule_of(std::int64_t number) {
  return {-number};
}

expected<void> check_instant(const create_schedule& asked) {
  if (asked.run_at.empty()) return {};
  const auto due = asked.what.next_due;
  if (!due || *due <= asked.now || *due > asked.now + longest_wait) {
    return fail(errc::invalid_run_at, asked.run_at);
  }
  return {};
}

}  // namespace

expected<std::optional<create_schedule::answer>> commands::replay(const create_schedule& asked,
                                                                  const std::string& request) {
  if (!asked.key) return std::nullopt;
  MUTIRAO_TRY(const auto known, jobs_.find_key(asked.what.owner.user, *asked.key));
  if (!known || known->created_at + idempotency_key_lifetime <= asked.now) return std::nullopt;
  if (known->request != request) return fail(errc::key_reused);
  MUTIRAO_TRY(auto there, schedules_.find(schedule_of(known->job_no)));
  if (!there) return std::nullopt;
  return create_schedule::answer{*std::move(there), true};
}

expected<create_schedule::answer> commands::run(const create_schedule& asked) {
  const auto request = request_text(asked.what);
  MUTIRAO_TRY(auto known, replay(asked, request));
  if (known) return *std::move(known);
  MUTIRAO_CHECK(check_instant(asked));
  if (asked.unit) {
    MUTIRAO_TRY(const bool there, companies_.has_unit(*asked.unit));
    if (!there) return fail(errc::unknown_unit);
  }
  MUTIRAO_TRY(const auto unfinished, schedules_.unfinished(asked.what.owner.user));
  if (unfinished >= asked.most) return fail(errc::schedule_limit);
  create_schedule::answer made{asked.what, false};
  MUTIRAO_TRY(made.what.id, schedules_.insert(asked.what));
  if (asked.key) {
    MUTIRAO_CHECK(jobs_.put_key(asked.what.owner.user, *asked.key,
                                {request, number_of(made.what.id), asked.now}));
  }
  staged_.schedules = true;
  return made;
}

expected<delete_schedule::answer> commands::run(const delete_schedule& asked) {
  MUTIRAO_TRY(const auto there, schedules_.find(asked.id));
  if (!there || (there->owner.user != asked.by.user && !asked.by.admin)) {
    return fail(errc::unknown_schedule);
  }
  MUTIRAO_CHECK(schedules_.remove(asked.id));
  staged_.schedules = true;
  return asked.id;
}

expected<schedule> commands::standing(const firing& what) {
  MUTIRAO_TRY(auto there, schedules_.find(what.of));
  if (!there) return fail(errc::unknown_schedule);
  if (there->next_due != what.due || there->unit != what.after) return fail(errc::already_settled);
  return *std::move(there);
}

expected<void> commands::settle(schedule stands, const firing& what, std::optional<job_id> job,
                                std::optional<schedule_refusal> refusal, instant now) {
  if (stands.last_due != what.due) {
    stands.last_due = what.due;
    stands.jobs = 0;
    stands.job_ids.clear();
    stands.refusal.reset();
  }
  if (job && ++stands.jobs <= static_cast<std::int64_t>(most_remembered_jobs)) {
    stands.job_ids.push_back(*job);
  }
  if (refusal) stands.refusal = std::move(refusal);
  stands.unit = what.last ? std::nullopt : what.unit;
  if (what.last) stands.next_due = what.next;
  return schedules_.save(stands, now);
}

expected<insert_job::answer> commands::fire(const insert_job& asked) {
  MUTIRAO_TRY(auto stands, standing(*asked.fires));
  MUTIRAO_TRY(auto made, insert(asked));
  MUTIRAO_CHECK(settle(std::move(stands), *asked.fires, made.job.id, std::nullopt, asked.now));
  return made;
}

expected<refuse_firing::answer> commands::run(const refuse_firing& asked) {
  MUTIRAO_TRY(auto stands, standing(asked.what));
  schedule_refusal why{asked.why.code, asked.why.detail, asked.what.unit, asked.now};
  MUTIRAO_CHECK(settle(std::move(stands), asked.what, std::nullopt, std::move(why), asked.now));
  return asked.what.of;
}

}  // namespace mutirao::storage::sql
