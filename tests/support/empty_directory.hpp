// A directory that holds nothing: tests override what they need.
#pragma once

#include "domain/ports/directory.hpp"

namespace mutirao::testing {

class empty_directory : public company_directory {
 public:
  expected<std::vector<item_id>> active_companies(unit_id) override {
    return fail(errc::unknown_unit);
  }
  expected<std::vector<item_id>> companies_of(unit_id) override { return fail(errc::unknown_unit); }
  expected<std::vector<planning_company>> companies(std::span<const item_id>) override {
    return std::vector<planning_company>{};
  }
  expected<std::vector<task_id>> automatic_tasks(const company&, date) override {
    return std::vector<task_id>{};
  }
  expected<std::vector<payload_chunk>> payload(item_id, item_id) override {
    return std::vector<payload_chunk>{};
  }
};

}  // namespace mutirao::testing
