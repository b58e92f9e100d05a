// The rows of an import: how a job keeps them, and what becomes of each.
#pragma once

#include <span>
#include <vector>

#include "domain/auto_tasks.hpp"
#include "domain/caller.hpp"
#include "domain/company_fields.hpp"
#include "domain/job.hpp"
#include "domain/text_table.hpp"

namespace mutirao {

/// What was asked of all rows, as of the request.
struct import_order {
  generation run;
  bool generates = false;
  std::optional<unit_id> unit;  // of rows that name none
  caller by;                    // whose rights count
};

/// Items are the lines.
job_payload pack_rows(const text_table&);

/// One plan an item. Whether a registration is free and a unit exists is not known here.
std::vector<item_plan> plan_rows(const import_order&, std::span<const payload_chunk>,
                                 std::span<const item_id> items);

}  // namespace mutirao
