#include "storage/sql/task_table.hpp"

#include <algorithm>

#include "storage/sql/attempt.hpp"
#include "storage/sql/company_table.hpp"

namespace mutirao::storage::sql {

task_row read_task(const rows& row) {
  task_row task;
  task.id = row.id<task_id>(0);
  task.company = row.id<company_id>(1);
  task.kind = static_cast<purpose>(row.integer(2));
  task.due = read_date(row.text(3));
  task.priority = row.text(4);
  task.status = row.text(5);
  task.sector = row.integer(6);
  task.technician = row.optional_id<user_id>(7);
  task.unit = row.optional_id<unit_id>(8);
  task.created_by = row.integer(9);
  task.created_at = row.at(10);
  task.company_name = row.text(11);
  task.unit_name = row.optional(12, &rows::string);
  task.technician_name = row.optional(13, &rows::string);
  return task;
}

task_table::task_table(connection& on)
    : tasks_(on,
             "INSERT INTO tarefas (id, empresa_id, finalidade_id, prioridade, status, prazo,"
             " setor_id, responsavel_id, created_by, unidade_id, created_at)"
             " VALUES (?1, ?2, ?3, 'Normal', 'Automático', ?4, 2, ?5, 1, ?6, ?7)",
             "iiitiii", "id"),
      events_(on,
              "INSERT INTO agenda (id, title, description, color, start_date, end_date,"
              " usuario_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
              "ittttti", "id"),
      due_dates_(
          on,
          "SELECT prazo FROM tarefas WHERE unidade_id IS NOT DISTINCT FROM ?1 AND empresa_id = ?2"),
      remove_(on,
              "DELETE FROM tarefas WHERE unidade_id IS NOT DISTINCT FROM ?1 AND empresa_id = ?2 "
              "AND prazo >= ?3"
              " AND status = 'Automático' RETURNING prazo"),
      take_back_(on,
                 "DELETE FROM tarefas WHERE id = ?1 AND empresa_id = ?2 AND status = 'Automático'"),
      move_(on,
            "UPDATE tarefas SET unidade_id = ?3 WHERE unidade_id IS NOT DISTINCT FROM ?1 AND "
            "empresa_id = ?2"),
      find_(on, "SELECT " MUTIRAO_TASK_COLUMNS " FROM " MUTIRAO_TASK_TABLES " WHERE t.id = ?1"),
      update_(on,
              "UPDATE tarefas SET status = ?2, responsavel_id = ?3, setor_id = ?4 WHERE id = ?1"),
      move_event_(on, "UPDATE agenda SET usuario_id = ?2 WHERE id = ?1"),
      name_of_(on, "SELECT nome FROM usuarios WHERE id = ?1") {}

expected<void> task_table::insert(task_id id, const new_task& task, company_id of, instant now) {
  const std::string due = format_date(task.due);
  MUTIRAO_CHECK(tasks_.add(id.value, id, of, task.kind, due, task.technician, task.unit, now));
  const auto& event = task.event;
  return events_.add(id.value, id, event.title, event.description, event.color, event.start,
                     event.end, task.technician);
}

expected<void> task_table::flush() {
  MUTIRAO_CHECK(tasks_.flush());
  MUTIRAO_CHECK(events_.flush());
  return {};
}

void task_table::drop() {
  tasks_.drop();
  events_.drop();
}

expected<std::vector<date>> task_table::due_dates(std::optional<unit_id> unit, company_id company) {
  return all_of(due_dates_.run(unit, company),
                [](const rows& row) { return read_date(row.text(0)); });
}

expected<removed_tasks> task_table::remove_automatic(std::optional<unit_id> unit,
                                                     company_id company, date from) {
  removed_tasks removed;
  const std::string first = format_date(from);
  rows found = remove_.run(unit, company, first);
  for (;;) {
    MUTIRAO_TRY(const bool more, found.next());
    if (!more) return removed;
    const date due = read_date(found.text(0));
    removed.last = std::max(removed.last.value_or(due), due);
    ++removed.count;
  }
}

expected<void> task_table::take_back(task_id id, company_id of) {
  MUTIRAO_CHECK(take_back_.execute(id, of));
  return {};
}

expected<void> task_table::move(std::optional<unit_id> from, company_id company,
                                std::optional<unit_id> to) {
  MUTIRAO_CHECK(move_.execute(from, company, to));
  return {};
}

expected<std::optional<task_row>> task_table::find(task_id id) {
  return first_of(find_.run(id), read_task);
}

expected<void> task_table::update(const task_row& task) {
  MUTIRAO_CHECK(update_.execute(task.id, task.status, task.technician, task.sector));
  return {};
}

expected<void> task_table::move_event(task_id id, user_id technician) {
  MUTIRAO_CHECK(move_event_.execute(id, technician));
  return {};
}

expected<std::optional<std::string>> task_table::name_of(user_id user) {
  return first_of(name_of_.run(user), [](const rows& row) { return row.string(0); });
}

}  // namespace mutirao::storage::sql
