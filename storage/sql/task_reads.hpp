// Questions about tasks and the agenda.
#pragma once

#include "domain/ports/reads.hpp"
#include "storage/sql/statement.hpp"

namespace mutirao::storage::sql {

class task_reads {
 public:
  explicit task_reads(connection& on);

  expected<list_tasks::answer> read(const list_tasks&);
  expected<company_tasks::answer> read(const company_tasks&);
  expected<technician_agenda::answer> read(const technician_agenda&);
  expected<list_agenda::answer> read(const list_agenda&);

 private:
  /// A list's question, with what the caller may see worked in.
  struct search {
    task_filter filter;
    std::optional<std::vector<unit_id>> units;  // nothing: all
    std::int64_t after = 0;
    std::int64_t most = 0;
  };
  using task_ids = std::vector<std::int64_t>;

  static search search_of(const caller& by, const task_filter& filter,
                          std::optional<std::int64_t> after, std::int64_t limit);
  /// Ascending, at most `most`.
  expected<task_ids> find(const search&);
  expected<task_ids> in_windows(const search&);
  expected<task_ids> of_units(const search&);
  expected<task_ids> of_company(const search&);
  /// One page of a list; `one` answers the row of an id.
  template <class Question, class Read>
  expected<typename Question::answer> list(const Question&, statement& one, Read row_of);
  /// The company's unit; nothing where there is no such company.
  expected<std::optional<std::optional<unit_id>>> place_of(company_id);

  connection& on_;
  statement window_, last_id_, of_unit_, of_company_, place_, task_, tasks_of_company_,
      of_technician_, event_;
};

}  // namespace mutirao::storage::sql
