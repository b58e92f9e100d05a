// What a job type reads to list and to plan its items, from one consistent picture of the data.
#pragma once

#include <span>
#include <vector>

#include "domain/company.hpp"
#include "domain/error.hpp"
#include "domain/job.hpp"

namespace mutirao {

struct planning_company {
  company data;
  std::vector<date> due_dates;  // of all its tasks, of whatever kind and status
};

class company_directory {
 public:
  virtual ~company_directory() = default;
  /// errc::unknown_unit where there is no such unit; else its active companies, ascending.
  virtual expected<std::vector<item_id>> active_companies(unit_id) = 0;
  /// errc::unknown_unit where there is no such unit; else all its companies, ascending.
  virtual expected<std::vector<item_id>> companies_of(unit_id) = 0;
  /// Those of `ids` that exist, ascending. `ids` must ascend.
  virtual expected<std::vector<planning_company>> companies(std::span<const item_id> ids) = 0;
  /// Those tasks of a company that nobody has taken up, due on `from` or later, ascending.
  virtual expected<std::vector<task_id>> automatic_tasks(const company&, date from) = 0;
  /// What the request brought for the items `first` to `last` of the job that is being planned:
  /// whole chunks, ascending, which may begin before `first` and go on behind `last`.
  virtual expected<std::vector<payload_chunk>> payload(item_id first, item_id last) = 0;
};

}  // namespace mutirao
