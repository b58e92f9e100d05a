#include "storage/sql/task_reads.hpp"

#include <algorithm>

#include "storage/sql/attempt.hpp"
#include "storage/sql/task_table.hpp"

namespace mutirao::storage::sql {
namespace {

// How far a list reads along the tasks before it asks each unit's index instead. Reading along is
// best where the caller's units hold a good part of all tasks, the index where they hold few.
constexpr std::int64_t window_size = 20'000;

#define MUTIRAO_TASK_FILTER          \
  " AND (?3 IS NULL OR status = ?3)" \
  " AND (?4 IS NULL OR prazo >= ?4) AND (?5 IS NULL OR prazo <= ?5)"

#define MUTIRAO_EVENT_COLUMNS \
  "a.id, a.title, a.description, a.color, a.start_date, a.end_date, t.finalidade_id, t.unidade_id"

std::int64_t task_id_in(const rows& row) {
  return row.integer(0);
}

agenda_row read_event(const rows& row) {
  return {row.id<task_id>(0),
          row.string(1),
          row.string(2),
          row.string(3),
          row.string(4),
          row.string(5),
          static_cast<purpose>(row.integer(6))};
}

}  // namespace

task_reads::task_reads(connection& on)
    : on_(on),
      window_(on,
              "SELECT id, unidade_id FROM tarefas NOT INDEXED"
              " WHERE id > ?1 AND id <= ?2" MUTIRAO_TASK_FILTER " ORDER BY id"),
      last_id_(on, "SELECT coalesce(max(id), 0) FROM tarefas"),
      of_unit_(on,
               "SELECT id FROM tarefas INDEXED BY tarefas_no_lugar"
               " WHERE unidade_id = ?1 AND id > ?2" MUTIRAO_TASK_FILTER " ORDER BY id LIMIT ?6"),
      of_company_(on,
                  "SELECT id FROM tarefas INDEXED BY tarefas_no_lugar"
                  " WHERE unidade_id IS NOT DISTINCT FROM ?1 AND id > ?2" MUTIRAO_TASK_FILTER
                  " AND empresa_id = ?7 ORDER BY id LIMIT ?6"),
      place_(on, "SELECT unidade_responsavel FROM empresas WHERE id = ?1"),
      task_(on, "SELECT " MUTIRAO_TASK_COLUMNS " FROM " MUTIRAO_TASK_TABLES " WHERE t.id = ?1"),
      tasks_of_company_(
          on, "SELECT " MUTIRAO_TASK_COLUMNS " FROM " MUTIRAO_TASK_TABLES
              " WHERE t.unidade_id IS NOT DISTINCT FROM ?1 AND t.empresa_id = ?2 ORDER BY t.id"),
      of_technician_(on, "SELECT " MUTIRAO_EVENT_COLUMNS
                         " FROM agenda a JOIN tarefas t ON t.id = a.id WHERE a.usuario_id = ?1"
                         " AND (?2 IS NULL OR a.start_date >= ?2)"
                         " AND (?3 IS NULL OR a.start_date < ?3) ORDER BY a.start_date, a.id"),
      event_(on, "SELECT " MUTIRAO_EVENT_COLUMNS
                 " FROM agenda a JOIN tarefas t ON t.id = a.id WHERE a.id = ?1") {}

task_reads::search task_reads::search_of(const caller& by, const task_filter& filter,
                                         std::optional<std::int64_t> after, std::int64_t limit) {
  search made{filter, std::nullopt, after.value_or(0), limit + 1};
  if (!by.admin) {
    auto& units = made.units.emplace(by.units);
    std::sort(units.begin(), units.end());
    units.erase(std::unique(units.begin(), units.end()), units.end());
  }
  if (filter.unit) {
    const bool visible = by.may_see(filter.unit);
    made.units = visible ? std::vector{*filter.unit} : std::vector<unit_id>{};
  }
  return made;
}

expected<task_reads::task_ids> task_reads::find(const search& asked) {
  if (asked.filter.company) return of_company(asked);
  return in_windows(asked);
}

expected<std::optional<std::optional<unit_id>>> task_reads::place_of(company_id company) {
  return first_of(place_.run(company), [](const rows& row) { return row.optional_id<unit_id>(0); });
}

expected<task_reads::task_ids> task_reads::of_company(const search& asked) {
  MUTIRAO_TRY(const auto place, place_of(*asked.filter.company));
  if (!place) return task_ids{};
  const auto& units = asked.units;
  if (units && (!*place || std::find(units->begin(), units->end(), **place) == units->end())) {
    return task_ids{};
  }
  return all_of(of_company_.run(*place, asked.after, asked.filter.status, asked.filter.from,
                                asked.filter.to, asked.most, *asked.filter.company),
                task_id_in);
}

expected<task_reads::task_ids> task_reads::in_windows(const search& asked) {
  task_ids found;
  MUTIRAO_TRY(const auto last, number(last_id_.run()));
  for (auto from = asked.after; from < last; from += window_size) {
    if (asked.units && from != asked.after) return of_units(asked);
    rows tasks = window_.run(from, from + window_size, asked.filter.status, asked.filter.from,
                             asked.filter.to);
    while (std::ssize(found) < asked.most) {
      MUTIRAO_TRY(const bool more, tasks.next());
      if (!more) break;
      if (asked.units &&
          !std::binary_search(asked.units->begin(), asked.units->end(), tasks.id<unit_id>(1))) {
        continue;
      }
      found.push_back(tasks.integer(0));
    }
    if (std::ssize(found) == asked.most) break;
  }
  return found;
}

expected<task_reads::task_ids> task_reads::of_units(const search& asked) {
  task_ids found;
  for (const auto unit : *asked.units) {
    MUTIRAO_TRY(const auto more,
                all_of(of_unit_.run(unit, asked.after, asked.filter.status, asked.filter.from,
                                    asked.filter.to, asked.most),
                       task_id_in));
    found.insert(found.end(), more.begin(), more.end());
  }
  std::sort(found.begin(), found.end());
  if (std::ssize(found) > asked.most) found.resize(static_cast<std::size_t>(asked.most));
  return found;
}

template <class Question, class Read>
expected<typename Question::answer> task_reads::list(const Question& asked, statement& one,
                                                     Read row_of) {
  MUTIRAO_TRY(const auto now, picture::take(on_));
  MUTIRAO_TRY(auto ids, find(search_of(asked.by, asked.filter, asked.after, asked.limit)));
  typename Question::answer answer;
  if (std::ssize(ids) > asked.limit) {
    ids.pop_back();
    answer.next = ids.empty() ? asked.after.value_or(0) : ids.back();
  }
  answer.rows.reserve(ids.size());
  for (const auto id : ids) {
    MUTIRAO_TRY(auto row, first_of(one.run(id), row_of));
    if (row) answer.rows.push_back(*std::move(row));
  }
  return answer;
}

expected<list_tasks::answer> task_reads::read(const list_tasks& asked) {
  return list(asked, task_, read_task);
}

expected<list_agenda::answer> task_reads::read(const list_agenda& asked) {
  return list(asked, event_, read_event);
}

expected<company_tasks::answer> task_reads::read(const company_tasks& asked) {
  MUTIRAO_TRY(const auto now, picture::take(on_));
  MUTIRAO_TRY(const auto place, place_of(asked.company));
  if (!place) return fail(errc::unknown_company);
  if (!asked.by.may_see(*place)) return fail(errc::forbidden_unit);
  return all_of(tasks_of_company_.run(*place, asked.company), read_task);
}

expected<technician_agenda::answer> task_reads::read(const technician_agenda& asked) {
  technician_agenda::answer all;
  const auto until = asked.to ? std::optional(*asked.to + std::chrono::days(1)) : std::nullopt;
  rows found = of_technician_.run(asked.technician, asked.from, until);
  for (;;) {
    MUTIRAO_TRY(const bool more, found.next());
    if (!more) return all;
    if (asked.by.may_see(found.optional_id<unit_id>(7))) all.push_back(read_event(found));
  }
}

}  // namespace mutirao::storage::sql
