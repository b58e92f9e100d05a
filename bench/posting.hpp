// One-company jobs, each of another user and unit, posted as fast as they are taken.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "bench/load.hpp"
#include "bench/service.hpp"

namespace mutirao::bench {

/// Requests that post the jobs of units 1 to `units`, each by a user of its own.
std::vector<std::string> one_job_each(std::size_t units);

/// Posts them over 50 connections until `seconds` are over or none is left. Every answer must be
/// 202; that each was a new job shows in the database.
load_result post_all(std::uint16_t port, const std::vector<std::string>& requests, double seconds);

}  // namespace mutirao::bench
