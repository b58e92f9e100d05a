#include "tests/simulation/known_world.hpp"

#include <algorithm>

namespace mutirao::simulation {
namespace {

std::vector<date> due_dates(const known_company& of) {
  std::vector<date> due;
  for (const auto& [day, task] : of.tasks) due.push_back(day);
  return due;
}

bool goes(date due, const known_task& task, date from) {
  return due >= from && task.status == automatic_status;
}

std::string name(company_id id) {
  return "company " + std::to_string(id.value);
}

}  // namespace

expected<std::vector<item_id>> known_world::active_companies(unit_id unit) {
  if (!has(unit)) return fail(errc::unknown_unit);
  std::vector<item_id> active;
  for (const auto& [id, known] : companies_) {
    if (known.data.active && known.data.unidade_responsavel == unit) active.push_back({id.value});
  }
  return active;
}

expected<std::vector<item_id>> known_world::companies_of(unit_id unit) {
  if (!has(unit)) return fail(errc::unknown_unit);
  std::vector<item_id> all;
  for (const auto& [id, known] : companies_) {
    if (known.data.unidade_responsavel == unit) all.push_back({id.value});
  }
  return all;
}

expected<std::vector<task_id>> known_world::automatic_tasks(const company& of, date from) {
  std::vector<task_id> some;
  for (const auto& [day, task] : companies_[of.id].tasks) {
    if (goes(day, task, from)) some.push_back({std::ssize(some) + 1});
  }
  return some;
}

expected<std::vector<planning_company>> known_world::companies(std::span<const item_id> ids) {
  std::vector<planning_company> some;
  for (const auto id : ids) {
    const auto known = companies_.find({id.value});
    if (known != companies_.end()) some.push_back({known->second.data, due_dates(known->second)});
  }
  return some;
}

void known_world::take(const import_rows& rows) {
  for (const auto& unit : rows.units) units_[unit.id] = unit.name;
  for (const auto& row : rows.companies) companies_[row.id].data = row;
}

void known_world::take(const create_company& asked, const company& made) {
  auto& known = companies_[made.id];
  known.data = asked.data;
  known.data.id = made.id;
  found_.check(known.data == made, name(made.id) + " was created otherwise than asked");
  generate(known, {asked.today, 0});
}

void known_world::take(const edit_company& asked, const edit_company::answer& answer,
                       std::uint64_t moment) {
  auto& known = companies_[asked.id];
  const auto before = known.data;
  known.data = patched(before, asked.patch);
  found_.check(known.data == answer.data, name(asked.id) + " was changed otherwise than asked");
  if (!regenerates(before, known.data)) {
    found_.check(answer.tasks_created == 0 && answer.tasks_removed == 0,
                 name(asked.id) + " got other tasks without a reason");
    return;
  }
  known.edited_at = moment;
  const date first = std::chrono::sys_days(std::chrono::year(year_of(asked.today)) / 1 / 1);
  std::optional<date> last;
  const auto removed = std::erase_if(known.tasks, [&](const auto& x) {
    const bool gone = goes(x.first, x.second, first);
    if (gone) last = std::max(last.value_or(x.first), x.first);
    return gone;
  });
  const int years = future_years_after_change(asked.today, asked.future_years, last);
  const auto created = generate(known, {asked.today, years});
  found_.check(answer.tasks_removed == static_cast<std::int64_t>(removed) &&
                   answer.tasks_created == static_cast<std::int64_t>(created),
               name(asked.id) + ": an edit removed or created another number of tasks");
}

void known_world::take(const edit_task& asked, const task_row& changed) {
  const auto task = companies_[changed.company].tasks.find(changed.due);
  if (task == companies_[changed.company].tasks.end()) {
    return found_.add(name(changed.company) + ": an unknown task was edited");
  }
  if (asked.status) task->second.status = *asked.status;
  if (asked.sector) task->second.sector = *asked.sector;
  if (asked.technician) task->second.technician = asked.technician;
}

void known_world::add(const std::vector<new_task>& tasks) {
  for (const auto& task : tasks) {
    const known_task made{task.kind, std::string(automatic_status), automatic_sector,
                          task.technician, task.event};
    const bool fresh = companies_[task.company].tasks.emplace(task.due, made).second;
    found_.check(fresh, name(task.company) + " got two tasks due " + format_date(task.due));
  }
}

void known_world::take_back(company_id of, date from, std::uint64_t moment) {
  auto& known = companies_[of];
  known.edited_at = moment;
  std::erase_if(known.tasks, [&](const auto& x) { return goes(x.first, x.second, from); });
}

std::size_t known_world::generate(const known_company& of, const generation& run) {
  const renewal_cycle cycle{of.data.data_renovacao, of.data.periodicidade};
  const auto planned = render_tasks(of.data, plan_auto_tasks(run, cycle, due_dates(of)));
  add(planned);
  return planned.size();
}

}  // namespace mutirao::simulation
