#include "storage/sqlite/admission.hpp"

#include "storage/sqlite/attempt.hpp"

namespace mutirao::storage::sqlite {
namespace {

constexpr std::size_t most_users_known = 100'000;

}  // namespace

expected<void> admission::load(job_table& jobs) {
  MUTIRAO_TRY(const auto all, jobs.unfinished());
  MUTIRAO_TRY(const auto serving, jobs.turn_served());
  users_.clear();
  unfinished_ = 0;
  serving_ = serving;
  for (const auto& [user, count, last_turn] : all) {
    users_[user] = {count, last_turn};
    unfinished_ += count;
  }
  return {};
}

std::int64_t admission::unfinished(user_id user) const {
  const auto found = users_.find(user);
  return found == users_.end() ? 0 : found->second.unfinished;
}

void admission::add_unfinished(user_id user, std::int64_t difference) {
  users_[user].unfinished += difference;
  unfinished_ += difference;
}

std::int64_t admission::next_turn(user_id user) {
  if (users_.size() >= most_users_known) {
    std::erase_if(users_, [](const auto& x) { return x.second.unfinished == 0; });
  }
  auto& last = users_[user].last_turn;
  last = std::max(serving_, last + 1);
  return last;
}

void interrupted_jobs::load(std::vector<std::int64_t> numbers) {
  order_ = std::move(numbers);
  left_ = {order_.begin(), order_.end()};
}

std::optional<std::int64_t> interrupted_jobs::next() {
  while (first_ < order_.size() && !left_.contains(order_[first_])) ++first_;
  if (first_ == order_.size()) return std::nullopt;
  return order_[first_];
}

void interrupted_jobs::taken(std::int64_t no) {
  if (left_.erase(no) != 0) taken_.push_back(no);
}

void interrupted_jobs::committed() {
  for (const auto no : given_back_) {
    if (left_.insert(no).second) order_.push_back(no);
  }
  given_back_.clear();
  taken_.clear();
  first_before_ = first_;
}

void interrupted_jobs::rolled_back() {
  left_.insert(taken_.begin(), taken_.end());
  first_ = first_before_;
  given_back_.clear();
  taken_.clear();
}

}  // namespace mutirao::storage::sqlite
