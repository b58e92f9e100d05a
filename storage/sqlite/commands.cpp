#include "storage/sqlite/commands.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "storage/sqlite/attempt.hpp"

namespace mutirao::storage::sqlite {

commands::commands(connection& on, const job_types& types, published_revision& published,
                   std::string owner, const webhook_rules* webhooks)
    : types_(types),
      published_(published),
      owner_(std::move(owner)),
      jobs_(on),
      companies_(on),
      tasks_(on),
      messages_(on),
      outbox_(on, webhooks),
      schedules_(on),
      say_alive_(on,
                 "INSERT INTO nodes (owner, lease_until) VALUES (?1, ?2)"
                 " ON CONFLICT (owner) DO UPDATE SET lease_until = excluded.lease_until"),
      directory_(on),
      pruning_(on) {}

expected<void> commands::load() {
  MUTIRAO_TRY(last_job_, jobs_.last_number());
  MUTIRAO_TRY(const auto task, tasks_.last_id());
  MUTIRAO_TRY(const auto notification, messages_.last_id());
  last_task_ = task.value;
  last_notification_ = notification.value;
  MUTIRAO_TRY(auto out, jobs_.out());
  load_interrupted(std::move(out));
  return admission_.load(jobs_);
}

// Of the suspects, those that fewer deaths speak against run first.
void commands::load_interrupted(std::vector<interrupted_job> out) {
  std::stable_sort(out.begin(), out.end(),
                   [](const auto& a, const auto& b) { return a.crash_count < b.crash_count; });
  std::vector<std::int64_t> healthy, suspects;
  for (const auto& job : out) (job.suspect ? suspects : healthy).push_back(job.no);
  interrupted_.load(std::move(healthy));
  suspects_.load(std::move(suspects));
}

expected<void> commands::begin() {
  ++now_;
  if (!uncertain_) return {};
  messages_.forget();
  MUTIRAO_CHECK(admission_.load(jobs_));
  uncertain_ = false;
  return {};
}

void commands::committed() {
  published_.set(now_);
  interrupted_.committed();
  suspects_.committed();
  changes_.committed();
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
  uncertain_ = true;
  interrupted_.rolled_back();
  suspects_.rolled_back();
  changes_.rolled_back();
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

}  // namespace mutirao::storage::sqlite
