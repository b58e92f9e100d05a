#include "actors/worker.hpp"

#include <algorithm>
#include <caf/typed_event_based_actor.hpp>
#include <deque>
#include <exception>
#include <memory>
#include <vector>

#include "actors/ask_store.hpp"

namespace mutirao::actors {
namespace {

// Some 3 ms of writing.
constexpr std::size_t tasks_of_part = 500;

class batch_worker {
 public:
  batch_worker(worker_actor::pointer self, pool_actor pool, store_actor store, reads* source,
               const clock* time, telemetry* log)
      : self_(self),
        pool_(std::move(pool)),
        store_(std::move(store)),
        source_(source),
        time_(time),
        log_(log) {}

  void run(run_batch& task) {
    if (!task.batch.failure.empty()) return commit(task, failed(task.batch));
    if (task.batch.locked()) {
      auto shared = std::make_shared<run_batch>(std::move(task));
      ask_store(self_, store_,
                advance_locked{shared->id, shared->fence, shared->batch.items, time_->now()},
                [this, shared](expected<advance_job::answer> result) {
                  answer(*shared, std::move(result));
                });
      return;
    }
    auto planned = plan(task);
    if (!planned) {
      answer(task, tl::unexpected(std::move(planned.error())));
      return;
    }
    log_->add(counter::companies_planned, static_cast<double>(planned->items.size()));
    for (auto& item : planned->items) item.attempts += task.batch.stalls;
    commit(task, std::move(*planned));
  }

 private:
  void commit(run_batch& task, batch_plan planned) {
    auto parts = std::make_shared<parts_of_batch>();
    parts->task = std::move(task);
    parts->left = cut(std::move(planned));
    commit_next(parts);
  }

  // Nothing was read, so nothing can go stale.
  static batch_plan failed(const job_batch& batch) {
    batch_plan all{~revision{0}, {}};
    for (const auto item : batch.items) {
      all.items.push_back({item, item_state::failed, {}, batch.failure, std::max(1, batch.stalls)});
    }
    return all;
  }

  // A type that throws costs the item that made it throw, not its batch.
  expected<batch_plan> plan(const run_batch& task) try {
    return source_->plan(*task.type, task.id, *task.arguments, task.batch.items);
  } catch (const std::exception& thrown) {
    log_->log(log_level::error, "plan_threw",
              {{"job", task.id.to_string()}, {"what", std::string(thrown.what())}});
    return plan_singly(task);
  }

  expected<batch_plan> plan_singly(const run_batch& task) {
    batch_plan all;
    for (const auto& item : task.batch.items) {
      auto one = plan_one(task, item);
      if (!one) return one;
      all.made_at = all.items.empty() ? one->made_at : std::min(all.made_at, one->made_at);
      std::move(one->items.begin(), one->items.end(), std::back_inserter(all.items));
    }
    return all;
  }

  expected<batch_plan> plan_one(const run_batch& task, item_id item) try {
    return source_->plan(*task.type, task.id, *task.arguments, std::span(&item, 1));
  } catch (const std::exception&) {
    job_batch alone;
    alone.items = {item};
    alone.failure = "Erro interno ao planejar este item.";
    return failed(alone);
  }

  // A batch with many tasks is committed in parts, so that no transaction holds others up for long.
  struct parts_of_batch {
    run_batch task;
    std::deque<batch_plan> left;
    std::vector<item_id> stale;
  };

  static std::deque<batch_plan> cut(batch_plan whole) {
    std::deque<batch_plan> parts(1);
    parts.back().made_at = whole.made_at;
    std::size_t tasks = 0;
    for (auto& item : whole.items) {
      const auto more = item.tasks.size() + item.removed.size();
      if (tasks > 0 && tasks + more > tasks_of_part) {
        parts.emplace_back().made_at = whole.made_at;
        tasks = 0;
      }
      tasks += more;
      parts.back().items.push_back(std::move(item));
    }
    return parts;
  }

  void commit_next(const std::shared_ptr<parts_of_batch>& parts) {
    auto part = std::move(parts->left.front());
    parts->left.pop_front();
    ask_store(self_, store_,
              advance_job{parts->task.id, parts->task.fence, std::move(part), time_->now()},
              [this, parts](expected<advance_job::answer> result) {
                committed(parts, std::move(result));
              });
  }

  void committed(const std::shared_ptr<parts_of_batch>& parts,
                 expected<advance_job::answer> result) {
    if (!result) return answer(parts->task, std::move(result));
    auto& stale = parts->stale;
    stale.insert(stale.end(), result->stale.begin(), result->stale.end());
    if (!parts->left.empty() && result->job.state == job_state::running) {
      self_->send(parts->task.job, job_changed{std::move(result->job)});
      self_->send(pool_, batch_advanced{parts->task.ticket});
      return commit_next(parts);
    }
    result->stale = std::move(stale);
    answer(parts->task, std::move(result));
  }

  void answer(run_batch& task, expected<advance_job::answer> result) {
    self_->send(task.job, batch_outcome{std::move(task.batch), std::move(result)});
    self_->send(pool_, worker_ready{task.ticket});
  }

  worker_actor::pointer self_;
  pool_actor pool_;
  store_actor store_;
  reads* source_;
  const clock* time_;
  telemetry* log_;
};

}  // namespace

worker_actor::behavior_type run_worker(worker_actor::pointer self, pool_actor pool,
                                       store_actor store, reads* source, const clock* time,
                                       telemetry* log) {
  auto state =
      std::make_shared<batch_worker>(self, std::move(pool), std::move(store), source, time, log);
  return {[state](run_batch& task) { state->run(task); }};
}

}  // namespace mutirao::actors
