#include "actors/fair_queue.hpp"

#include <algorithm>
#include <utility>

namespace mutirao::actors {

void fair_queue::push(run_batch task) {
  const auto job = task.id;
  const auto owner = task.user;
  auto& user = users_[owner];
  if (user.turns.empty()) turns_.push_back(owner);
  auto& batches = user.batches[job];
  if (batches.empty()) {
    user.turns.push_back(job);
    owners_[job] = owner;
  }
  batches.push_back(std::move(task));
  ++size_;
}

run_batch fair_queue::pop() {
  const auto owner = turns_.front();
  turns_.pop_front();
  auto& user = users_.at(owner);
  const auto job = user.turns.front();
  user.turns.pop_front();
  auto& batches = user.batches.at(job);
  auto task = std::move(batches.front());
  batches.pop_front();
  --size_;
  if (batches.empty()) {
    user.batches.erase(job);
    owners_.erase(job);
  } else {
    user.turns.push_back(job);
  }
  if (user.turns.empty()) {
    users_.erase(owner);
  } else {
    turns_.push_back(owner);
  }
  return task;
}

std::deque<run_batch> fair_queue::remove(job_id job) {
  const auto found = owners_.find(job);
  if (found == owners_.end()) return {};
  const auto owner = found->second;
  owners_.erase(found);
  auto& user = users_.at(owner);
  auto taken = std::move(user.batches.at(job));
  size_ -= taken.size();
  user.batches.erase(job);
  std::erase(user.turns, job);
  if (user.turns.empty()) {
    users_.erase(owner);
    std::erase(turns_, owner);
  }
  return taken;
}

}  // namespace mutirao::actors
