// What became of a batch: tasks, events, ledger and counters, and the end of the job in the same
// transaction.
#include <algorithm>
#include <string>
#include <unordered_set>

#include "storage/sql/attempt.hpp"
#include "storage/sql/commands.hpp"

namespace mutirao::storage::sql {
namespace {

std::string taken(const company& data) {
  return data.cnpj ? "CNPJ já cadastrado: " + *data.cnpj
                   : "CAEPF já cadastrado: " + data.caepf.value_or("");
}

}  // namespace

bool commands::is_stale(const item_plan& item, revision made_at) const {
  const auto from = item.made_from.value_or(company_id{});
  return (item.made_from && book_.changed_after(from, made_at)) ||
         std::any_of(item.tasks.begin(), item.tasks.end(), [&](const new_task& task) {
           return task.company != from && book_.changed_after(task.company, made_at);
         });
}

// Whether they exist, of all units that somebody is to be created in.
expected<std::map<unit_id, bool>> commands::units_of(const std::vector<const company*>& all) {
  std::map<unit_id, bool> known;
  for (const auto* data : all) {
    if (!data->unidade_responsavel) continue;
    const auto [at, is_new] = known.try_emplace(*data->unidade_responsavel);
    if (!is_new) continue;
    MUTIRAO_TRY(at->second, companies_.has_unit(at->first));
  }
  return known;
}

// Whether each company that is to be created can be: what stands in its way fails its item.
expected<item_plans> commands::checked(std::vector<const item_plan*> items) {
  item_plans made{std::move(items), {}};
  std::vector<const company*> fresh;
  for (const auto* item : made.all) {
    if (item->new_company) fresh.push_back(&*item->new_company);
  }
  if (fresh.empty()) return made;
  MUTIRAO_TRY(auto units, units_of(fresh));
  MUTIRAO_TRY(auto registrations, companies_.registered(fresh));
  for (const auto*& item : made.all) {
    if (!item->new_company) continue;
    const auto& data = *item->new_company;
    const auto unit = data.unidade_responsavel;
    std::string why;
    if (unit && !units[*unit]) {
      why = "A unidade " + std::to_string(unit->value) + " não existe.";
    } else if (!registrations.insert(company_table::registration_of(data)).second) {
      why = taken(data);
    }
    if (why.empty()) continue;
    item = &made.refused.emplace_back(
        item_plan{item->item, item_state::failed, {}, std::move(why), item->attempts});
  }
  return made;
}

// The plan is as new as the company's last change, so all of them are still there to take.
expected<void> commands::take_back(const item_plan& item) {
  if (!item.made_from) return fail(errc::internal, "tasks to take back of no company");
  for (const auto task : item.removed) MUTIRAO_CHECK(tasks_.take_back(task, *item.made_from));
  book_.changed(*item.made_from);
  return {};
}

expected<void> commands::carry_out(job_record& job, const item_plan& item, instant now) {
  company_id made;
  if (item.new_company) {
    MUTIRAO_TRY(made, companies_.insert(*item.new_company));
    book_.changed(made);
  }
  MUTIRAO_CHECK(add(item.tasks, made, now));
  if (!item.removed.empty()) MUTIRAO_CHECK(take_back(item));
  auto& totals = job.view.totals;
  ++totals.done;
  totals.created += static_cast<std::int64_t>(item.counted());
  if (item.state == item_state::failed) ++totals.failed;
  if (item.state == item_state::skipped) ++totals.skipped;
  return {};
}

// False where the ledger has all of them already.
expected<bool> commands::write(job_record& job, const std::vector<const item_plan*>& items,
                               instant now) {
  MUTIRAO_TRY(const auto fresh, jobs_.end_items(job.no, items, job.view.run, now));
  const bool all = fresh.size() == items.size();
  MUTIRAO_CHECK(companies_.expect_new(static_cast<std::size_t>(
      std::count_if(items.begin(), items.end(), [](const auto* x) { return !!x->new_company; }))));
  for (const auto* item : items) {
    if (!all && !std::binary_search(fresh.begin(), fresh.end(), item->item.value)) continue;
    MUTIRAO_CHECK(carry_out(job, *item, now));
  }
  MUTIRAO_CHECK(companies_.flush());
  MUTIRAO_CHECK(tasks_.flush());
  return !fresh.empty();
}

// `made_at`: nothing where the plans were made inside this transaction.
expected<advance_job::answer> commands::settle(job_record job, const std::vector<item_plan>& items,
                                               std::optional<revision> made_at, instant now) {
  advance_job::answer answer;
  std::vector<const item_plan*> kept;
  kept.reserve(items.size());
  for (const auto& item : items) {
    if (made_at && is_stale(item, *made_at)) {
      answer.stale.push_back(item.item);
    } else {
      kept.push_back(&item);
    }
  }
  MUTIRAO_TRY(const auto plans, checked(std::move(kept)));
  MUTIRAO_TRY(const bool advanced, write(job, plans.all, now));
  if (advanced) job.view.advanced_at = now;
  if (job.view.totals.done == job.view.totals.total) {
    MUTIRAO_TRY(const auto ends, transition(job.view.state, job_trigger::finish));
    MUTIRAO_CHECK(change(job, ends, now));
    touch(job);
  } else if (advanced) {
    MUTIRAO_CHECK(jobs_.save_counts(job));
    touch(job);
  } else {
    job.view.version = book_.version_of(job);
  }
  answer.job = std::move(job.view);
  return answer;
}

// Whoever cancelled or paused it is not to see it go on: what is left to do is done by a later
// claim.
advance_job::answer commands::untouched(job_record job) const {
  job.view.version = book_.version_of(job);
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

}  // namespace mutirao::storage::sql
