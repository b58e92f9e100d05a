// Batches that wait for a worker: users take turns; within a user's turn go the jobs of the highest
// priority, which take turns too.
#pragma once

#include <deque>
#include <functional>
#include <map>
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
  struct of_job {
    int priority = 0;  // of the batch that came last
    std::deque<run_batch> batches;
  };
  struct of_user {
    // Jobs that have a batch here, each once.
    std::map<int, std::deque<job_id>, std::greater<>> turns;
    std::unordered_map<job_id, of_job> jobs;

    void leave(job_id job, int priority);
  };
  std::deque<user_id> turns_;  // users who have a batch here, each once
  std::unordered_map<user_id, of_user> users_;
  std::unordered_map<job_id, user_id> owners_;
  std::size_t size_ = 0;
};

}  // namespace mutirao::actors
