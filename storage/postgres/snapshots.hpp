// The pictures that plans were made from, as the server describes them. A picture's number is a
// plan's revision: a smaller one was taken earlier, and shows no more.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

#include "domain/job.hpp"

namespace mutirao::storage::postgres {

/// Which transactions a picture shows (pg_snapshot).
struct snapshot {
  std::uint64_t oldest = 0;               // all below have ended
  std::uint64_t next = 0;                 // this one and those above had not begun
  std::vector<std::uint64_t> unfinished;  // of those between

  bool shows(std::uint64_t transaction) const {
    if (transaction < oldest) return true;
    return transaction < next &&
           std::find(unfinished.begin(), unfinished.end(), transaction) == unfinished.end();
  }
};

/// From "oldest:next:unfinished,unfinished..."; nothing where it is none.
std::optional<snapshot> parse_snapshot(std::string_view text);

/// Shared by the readers, each on a thread of its own, and the writer.
class snapshots {
 public:
  revision add(snapshot taken);
  /// Nothing where it was so long ago that it is forgotten.
  std::optional<snapshot> find(revision number) const;

 private:
  static constexpr std::size_t most_kept = 4096;

  mutable std::mutex lock_;
  std::deque<snapshot> kept_;
  revision first_ = 1;  // the number of kept_.front()
};

}  // namespace mutirao::storage::postgres
