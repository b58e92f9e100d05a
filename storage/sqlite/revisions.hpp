// What changed when, in memory: one process writes the file, so no column is needed for it. The
// numbers order commits: each command takes the next, a commit publishes the last one it holds, and
// who reads takes the published number before its picture.
#pragma once

#include <atomic>
#include <cstdint>
#include <unordered_map>
#include <utility>
#include <vector>

#include "storage/sql/revisions.hpp"

namespace mutirao::storage::sqlite {

/// Shared by the writer and all readers of a database.
class published_revision final : public sql::revisions {
 public:
  revision get() const { return newest_.load(std::memory_order_acquire); }
  void set(revision now) { newest_.store(now, std::memory_order_release); }

  expected<revision> of_next_picture(sql::connection&) const override { return get(); }
  revision of_views() const override { return get(); }

 private:
  std::atomic<revision> newest_{1};
};

/// When each company, or its tasks, last changed. The writer's alone.
class company_changes {
 public:
  explicit company_changes(std::size_t limit = 1U << 20U) : limit_(limit) {}

  void changed(std::int64_t company, revision at) {
    if (last_.size() >= limit_) {
      // Forgets all and takes every older plan for stale: those are made again.
      last_.clear();
      undo_.clear();
      floor_ = at;
    }
    auto& last = last_[company];
    if (last == at) return;
    undo_.emplace_back(company, last);
    last = at;
  }

  bool changed_after(std::int64_t company, revision picture) const {
    if (picture < floor_) return true;
    const auto found = last_.find(company);
    return found != last_.end() && found->second > picture;
  }

  void committed() { undo_.clear(); }
  void rolled_back() {
    for (auto change = undo_.rbegin(); change != undo_.rend(); ++change) {
      last_[change->first] = change->second;
    }
    undo_.clear();
  }

 private:
  std::size_t limit_;
  revision floor_ = 1;  // older plans are stale whatever they are of
  std::unordered_map<std::int64_t, revision> last_;
  std::vector<std::pair<std::int64_t, revision>> undo_;  // of the open transaction
};

}  // namespace mutirao::storage::sqlite
