// Rendered job objects, so that a job that many poll is rendered once per change. One lock, held
// for one lookup: the few actors that carry answers share it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "domain/job.hpp"
#include "http/lru_map.hpp"

namespace mutirao::http {

/// All of a job that its object shows and that ever changes; equal faces of one job have equal
/// objects. (job_view::version is no such thing: a view that comes from the store has its own.)
struct job_face {
  job_state state;
  std::int64_t run;
  int priority;
  job_totals totals;
  std::int64_t done_at_claim;
  std::optional<instant> started_at;
  std::optional<instant> claimed_at;
  std::optional<instant> advanced_at;
  std::optional<instant> completed_at;
  std::optional<instant> lease_until;
  std::uint64_t names;  // their version

  job_face(const job_view& of, std::uint64_t names_version);
  friend bool operator==(const job_face&, const job_face&) = default;
};

/// Safe from any thread.
class body_cache {
 public:
  explicit body_cache(std::size_t most_bytes) : bodies_(most_bytes) {}

  /// Nothing where the job, as it looks now, has not been rendered with these names, or that was
  /// forgotten.
  std::shared_ptr<const std::string> find(const job_view& of, std::uint64_t names_version = 0);
  void put(const job_view& of, std::shared_ptr<const std::string> body,
           std::uint64_t names_version = 0);

 private:
  struct rendered {
    job_face face;
    std::shared_ptr<const std::string> body;
  };
  std::mutex mutex_;
  lru_map<job_id, rendered> bodies_;
};

}  // namespace mutirao::http
