#include "tests/simulation/faults.hpp"

#include <algorithm>

namespace mutirao::simulation {
namespace {

struct point {
  std::string_view name;
  int weight;  // rare commands fail more often, so that each is struck in every way; 0: not played
};
constexpr std::array<point, commit_points> points{{{"insert_job", 1},
                                                   {"claim_jobs", 2},
                                                   {"advance_job", 1},
                                                   {"advance_locked", 4},
                                                   {"end_run", 12},
                                                   {"request_change", 1},
                                                   {"release_jobs", 5},
                                                   {"heartbeat", 4},
                                                   {"create_company", 3},
                                                   {"edit_company", 1},
                                                   {"edit_task", 2},
                                                   {"read_notification", 9},
                                                   {"read_all_notifications", 3},
                                                   {"mark_pushed", 0},
                                                   {"import_rows", 4},
                                                   {"prune", 0},
                                                   {"settle_delivery", 3},
                                                   {"create_schedule", 3},
                                                   {"delete_schedule", 6},
                                                   {"refuse_firing", 9}}};

}  // namespace

std::string_view to_string(fault how) {
  constexpr std::array<std::string_view, fault_count> names{
      "none", "before", "after", "stumble", "crash before", "crash after"};
  return names.at(static_cast<std::size_t>(how));
}

std::string_view commit_point(std::size_t index) {
  return points.at(index).name;
}

void coverage::count(std::span<const command> group, fault how) {
  for (const auto& one : group) ++hits_.at(one.index()).at(static_cast<std::size_t>(how));
}

std::string coverage::missing() const {
  std::string all;
  for (std::size_t at = 0; at < commit_points; ++at) {
    if (points[at].weight == 0) continue;
    for (const auto how : {fault::before, fault::after, fault::crash_before, fault::crash_after}) {
      if (hits_.at(at).at(static_cast<std::size_t>(how)) > 0) continue;
      all += (all.empty() ? "" : ", ") + std::string(commit_point(at)) + " ";
      all += to_string(how);
    }
  }
  return all;
}

std::int64_t coverage::of(fault how) const {
  std::int64_t sum = 0;
  for (const auto& hits : hits_) sum += hits.at(static_cast<std::size_t>(how));
  return sum;
}

weather forecast(dice& chance) {
  weather now;
  const auto kind = chance.below(10);
  if (kind == 0) return now;
  now.store = kind < 7 ? 8 : 20;
  now.crash = static_cast<int>(chance.between(10, 60));
  now.reads = chance.chance(50) ? 3 : 0;
  now.pester = chance.chance(25) ? 80 : 10;
  now.deaths = chance.chance(30) ? 10 : 0;
  return now;
}

fault fault_source::next(std::span<const command> group) {
  int weight = 0;
  for (const auto& one : group) weight = std::max(weight, points.at(one.index()).weight);
  auto how = fault::none;
  if (chance_.chance(std::min(60, now_.store * weight))) {
    if (crashes_left_ > 0 && chance_.chance(now_.crash)) {
      how = chance_.chance(50) ? fault::crash_before : fault::crash_after;
      --crashes_left_;
    } else {
      constexpr std::array ways{fault::before, fault::before, fault::after, fault::after,
                                fault::stumble};
      how = *chance_.one_of(ways);
    }
  }
  seen_.count(group, how);
  return how;
}

errc fault_source::error_of(fault how) {
  if (how == fault::after) return chance_.chance(70) ? errc::deadline : errc::store_failed;
  constexpr std::array ways{errc::store_busy, errc::store_busy, errc::disk_full,
                            errc::store_failed};
  return *chance_.one_of(ways);
}

}  // namespace mutirao::simulation
