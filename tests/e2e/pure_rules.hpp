// What the pure rules say that a job must have stored, to compare with what it stored.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "domain/auto_tasks.hpp"
#include "tests/e2e/database.hpp"

namespace mutirao::e2e {

/// Company -> due dates of its tasks.
using due_dates = std::map<std::int64_t, std::vector<date>>;
due_dates stored_due_dates(database& in);

/// One company's tasks with their events, as lines of every stored column but the ids and
/// created_at, in order of creation.
std::vector<std::string> planned_lines(database& in, std::int64_t company, const generation& run,
                                       const std::vector<date>& existing = {});

/// The same for the active companies of a unit, by ascending company.
std::vector<std::string> planned_for_unit(database& in, std::int64_t unit, const generation& run,
                                          const due_dates& existing = {});

/// Tasks with their events as they are stored, by company and then by id.
std::vector<std::string> stored_lines(database& in, const std::string& where = "1");

/// Empty where both are equal, else the first difference.
std::string difference(const std::vector<std::string>& planned,
                       const std::vector<std::string>& stored);

}  // namespace mutirao::e2e
