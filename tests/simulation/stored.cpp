#include "tests/simulation/stored.hpp"

#include <algorithm>
#include <limits>
#include <sstream>

#include "tests/support/stored_promises.hpp"

namespace mutirao::simulation {
namespace {

constexpr std::int64_t all = 1'000'000;
const caller looks_at_all{{1}, true, {}};

template <class Question>
typename Question::answer ask(reads& from, const Question& question, findings& found) {
  auto answer = from.read(question);
  if (answer) return *std::move(answer);
  found.add("a question was refused: " + answer.error().detail);
  return {};
}

template <class Id>
std::string text(const std::optional<Id>& id) {
  return id ? std::to_string(id->value) : "none";
}

std::string line(company_id company, date due, const known_task& task,
                 const std::optional<unit_id>& unit) {
  std::ostringstream all_fields;
  all_fields << "company " << company.value << " " << format_date(due) << " purpose "
             << static_cast<int>(task.kind) << " " << task.status << " sector " << task.sector
             << " technician " << text(task.technician) << " unit " << text(unit) << " \""
             << task.event.title << "\" " << task.event.start;
  return all_fields.str();
}

void compare_lines(std::vector<std::string> stored, std::vector<std::string> known,
                   findings& found) {
  std::sort(stored.begin(), stored.end());
  std::sort(known.begin(), known.end());
  std::vector<std::string> only;
  std::set_difference(stored.begin(), stored.end(), known.begin(), known.end(),
                      std::back_inserter(only));
  for (const auto& x : only) found.add("stored, but should not be: " + x);
  only.clear();
  std::set_difference(known.begin(), known.end(), stored.begin(), stored.end(),
                      std::back_inserter(only));
  for (const auto& x : only) found.add("missing in the store: " + x);
}

void compare_tasks(reads& from, const known_world& world, findings& found) {
  const auto tasks = ask(from, list_tasks{looks_at_all, {}, all, std::nullopt}, found).rows;
  const auto events = ask(from, list_agenda{looks_at_all, {}, all, std::nullopt}, found).rows;
  if (tasks.size() != events.size()) return found.add("tasks and events are not one to one");
  std::vector<std::string> stored;
  for (std::size_t at = 0; at < tasks.size(); ++at) {
    const auto& [task, event] = std::tie(tasks[at], events[at]);
    stored.push_back(line(task.company, task.due,
                          {task.kind,
                           task.status,
                           task.sector,
                           task.technician,
                           {event.title, "", "", event.start, ""}},
                          task.unit));
  }
  std::vector<std::string> known;
  for (const auto& [id, one] : world.all()) {
    for (const auto& [due, task] : one.tasks) {
      known.push_back(line(id, due, task, one.data.unidade_responsavel));
    }
  }
  compare_lines(std::move(stored), std::move(known), found);
}

void compare_schedules(reads& from, const known_schedules& with, findings& found) {
  const auto rows = ask(from, list_schedules{looks_at_all, true, all, std::nullopt}, found).rows;
  found.check(rows.size() == with.all().size(), "there are more or fewer schedules stored");
  for (const auto& row : rows) {
    const auto known = with.all().find(row.id);
    found.check(known != with.all().end() && known->second.next_due == row.next_due &&
                    known->second.unit == row.unit,
                "schedule " + std::to_string(row.id.value) + " stands elsewhere");
  }
}

void compare_companies(reads& from, const known_world& world, findings& found) {
  const auto rows = ask(from, list_companies{looks_at_all, std::nullopt, all, std::nullopt}, found);
  std::vector<company> stored;
  for (const auto& row : rows.companies.rows) stored.push_back(row.data);
  std::vector<company> known;
  for (const auto& [id, one] : world.all()) known.push_back(one.data);
  found.check(stored == known, "the companies are not as they were created and changed");
}

void compare_ledger(reads& from, const known_job& job, findings& found) {
  const auto rows = ask(from, list_items{job.view.id, std::nullopt, all, std::nullopt}, found).rows;
  bool equal = rows.size() == job.scope.size();
  for (const auto& row : rows) {
    const auto known = job.ledger.find(row.item);
    if (known == job.ledger.end()) {
      equal = equal && row.state == item_state::pending;
      continue;
    }
    const auto& now = known->second;
    const bool again = now.state == item_state::failed && now.run < job.view.run;
    equal = equal && row.state == (again ? row.state : now.state) && row.created == now.created &&
            row.attempts == now.attempts;
  }
  found.check(equal, "job " + job.view.id.to_string() + ": its ledger is not as committed");
}

}  // namespace

void compare_stored(reads& from, history& with, findings& found) {
  compare_schedules(from, with.schedules(), found);
  compare_companies(from, with.world(), found);
  compare_tasks(from, with.world(), found);
  for (const auto& [id, job] : with.jobs()) {
    const auto stored = ask(from, find_job{id}, found);
    const auto& known = job.view;
    found.check(stored.state == known.state && stored.run == known.run &&
                    stored.fence == known.fence && stored.totals == known.totals &&
                    stored.priority == known.priority,
                "job " + id.to_string() + " is stored otherwise than committed");
    compare_ledger(from, job, found);
  }
  for (const auto& [user, notes] : with.notifications()) {
    const auto stored = ask(from, list_notifications{user, all}, found);
    const auto unread =
        std::count_if(notes.begin(), notes.end(), [](const auto& note) { return !note.second; });
    bool equal = stored.rows.size() == notes.size() && stored.unread == unread;
    for (const auto& row : stored.rows) {
      const auto note = notes.find(row.id.value);
      equal = equal && note != notes.end() && note->second == row.read_at.has_value();
    }
    found.check(equal, "user " + std::to_string(user.value) + " has other notifications");
  }
}

void plan_again(reads& from, const job_types& types, const history& with, findings& found) {
  for (const auto& [id, job] : with.jobs()) {
    std::vector<item_id> done;
    for (const auto& [item, row] : job.ledger) {
      const auto company = with.world().all().find({item.value});
      const bool edited =
          company == with.world().all().end() || company->second.edited_at > row.ended_at;
      if (row.state == item_state::done && !edited) done.push_back(item);
    }
    const auto again = from.plan(*types.find(job.view.kind), id, job.view.arguments, done);
    if (!again) {
      found.add("planning again failed: " + again.error().detail);
      continue;
    }
    for (const auto& item : again->items) {
      found.check(item.tasks.empty(), "job " + id.to_string() + ": company " +
                                          std::to_string(item.item.value) + " still lacks tasks");
    }
  }
}

void check_promises(const std::string& file, findings& found) {
  for (const auto& broken : testing::broken_promises(file)) found.add("broken: " + broken);
}

}  // namespace mutirao::simulation
