#include "storage/sql/commands.hpp"

#include <unordered_map>
#include <utility>

#include "storage/sql/attempt.hpp"

namespace mutirao::storage::sql {

commands::commands(connection& on, const job_types& types, bookkeeping& book, std::string owner,
                   const webhook_rules* webhooks)
    : types_(types),
      book_(book),
      owner_(std::move(owner)),
      jobs_(on),
      companies_(on),
      tasks_(on),
      messages_(on),
      outbox_(on, webhooks),
      schedules_(on),
      directory_(on),
      pruning_(on) {}

expected<void> commands::finish() {
  MUTIRAO_CHECK(put_late_events());
  return book_.finish(staged_);
}

void commands::committed() {
  book_.committed();
  const auto append = [](auto& to, auto& from) {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
    from.clear();
  };
  append(committed_.events, staged_.events);
  append(committed_.notifications, staged_.notifications);
  append(committed_.jobs, staged_.jobs);
  committed_.rows_written += std::exchange(staged_.rows_written, 0);
  committed_.deliveries += std::exchange(staged_.deliveries, 0);
  committed_.schedules |= std::exchange(staged_.schedules, false);
}

void commands::rolled_back() {
  book_.rolled_back();
  jobs_.drop();
  companies_.drop();
  tasks_.drop();
  messages_.drop();
  late_.clear();
  staged_ = {};
}

mutirao::committed commands::take() {
  auto all = std::exchange(committed_, {});
  // The newest view of each job, where its first one stood.
  std::unordered_map<job_id, std::size_t> places;
  std::size_t kept = 0;
  for (auto& job : all.jobs) {
    const auto [place, is_new] = places.try_emplace(job.id, kept);
    auto& into = all.jobs[place->second];
    if (&into != &job) into = std::move(job);
    if (is_new) ++kept;
  }
  all.jobs.resize(kept);
  return all;
}

}  // namespace mutirao::storage::sql
