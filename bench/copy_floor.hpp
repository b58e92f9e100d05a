// The floor on PostgreSQL: tasks, events and ledger of jobs, written by COPY and nothing else.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "bench/data.hpp"

namespace mutirao::bench {

/// The rows of one commit, in COPY's text format.
struct copy_batch {
  std::string tasks, events, items;
};

/// Those of `units` units from the one at `first` on, each job cut into batches of `companies` at
/// most.
std::vector<copy_batch> copy_batches(const population& people, std::size_t first, std::size_t units,
                                     std::size_t companies);

/// Writes each batch in a transaction of its own, over `connections` at once. Returns the seconds
/// that took.
double copy_all(const std::string& url, const std::vector<copy_batch>& batches,
                std::size_t connections);

}  // namespace mutirao::bench
