#include "http/push/progress_board.hpp"

#include <utility>

namespace mutirao::http::push {

void progress_board::offer(view job) {
  auto& known = jobs_[job->id];
  const auto newest = known.waiting ? std::optional(place_of(*known.waiting)) : known.told;
  if (!newest || place_of(*job) > *newest) known.waiting = std::move(job);
}

std::vector<progress_board::view> progress_board::take() {
  std::vector<view> all;
  for (auto& [id, known] : jobs_) {
    if (!known.waiting) continue;
    known.told = place_of(*known.waiting);
    all.push_back(std::exchange(known.waiting, nullptr));
  }
  return all;
}

bool progress_board::is_news(const job_view& job) const {
  const auto known = jobs_.find(job.id);
  return known == jobs_.end() || !known->second.told || place_of(job) > *known->second.told;
}

void progress_board::told(const job_view& job, std::optional<std::int64_t> ended_by) {
  auto& known = jobs_[job.id];
  known.told = place_of(job);
  known.ended_by = ended_by;
  if (known.waiting && place_of(*known.waiting) <= *known.told) known.waiting = nullptr;
}

void progress_board::heard(std::int64_t event) {
  std::erase_if(jobs_, [&](const auto& one) {
    const auto& ended_by = one.second.ended_by;
    return ended_by && *ended_by <= event;
  });
}

}  // namespace mutirao::http::push
