// Reads the whole database back and compares it with what the history of its commits says.
#pragma once

#include <string>

#include "domain/ports/reads.hpp"
#include "tests/simulation/history.hpp"

namespace mutirao::simulation {

/// Companies, tasks, agenda events, jobs, ledgers and notifications, row by row.
void compare_stored(reads& from, history& with, findings& found);

/// Planned again, items that are done create nothing, unless an edit came behind them.
void plan_again(reads& from, const job_types& types, const history& with, findings& found);

/// What must hold within the file, whatever was committed: tests/support/stored_promises.hpp.
void check_promises(const std::string& file, findings& found);

}  // namespace mutirao::simulation
