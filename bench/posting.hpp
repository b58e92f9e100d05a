// Jobs, each of another user and unit, posted as fast as they are taken.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "bench/load.hpp"
#include "bench/service.hpp"

namespace mutirao::bench {

/// Requests that post the jobs of units 1 to `units`, each by a user of its own.
std::vector<std::string> one_job_each(std::size_t units, int future_years = 0);

/// Posts them over `connections` until `seconds` are over or none is left. Every answer must be
/// 202; that each was a new job shows in the database.
load_result post_all(std::uint16_t port, std::span<const std::string> requests, double seconds,
                     std::size_t connections = 50);

/// One user posts the jobs of `count` units one after another, then waits for each.
void do_jobs(std::uint16_t port, std::size_t first_unit, std::size_t count);

/// Posts them in order, more for those that end meanwhile, until the database says that `wanted`
/// jobs are unfinished at one moment. Returns how many it took. Gives up where none is left.
std::size_t post_until_unfinished(const service& at, std::span<const std::string> requests,
                                  std::size_t wanted);

}  // namespace mutirao::bench
