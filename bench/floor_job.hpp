// The rows that a finished job leaves behind, as values: what a floor writes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "bench/data.hpp"

namespace mutirao::bench {

struct floor_task {
  const company* of;
  std::int64_t purpose;
  std::string due, title, description, start, end;
  std::string_view color;
};

struct floor_job {
  std::int64_t unit;
  const std::vector<company>* companies;
  std::vector<floor_task> tasks;
  std::vector<std::uint8_t> id, scope;
  std::string request, key, body;
};

/// The job of `unit`, which must outlive it.
floor_job floor_job_of(const std::vector<company>& unit, std::int64_t no);

}  // namespace mutirao::bench
