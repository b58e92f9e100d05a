#include "http/edge/outlet_registry.hpp"

#include <utility>

#include "http/edge/outlet.hpp"

namespace mutirao::http {

bool outlet_registry::add(const std::shared_ptr<outlet>& one) {
  const std::lock_guard guard(mutex_);
  if (closed_) return false;
  one->registry_index = all_.size();
  all_.push_back(one);
  return true;
}

void outlet_registry::remove(const outlet& one) {
  std::shared_ptr<outlet> removed;  // ends after the lock
  const std::lock_guard guard(mutex_);
  const std::size_t index = one.registry_index;
  if (index >= all_.size() || all_[index].get() != &one) return;
  removed = std::move(all_[index]);
  if (index + 1 < all_.size()) {
    all_[index] = std::move(all_.back());
    all_[index]->registry_index = index;
  }
  all_.pop_back();
}

std::size_t outlet_registry::size() const {
  const std::lock_guard guard(mutex_);
  return all_.size();
}

std::vector<std::shared_ptr<outlet>> outlet_registry::overdue(steady_time now) const {
  std::vector<std::shared_ptr<outlet>> found;
  const std::lock_guard guard(mutex_);
  for (const auto& one : all_) {
    if (one->deadline() <= now) found.push_back(one);
  }
  return found;
}

std::vector<std::shared_ptr<outlet>> outlet_registry::close() {
  const std::lock_guard guard(mutex_);
  closed_ = true;
  return all_;
}

void outlet_registry::clear() {
  std::vector<std::shared_ptr<outlet>> removed;  // end after the lock
  const std::lock_guard guard(mutex_);
  removed.swap(all_);
}

}  // namespace mutirao::http
