// What became of a batch: tasks, events, ledger and counters, and the end of the job in the same
// transaction.
#include <algorithm>

#include "storage/sqlite/attempt.hpp"
#include "storage/sqlite/commands.hpp"

namespace mutirao::storage::sqlite {

bool commands::is_stale(const item_plan& item, revision made_at) const {
  const auto from = item.made_from.value_or(company_id{});
  return (item.made_from && changes_.changed_after(from.value, made_at)) ||
         std::any_of(item.tasks.begin(), item.tasks.end(), [&](const new_task& task) {
           return task.company != from && changes_.changed_after(task.company.value, made_at);
         });
}

expected<std::string> commands::obstacle_to(const company& data) {
  if (data.unidade_responsavel) {
    MUTIRAO_TRY(const bool known, companies_.has_unit(*data.unidade_responsavel));
    if (!known) {
      return "A unidade " + std::to_string(data.unidade_responsavel->value) + " não existe.";
    }
  }
  MUTIRAO_TRY(const bool taken, companies_.has_registration(data, {0}));
  if (!taken) return std::string();
  return data.cnpj ? "CNPJ já cadastrado: " + *data.cnpj
                   : "CAEPF já cadastrado: " + data.caepf.value_or("");
}

// Settles one item. False where the ledger has it already.
expected<bool> commands::settle(job_record& job, const item_plan& item, instant now) {
  if (!item.new_company) return write(job, item, now);
  MUTIRAO_TRY(auto why, obstacle_to(*item.new_company));
  if (why.empty()) return write(job, item, now);
  return write(job, {item.item, item_state::failed, {}, std::move(why), item.attempts}, now);
}

// The plan is as new as the company's last change, so all of them are still there to take.
expected<void> commands::take_back(const item_plan& item) {
  if (!item.made_from) return fail(errc::internal, "tasks to take back of no company");
  for (const auto task : item.removed) MUTIRAO_CHECK(tasks_.take_back(task, *item.made_from));
  changes_.changed(item.made_from->value, now_);
  return {};
}

expected<bool> commands::write(job_record& job, const item_plan& item, instant now) {
  MUTIRAO_TRY(const bool fresh, jobs_.end_item(job.no, item, job.view.run, now));
  if (!fresh) return false;
  auto& totals = job.view.totals;
  company_id made;
  if (item.new_company) {
    MUTIRAO_TRY(made, companies_.insert(*item.new_company));
    changes_.changed(made.value, now_);
  }
  for (const auto& task : item.tasks) {
    MUTIRAO_CHECK(add(task, task.company.value != 0 ? task.company : made, now));
  }
  if (!item.removed.empty()) MUTIRAO_CHECK(take_back(item));
  ++totals.done;
  totals.created += static_cast<std::int64_t>(item.counted());
  if (item.state == item_state::failed) ++totals.failed;
  if (item.state == item_state::skipped) ++totals.skipped;
  return true;
}

// `made_at`: nothing where the plans were made inside this transaction.
expected<advance_job::answer> commands::settle(job_record job, const std::vector<item_plan>& items,
                                               std::optional<revision> made_at, instant now) {
  advance_job::answer answer;
  bool advanced = false;
  for (const auto& item : items) {
    if (made_at && is_stale(item, *made_at)) {
      answer.stale.push_back(item.item);
      continue;
    }
    MUTIRAO_TRY(const bool fresh, settle(job, item, now));
    advanced = advanced || fresh;
  }
  if (advanced) job.view.advanced_at = now;
  if (job.view.totals.done == job.view.totals.total) {
    MUTIRAO_TRY(const auto ends, transition(job.view.state, job_trigger::finish));
    MUTIRAO_CHECK(change(job, ends, now));
    touch(job);
  } else if (advanced) {
    MUTIRAO_CHECK(jobs_.save_counts(job));
    touch(job);
  } else {
    job.view.version = now_;
  }
  answer.job = std::move(job.view);
  return answer;
}

// Whoever cancelled or paused it is not to see it go on: what is left to do is done by a later
// claim.
advance_job::answer commands::untouched(job_record job) const {
  job.view.version = now_;
  return {std::move(job.view), {}};
}

expected<advance_job::answer> commands::run(const advance_job& asked) {
  MUTIRAO_TRY(auto job, held(asked.job, asked.fence));
  if (job.view.state != job_state::running) return untouched(std::move(job));
  return settle(std::move(job), asked.batch.items, asked.batch.made_at, asked.now);
}

expected<advance_locked::answer> commands::run(const advance_locked& asked) {
  MUTIRAO_TRY(auto job, held(asked.job, asked.fence));
  if (job.view.state != job_state::running) return untouched(std::move(job));
  const auto* type = types_.find(job.view.kind);
  if (!type) return fail(errc::internal, "no such type of job: " + job.view.kind);
  directory_.plans_for(asked.job);
  MUTIRAO_TRY(const auto planned, type->plan(directory_, job.view.arguments, asked.items));
  return settle(std::move(job), planned, std::nullopt, asked.now);
}

}  // namespace mutirao::storage::sqlite
