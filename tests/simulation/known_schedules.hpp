// Schedules as the committed operations leave them: each due time, and each unit of it, is settled
// once, in order, and not before its time.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "domain/ports/schedules.hpp"
#include "tests/simulation/findings.hpp"
#include "tests/simulation/known_world.hpp"

namespace mutirao::simulation {

class known_schedules {
 public:
  explicit known_schedules(findings& found) : found_(found) {}

  void made(const schedule& what) { all_.emplace(what.id, what); }
  void deleted(schedule_id id) { all_.erase(id); }
  void settled(const firing& step, instant now, const known_world& world);

  const std::map<schedule_id, schedule>& all() const { return all_; }
  bool any_due(instant now) const;

 private:
  findings& found_;
  std::map<schedule_id, schedule> all_;
  std::map<std::pair<schedule_id, instant>, std::set<unit_id>> units_;  // that are settled
  std::set<std::pair<schedule_id, instant>> times_;                     // that are, whole
};

}  // namespace mutirao::simulation
