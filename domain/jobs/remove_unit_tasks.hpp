// "remove-auto-tasks-unit": takes back the tasks of a unit's companies, active or not, that nobody
// has taken up, with their agenda events. Items: company ids, ascending. Counts tasks taken back.
#pragma once

#include "domain/job_type.hpp"

namespace mutirao {

class remove_unit_tasks final : public job_type {
 public:
  static constexpr std::string_view name = "remove-auto-tasks-unit";

  std::string_view kind() const override { return name; }
  const job_description& about() const override;

  /// `unit` (a positive number) and `from` (a date; absent: whatever the date).
  /// errc::invalid_id, errc::invalid_field.
  expected<job_request> validate(const argument_reader&, const caller&, date today) const override;
  expected<std::vector<item_id>> list(company_directory&, const job_arguments&) const override;

  /// A company that left the unit since is skipped; one that is gone too.
  expected<std::vector<item_plan>> plan(company_directory&, const job_arguments&,
                                        std::span<const item_id> items) const override;
  job_ending conclude(const job_arguments&, const job_totals&, notice tells) const override;
  std::vector<named_number> result(const job_arguments&, const job_totals&) const override;
};

}  // namespace mutirao
