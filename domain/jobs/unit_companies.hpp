// What types share whose items are the companies of one unit.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "domain/job_type.hpp"

namespace mutirao {

inline constexpr argument_spec unit_argument{.name = "unit",
                                             .form = argument_form::integer,
                                             .required = true,
                                             .least = 1,
                                             .most = INT64_MAX,
                                             .says = {"A unidade.", "The unit."}};

/// Plans each company of `items` (ascending) by `plan_one(const planning_company&)`, an
/// expected<item_plan>; the first error ends it. A company that is gone is skipped.
template <class PlanOne>
expected<std::vector<item_plan>> plan_companies(company_directory& directory,
                                                std::span<const item_id> items, PlanOne plan_one) {
  auto found = directory.companies(items);
  if (!found) return tl::unexpected(std::move(found.error()));
  std::vector<item_plan> planned;
  planned.reserve(items.size());
  auto company = found->begin();
  for (const auto item : items) {
    if (company == found->end() || company->data.id.value != item.value) {
      planned.push_back({.item = item, .state = item_state::skipped, .tasks = {}, .error = {}});
      planned.back().made_from = company_id{item.value};
      continue;
    }
    expected<item_plan> one = plan_one(*company++);
    if (!one) return tl::unexpected(std::move(one.error()));
    planned.push_back(*std::move(one));
  }
  return planned;
}

/// An ending that speaks of the unit; its type and texts are still to be said.
inline job_ending ending_of_unit(const job_arguments& arguments) {
  job_ending ending;
  ending.entity_type = "unit";
  if (arguments.unit) ending.entity_id = arguments.unit->value;
  return ending;
}

}  // namespace mutirao
