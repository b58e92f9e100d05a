#include "storage/sqlite/admission.hpp"

namespace mutirao::storage::sqlite {
namespace {

constexpr std::size_t few_users = 1'000;
constexpr std::size_t most_users = 100'000;

}  // namespace

void admission::load(const std::vector<unfinished_of_user>& all, std::int64_t serving) {
  users_.clear();
  unfinished_ = 0;
  serving_ = serving;
  for (const auto& [user, count, last_turn] : all) {
    users_[user] = {count, last_turn};
    unfinished_ += count;
  }
}

std::int64_t admission::unfinished(user_id user) const {
  const auto found = users_.find(user);
  return found == users_.end() ? 0 : found->second.unfinished;
}

void admission::add_unfinished(user_id user, std::int64_t difference) {
  users_[user].unfinished += difference;
  unfinished_ += difference;
  // Where nobody waits, nobody's turn is before another's.
  if (unfinished_ == 0) users_.clear();
}

std::int64_t admission::next_turn(user_id user) const {
  const auto found = users_.find(user);
  return std::max(serving_, found == users_.end() ? 1 : found->second.last_turn + 1);
}

void admission::take_turn(user_id user, std::int64_t turn) {
  if (users_.size() >= forget_at_) forget_users();
  users_[user].last_turn = turn;
}

// Who has nothing unfinished and whose last turn is past stands where a new user would. Where too
// many are left, who has nothing unfinished is forgotten, though it may then come a turn too early.
void admission::forget_users() {
  const bool crowded = users_.size() >= most_users;
  std::erase_if(users_, [&](const auto& x) {
    return x.second.unfinished == 0 && (crowded || x.second.last_turn < serving_);
  });
  forget_at_ = std::max(few_users, 2 * users_.size());
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
