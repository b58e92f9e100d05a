#include "http/name_book.hpp"

#include <utility>

namespace mutirao::http {

known_names::known_names(list_names::answer from, std::uint64_t version)
    : from_(std::move(from)), version_(version) {
  for (const auto& unit : from_.units) units_.emplace(unit.id, unit.name);
  for (const auto& user : from_.users) {
    auto& name = users_.emplace(user.id, user.name).first->second;
    if (!user.surname.empty()) name += (name.empty() ? "" : " ") + user.surname;
  }
}

const std::string* known_names::unit(unit_id of) const {
  const auto found = units_.find(of);
  return found == units_.end() ? nullptr : &found->second;
}

const std::string* known_names::user(user_id of) const {
  const auto found = users_.find(of);
  return found == users_.end() ? nullptr : &found->second;
}

name_book::name_book(list_names::answer first)
    : names_(std::make_shared<const known_names>(std::move(first), 1)) {}

bool name_book::is_due(instant now) {
  const auto at = now.time_since_epoch().count();
  auto due = due_.load(std::memory_order_relaxed);
  if (at < due) return false;
  return due_.compare_exchange_strong(due, at + std::chrono::milliseconds(fresh_for).count());
}

void name_book::expire() {
  due_ = 0;
}

void name_book::put(list_names::answer names) {
  const auto before = now();
  if (before->says(names)) return;
  names_ = std::make_shared<const known_names>(std::move(names), before->version() + 1);
}

}  // namespace mutirao::http
