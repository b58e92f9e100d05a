// "generate-auto-tasks-unit": the automatic tasks of every active company of a unit, this year's
// and those of up to five years more. Items: company ids, ascending. Plan of an item:
// ../auto_tasks.hpp.
#pragma once

#include "domain/job_type.hpp"

namespace mutirao {

class generate_unit_tasks final : public job_type {
 public:
  static constexpr std::string_view name = "generate-auto-tasks-unit";
  static constexpr int most_future_years = 5;

  std::string_view kind() const override { return name; }
  const job_description& about() const override;

  /// `unit` (a positive number) and `futureYears` (0..5, absent: 0). errc::invalid_id,
  /// errc::invalid_future_years with the text received.
  expected<job_request> validate(const argument_reader&, const caller&, date today) const override;
  expected<std::vector<item_id>> list(company_directory&, const job_arguments&) const override;

  /// A company that was deactivated or left the unit since is skipped; one that is gone too.
  expected<std::vector<item_plan>> plan(company_directory&, const job_arguments&,
                                        std::span<const item_id> items) const override;
  job_ending conclude(const job_arguments&, const job_totals&, notice tells) const override;
  std::vector<named_number> result(const job_arguments&, const job_totals&) const override;
};

}  // namespace mutirao
