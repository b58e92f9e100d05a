#include "http/sign_in/throttle.hpp"

#include <algorithm>

namespace mutirao::http {

std::chrono::seconds sign_in_throttle::pause_after(int count) const {
  if (count < limits_.free_tries) return std::chrono::seconds(0);
  const int doubled = std::min(count - limits_.free_tries, 16);
  return std::min(limits_.first_pause * (1 << doubled), limits_.longest_pause);
}

std::optional<std::chrono::seconds> sign_in_throttle::begin(const std::string& email, instant now) {
  const std::lock_guard hold(mutex_);
  const auto* known = tried_.find(email);
  tries next = known ? *known : tries{};
  if (now - next.last >= limits_.forgets_after) next = {};
  // A clock that was set back must not make anybody wait for longer.
  if (next.wait_until - now > limits_.longest_pause) next.wait_until = now;
  if (now < next.wait_until) return std::chrono::ceil<std::chrono::seconds>(next.wait_until - now);
  ++next.count;
  next.last = now;
  next.wait_until = now + pause_after(next.count);
  tried_.put(email, next, 1);
  return std::nullopt;
}

void sign_in_throttle::right(const std::string& email) {
  const std::lock_guard hold(mutex_);
  tried_.erase(email);
}

void sign_in_throttle::not_tried(const std::string& email) {
  const std::lock_guard hold(mutex_);
  auto* known = tried_.find(email);
  if (!known) return;
  known->wait_until = known->last;
  if (--known->count <= 0) tried_.erase(email);
}

}  // namespace mutirao::http
