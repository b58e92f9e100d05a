// Companies and tasks as the committed operations leave them, one after the other, by the pure
// rules of domain/.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "domain/ports/directory.hpp"
#include "domain/ports/store.hpp"
#include "tests/simulation/findings.hpp"
#include "tests/support/empty_directory.hpp"

namespace mutirao::simulation {

struct known_task {
  purpose kind = purpose::routine;
  std::string status;
  std::int64_t sector = automatic_sector;
  std::optional<user_id> technician;
  event_texts event;
};

struct known_company {
  company data;
  std::map<date, known_task> tasks;  // by due date: no company has two of a day
  std::uint64_t edited_at = 0;       // the moment of the last change of its tasks by an edit
};

class known_world final : public testing::empty_directory {
 public:
  explicit known_world(findings& found) : found_(found) {}

  expected<std::vector<item_id>> active_companies(unit_id) override;
  expected<std::vector<item_id>> companies_of(unit_id) override;
  expected<std::vector<planning_company>> companies(std::span<const item_id> ids) override;
  /// As many as there are; the ids are made up.
  expected<std::vector<task_id>> automatic_tasks(const company&, date from) override;

  void take(const import_rows&);
  void take(const create_company&, const company& made);
  void take(const edit_company&, const edit_company::answer&, std::uint64_t moment);
  void take(const edit_task&, const task_row& changed);
  void add(const std::vector<new_task>&);
  void take_back(company_id, date from, std::uint64_t moment);

  bool has(unit_id unit) const { return units_.contains(unit); }
  const std::map<unit_id, std::string>& units() const { return units_; }
  const std::map<company_id, known_company>& all() const { return companies_; }

 private:
  std::size_t generate(const known_company& of, const generation& run);

  findings& found_;
  std::map<unit_id, std::string> units_;
  std::map<company_id, known_company> companies_;
};

}  // namespace mutirao::simulation
