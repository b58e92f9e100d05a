// Batches that wait for a worker: users take turns, and the jobs of a user within the user's turn.
#pragma once

#include <deque>
#include <unordered_map>

#include "actors/interfaces.hpp"

namespace mutirao::actors {

class fair_queue {
 public:
  bool empty() const { return turns_.empty(); }
  std::size_t size() const { return size_; }

  /// A job's batches keep their order.
  void push(run_batch task);
  /// The next batch by turn; not of an empty queue.
  run_batch pop();
  /// Takes all batches of a job out.
  std::deque<run_batch> remove(job_id job);

 private:
  struct of_user {
    std::deque<job_id> turns;  // jobs that have a batch here, each once
    std::unordered_map<job_id, std::deque<run_batch>> batches;
  };
  std::deque<user_id> turns_;  // users who have a batch here, each once
  std::unordered_map<user_id, of_user> users_;
  std::unordered_map<job_id, user_id> owners_;
  std::size_t size_ = 0;
};

}  // namespace mutirao::actors
