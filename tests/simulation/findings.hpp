// What a simulation found to be wrong, in words.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace mutirao::simulation {

class findings {
 public:
  void add(std::string what) { all_.push_back(std::move(what)); }
  void check(bool holds, const std::string& what) {
    if (!holds) add(what);
  }
  bool none() const { return all_.empty(); }
  const std::vector<std::string>& all() const { return all_; }

 private:
  std::vector<std::string> all_;
};

}  // namespace mutirao::simulation
