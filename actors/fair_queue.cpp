#include "actors/fair_queue.hpp"

#include <algorithm>
#include <utility>

namespace mutirao::actors {

void fair_queue::of_user::leave(job_id job, int priority) {
  const auto rank = turns.find(priority);
  std::erase(rank->second, job);
  if (rank->second.empty()) turns.erase(rank);
}

void fair_queue::push(run_batch task) {
  const auto job = task.id;
  const auto owner = task.user;
  auto& user = users_[owner];
  if (user.jobs.empty()) turns_.push_back(owner);
  const auto [found, first] = user.jobs.try_emplace(job, of_job{task.priority, {}});
  auto& queued = found->second;
  const bool moves = !first && queued.priority != task.priority;
  if (moves) user.leave(job, std::exchange(queued.priority, task.priority));
  if (first || moves) user.turns[task.priority].push_back(job);
  if (first) owners_[job] = owner;
  queued.batches.push_back(std::move(task));
  ++size_;
}

run_batch fair_queue::pop() {
  const auto owner = turns_.front();
  turns_.pop_front();
  auto& user = users_.at(owner);
  const auto job = user.turns.begin()->second.front();
  auto& queued = user.jobs.at(job);
  const auto priority = queued.priority;
  auto task = std::move(queued.batches.front());
  queued.batches.pop_front();
  --size_;
  const bool more = !queued.batches.empty();
  user.leave(job, priority);
  if (more) {
    user.turns[priority].push_back(job);
  } else {
    user.jobs.erase(job);
    owners_.erase(job);
  }
  if (user.jobs.empty()) {
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
  auto taken = std::move(user.jobs.at(job));
  size_ -= taken.batches.size();
  user.leave(job, taken.priority);
  user.jobs.erase(job);
  if (user.jobs.empty()) {
    users_.erase(owner);
    std::erase(turns_, owner);
  }
  return std::move(taken.batches);
}

}  // namespace mutirao::actors
