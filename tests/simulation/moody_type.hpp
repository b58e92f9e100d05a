// The generation of a unit's tasks, some of whose companies cannot be planned for a while.
#pragma once

#include <set>
#include <stdexcept>

#include "domain/jobs/generate_unit_tasks.hpp"

namespace mutirao::simulation {

struct moods {
  std::set<item_id> failing;
  std::set<item_id> throwing;
};

class moody_type final : public job_type {
 public:
  explicit moody_type(const moods& now) : now_(now) {}

  std::string_view kind() const override { return sound_.kind(); }
  const job_description& about() const override { return sound_.about(); }
  expected<job_request> validate(const argument_reader& given, const caller& by,
                                 date today) const override {
    return sound_.validate(given, by, today);
  }
  expected<std::vector<item_id>> list(company_directory& from,
                                      const job_arguments& arguments) const override {
    return sound_.list(from, arguments);
  }
  expected<std::vector<item_plan>> plan(company_directory& from, const job_arguments& arguments,
                                        std::span<const item_id> items) const override {
    for (const auto item : items) {
      if (now_.throwing.contains(item)) throw std::runtime_error("planning throws");
    }
    auto planned = sound_.plan(from, arguments, items);
    if (!planned) return planned;
    for (auto& item : *planned) {
      if (now_.failing.contains(item.item)) {
        item = {item.item, item_state::failed, {}, "Cadastro incompleto."};
      }
    }
    return planned;
  }
  job_ending conclude(const job_arguments& arguments, const job_totals& totals,
                      notice tells) const override {
    return sound_.conclude(arguments, totals, tells);
  }
  std::vector<named_number> result(const job_arguments& arguments,
                                   const job_totals& totals) const override {
    return sound_.result(arguments, totals);
  }

 private:
  const moods& now_;
  generate_unit_tasks sound_;
};

}  // namespace mutirao::simulation
