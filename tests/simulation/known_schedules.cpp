#include "tests/simulation/known_schedules.hpp"

#include <algorithm>

namespace mutirao::simulation {

void known_schedules::settled(const firing& step, instant now, const known_world& world) {
  const std::string name = "schedule " + std::to_string(step.of.value);
  const auto found = all_.find(step.of);
  if (found == all_.end()) return found_.add(name + " fired and is not there");
  auto& what = found->second;
  found_.check(what.next_due == step.due && what.unit == step.after,
               name + " fired for a time or a unit where it does not stand");
  found_.check(step.due <= now, name + " fired before its time");
  const std::pair key{step.of, step.due};
  if (step.unit) {
    found_.check(units_[key].insert(*step.unit).second, name + " fired twice for a unit");
    what.unit = step.unit;
  }
  if (!step.last) return;
  found_.check(times_.insert(key).second, name + " fired twice for a time");
  if (what.each_unit) {
    for (const auto& [unit, of] : world.units()) {
      found_.check(units_[key].contains(unit),
                   name + " left unit " + std::to_string(unit.value) + " out");
    }
  }
  found_.check(what.cron.empty() != step.next.has_value(), name + " ends or goes on wrongly");
  found_.check(!step.next || *step.next > step.due, name + " does not go on");
  what.unit.reset();
  what.next_due = step.next;
}

bool known_schedules::any_due(instant now) const {
  return std::any_of(all_.begin(), all_.end(), [&](const auto& one) {
    return one.second.next_due && *one.second.next_due <= now;
  });
}

}  // namespace mutirao::simulation
