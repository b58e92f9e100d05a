#include "http/edge/deadline_clock.hpp"

#include <utility>

#include "http/edge/outlet.hpp"

namespace mutirao::http {
deadline_clock::deadline_clock(std::shared_ptr<edge_core> core)
    : core_(std::move(core)), thread_([this] { run(); }) {}

deadline_clock::~deadline_clock() {
  {
    const std::lock_guard guard(mutex_);
    stop_ = true;
  }
  stopped_.notify_all();
  thread_.join();
}

void deadline_clock::run() {
  std::unique_lock lock(mutex_);
  while (!stopped_.wait_for(lock, core_->limits.deadline_check, [this] { return stop_; })) {
    lock.unlock();
    const auto now = core_->hooks.now();
    for (const auto& one : core_->outlets.overdue(now)) one->expire(now);
    lock.lock();
  }
}

}  // namespace mutirao::http
