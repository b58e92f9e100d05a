#include "actors/pool.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <deque>
#include <map>
#include <memory>
#include <unordered_map>
#include <utility>
#include <vector>

namespace mutirao::actors {
namespace {

class turn_pool {
 public:
  turn_pool(pool_actor::pointer self, worker_factory spawn_worker, telemetry* log,
            pool_limits limits)
      : self_(self), spawn_worker_(std::move(spawn_worker)), log_(log), limits_(limits) {}

  void start() {
    slots_.resize(limits_.workers);
    for (std::size_t slot = 0; slot < slots_.size(); ++slot) fill(slot);
    hand_out();
  }

  void accept(run_batch& task) {
    auto& queue = waiting_[task.id];
    if (queue.empty()) turns_.push_back(task.id);
    queue.push_back(std::move(task));
    ++waiting_count_;
    hand_out();
  }

  void finished(std::uint64_t ticket) {
    const auto found = out_.find(ticket);
    if (found == out_.end()) return;
    slots_[found->second.slot].give_back(found->second.task.batch);
    out_.erase(found);
    hand_out();
  }

  void drop(job_id job) {
    const auto found = waiting_.find(job);
    if (found == waiting_.end()) return;
    for (auto& task : found->second) give_back(task, errc::draining);
    waiting_count_ -= found->second.size();
    waiting_.erase(found);
    std::erase(turns_, job);
    measure();
  }

  void dismiss() {
    for (const auto& slot : slots_) {
      if (slot.worker) self_->send_exit(*slot.worker, caf::exit_reason::user_shutdown);
    }
    slots_.clear();
  }

  void worker_died(const caf::down_msg& down) {
    for (std::size_t slot = 0; slot < slots_.size(); ++slot) {
      if (!slots_[slot].worker || slots_[slot].worker->address() != down.source) continue;
      log_->log(log_level::error, "worker_died", {{"slot", static_cast<std::int64_t>(slot)}});
      return_batches_of(slot);
      fill(slot);
    }
    hand_out();
  }

 private:
  struct slot_state {
    caf::optional<worker_actor> worker;
    std::size_t batches = 0;  // out
    std::size_t items = 0;

    void take(const job_batch& batch) {
      ++batches;
      items += batch.items.size();
    }
    void give_back(const job_batch& batch) {
      --batches;
      items -= batch.items.size();
    }
  };
  struct out_batch {
    std::size_t slot;
    run_batch task;  // to give back where the worker dies
  };

  void fill(std::size_t slot) {
    slots_[slot] = {spawn_worker_(slot, self_), 0, 0};
    self_->monitor(*slots_[slot].worker);
  }

  void hand_out() {
    for (auto* slot = roomiest(); slot && !turns_.empty(); slot = roomiest()) {
      const auto job = turns_.front();
      turns_.pop_front();
      auto& queue = waiting_[job];
      auto task = std::move(queue.front());
      queue.pop_front();
      --waiting_count_;
      if (queue.empty()) {
        waiting_.erase(job);
      } else {
        turns_.push_back(job);
      }
      send_out(*slot, std::move(task));
    }
    measure();
  }

  slot_state* roomiest() {
    slot_state* best = nullptr;
    for (auto& slot : slots_) {
      if (slot.batches >= limits_.batches_each || slot.items >= limits_.items_each) continue;
      const auto load = std::make_pair(slot.items, slot.batches);
      if (!best || load < std::make_pair(best->items, best->batches)) best = &slot;
    }
    return best;
  }

  void send_out(slot_state& slot, run_batch task) {
    slot.take(task.batch);
    task.ticket = ++last_ticket_;
    out_.emplace(task.ticket, out_batch{static_cast<std::size_t>(&slot - slots_.data()), task});
    self_->send(*slot.worker, std::move(task));
  }

  void return_batches_of(std::size_t slot) {
    for (auto at = out_.begin(); at != out_.end();) {
      if (at->second.slot == slot) {
        give_back(at->second.task, errc::store_busy);
        at = out_.erase(at);
      } else {
        ++at;
      }
    }
  }

  void give_back(run_batch& task, errc why) {
    self_->send(task.job, batch_outcome{std::move(task.batch), fail(why)});
  }

  void measure() {
    log_->set(gauge::pool_queue, static_cast<double>(waiting_count_));
    log_->set(gauge::batches_out, static_cast<double>(out_.size()));
  }

  pool_actor::pointer self_;
  worker_factory spawn_worker_;
  telemetry* log_;
  pool_limits limits_;
  std::vector<slot_state> slots_;
  std::unordered_map<job_id, std::deque<run_batch>> waiting_;
  std::deque<job_id> turns_;  // jobs that have a batch waiting, each once
  std::map<std::uint64_t, out_batch> out_;
  std::uint64_t last_ticket_ = 0;
  std::size_t waiting_count_ = 0;
};

}  // namespace

pool_actor::behavior_type run_pool(pool_actor::pointer self, worker_factory spawn_worker,
                                   telemetry* log, pool_limits limits) {
  auto state = std::make_shared<turn_pool>(self, std::move(spawn_worker), log, limits);
  self->set_down_handler([state](const caf::down_msg& down) { state->worker_died(down); });
  self->set_exit_handler([state, self](const caf::exit_msg& exit) {
    state->dismiss();
    self->quit(exit.reason);
  });
  return {[state](start_atom) { state->start(); },
          [state](run_batch& task) { state->accept(task); },
          [state](const worker_ready& ready) { state->finished(ready.ticket); },
          [state](const drop_job& drop) { state->drop(drop.job); }};
}

}  // namespace mutirao::actors
