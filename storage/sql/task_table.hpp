// The tables tarefas and agenda: a task and its event, which share one id.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "domain/company.hpp"
#include "domain/ports/reads.hpp"
#include "domain/ports/store.hpp"
#include "storage/sql/statement.hpp"

namespace mutirao::storage::sql {

/// The columns of a task with the names shown beside it, in the order that read_task takes. Needs
/// `t`, `e`, `u` and `p` as MUTIRAO_TASK_TABLES names them.
#define MUTIRAO_TASK_COLUMNS                                                           \
  "t.id, t.empresa_id, t.finalidade_id, t.prazo, t.prioridade, t.status, t.setor_id, " \
  "t.responsavel_id, t.unidade_id, t.created_by, t.created_at, e.razao_social, u.nome, p.nome"
#define MUTIRAO_TASK_TABLES                          \
  "tarefas t JOIN empresas e ON e.id = t.empresa_id" \
  " LEFT JOIN unidades u ON u.id = t.unidade_id"     \
  " LEFT JOIN usuarios p ON p.id = t.responsavel_id"

task_row read_task(const rows& row);

struct removed_tasks {
  std::int64_t count = 0;
  std::optional<date> last;  // due
};

class task_table {
 public:
  explicit task_table(connection& on);

  /// The task, of the company `of`, and its event. Read, changed and committed only behind `flush`.
  expected<void> insert(task_id id, const new_task& task, company_id of, instant now);
  expected<void> flush();
  void drop();
  expected<std::vector<date>> due_dates(std::optional<unit_id> unit, company_id company);
  /// Those of the company that nobody has taken up, due from `from` on, with their events.
  expected<removed_tasks> remove_automatic(std::optional<unit_id> unit, company_id company,
                                           date from);
  /// One task with its event, unless somebody has taken it up, or it is not of the company.
  expected<void> take_back(task_id id, company_id of);
  expected<void> move(std::optional<unit_id> from, company_id company, std::optional<unit_id> to);

  expected<std::optional<task_row>> find(task_id id);
  /// status, technician and sector.
  expected<void> update(const task_row& task);
  expected<void> move_event(task_id id, user_id technician);
  /// Nothing where the user is not known here.
  expected<std::optional<std::string>> name_of(user_id user);

 private:
  row_writer tasks_, events_;
  statement due_dates_, remove_, take_back_, move_, find_, update_, move_event_, name_of_;
};

}  // namespace mutirao::storage::sql
