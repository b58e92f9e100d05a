#include "http/edge/deadline_clock.hpp"

#include <algorithm>
#include <utility>

#include "http/edge/outlet.hpp"

namespace mutirao::http {
namespace {

using std::chrono::milliseconds;

milliseconds period_for(const edge_limits& limits) {
  const auto shortest =
      std::min({limits.head_deadline, limits.body_deadline, limits.idle_deadline,
                limits.answer_deadline, limits.take_deadline, limits.linger_deadline});
  return std::clamp(shortest / 4, milliseconds(5), milliseconds(250));
}

}  // namespace

deadline_clock::deadline_clock(std::shared_ptr<edge_core> core)
    : core_(std::move(core)), period_(period_for(core_->limits)), thread_([this] { run(); }) {}

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
  while (!stopped_.wait_for(lock, period_, [this] { return stop_; })) {
    lock.unlock();
    const auto now = std::chrono::steady_clock::now();
    for (const auto& one : core_->outlets.overdue(now)) one->expire(now);
    lock.lock();
  }
}

}  // namespace mutirao::http
