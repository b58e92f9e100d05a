// One thread that looks at the deadlines of all connections now and then.
#pragma once

#include <chrono>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

#include "http/edge/core.hpp"

namespace mutirao::http {

class deadline_clock {
 public:
  explicit deadline_clock(std::shared_ptr<edge_core> core);
  ~deadline_clock();
  deadline_clock(const deadline_clock&) = delete;
  deadline_clock& operator=(const deadline_clock&) = delete;

 private:
  void run();

  const std::shared_ptr<edge_core> core_;
  std::mutex mutex_;
  std::condition_variable stopped_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace mutirao::http
