// The outlets of all open connections, for the deadlines and for stopping. Its lock is taken when a
// connection comes or goes and at each look at the deadlines, never by a request.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <vector>

#include "http/edge/output.hpp"

namespace mutirao::http {

class outlet;

class outlet_registry {
 public:
  /// False once closed: not taken.
  bool add(const std::shared_ptr<outlet>& one);
  void remove(const outlet& one);
  std::size_t size() const;

  /// Those whose deadline has passed.
  std::vector<std::shared_ptr<outlet>> overdue(steady_time now) const;

  /// Takes no more, and returns those that are there; they stay until removed or cleared.
  std::vector<std::shared_ptr<outlet>> close();
  void clear();

 private:
  mutable std::mutex mutex_;
  std::vector<std::shared_ptr<outlet>> all_;  // each knows its index
  bool closed_ = false;
};

}  // namespace mutirao::http
