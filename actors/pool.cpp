#include "actors/pool.hpp"

#include <caf/typed_event_based_actor.hpp>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "actors/fair_queue.hpp"

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
    (is_small(task) ? small_ : large_).push(std::move(task));
    hand_out();
  }

  void finished(std::uint64_t ticket) {
    const auto found = out_.find(ticket);
    if (found == out_.end()) return;
    auto& slot = slots_[found->second.slot];
    if (is_small(found->second.task)) {
      --slot.small;
    } else {
      slot.large_items -= found->second.task.batch.items.size();
    }
    if (found->second.stalled) --slot.stalled;
    out_.erase(found);
    hand_out();
  }

  void drop(job_id job) {
    for (auto* queue : {&small_, &large_}) {
      for (auto& task : queue->remove(job)) give_back(task, errc::draining);
    }
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

  void advanced(std::uint64_t ticket) {
    const auto at = out_.find(ticket);
    if (at == out_.end()) return;
    at->second.since = self_->clock().now();
    ++at->second.parts;
  }

  void look_for_stalled() {
    ticking_ = false;
    const auto now = self_->clock().now();
    for (auto& [ticket, batch] : out_) {
      if (batch.stalled || now - batch.since < limits_.stall_after) continue;
      batch.stalled = true;
      ++slots_[batch.slot].stalled;
      log_->add(counter::batches_stalled, 1);
      log_->log(log_level::error, "batch_stalled",
                {{"job", batch.task.id.to_string()},
                 {"slot", static_cast<std::int64_t>(batch.slot)},
                 {"items", std::ssize(batch.task.batch.items)},
                 {"parts_committed", batch.parts}});
      auto task = batch.task;
      give_back(task, errc::stalled);
    }
    watch();
  }

 private:
  struct out_batch {
    std::size_t slot;
    run_batch task;                      // to give back where the worker dies or nothing comes back
    caf::actor_clock::time_point since;  // sent out, or a part of it committed
    std::int64_t parts = 0;              // committed
    bool stalled = false;
  };
  struct slot_state {
    caf::optional<worker_actor> worker;
    std::size_t small = 0;        // batches out
    std::size_t large_items = 0;  // items of the large batches out
    std::size_t stalled = 0;
  };

  bool is_small(const run_batch& task) const {
    return task.batch.items.size() <= limits_.small_items;
  }

  void fill(std::size_t slot) {
    slots_[slot] = {spawn_worker_(slot, self_), 0, 0, 0};
    self_->monitor(*slots_[slot].worker);
  }

  void hand_out() {
    const auto small = [](const slot_state& slot) { return slot.small; };
    const auto items = [](const slot_state& slot) { return slot.large_items; };
    while (auto* slot = small_.empty() ? nullptr : roomiest(limits_.small_each, small)) {
      ++slot->small;
      send_out(*slot, small_.pop());
    }
    while (auto* slot = large_.empty() ? nullptr : roomiest(limits_.large_items_each, items)) {
      auto task = large_.pop();
      slot->large_items += task.batch.items.size();
      send_out(*slot, std::move(task));
    }
    measure();
    watch();
  }

  // Nothing where every worker has `most`. A worker that does not answer gets no more.
  template <class Load>
  slot_state* roomiest(std::size_t most, Load load) {
    slot_state* best = nullptr;
    for (auto& slot : slots_) {
      if (load(slot) >= most || slot.stalled > 0) continue;
      if (!best || load(slot) < load(*best)) best = &slot;
    }
    return best;
  }

  void send_out(slot_state& slot, run_batch task) {
    task.ticket = ++last_ticket_;
    out_.emplace(task.ticket, out_batch{static_cast<std::size_t>(&slot - slots_.data()), task,
                                        self_->clock().now()});
    self_->send(*slot.worker, std::move(task));
  }

  void return_batches_of(std::size_t slot) {
    for (auto at = out_.begin(); at != out_.end();) {
      if (at->second.slot == slot) {
        if (!at->second.stalled) give_back(at->second.task, errc::overloaded);
        at = out_.erase(at);
      } else {
        ++at;
      }
    }
  }

  void give_back(run_batch& task, errc why) {
    self_->send(task.job, batch_outcome{std::move(task.batch), fail(why)});
  }

  void watch() {
    if (ticking_ || out_.empty()) return;
    ticking_ = true;
    self_->delayed_send(self_, limits_.stall_after / 4, tick_atom::value);
  }

  void measure() {
    log_->set(gauge::pool_queue, static_cast<double>(small_.size() + large_.size()));
    log_->set(gauge::batches_out, static_cast<double>(out_.size()));
  }

  pool_actor::pointer self_;
  worker_factory spawn_worker_;
  telemetry* log_;
  pool_limits limits_;
  std::vector<slot_state> slots_;
  fair_queue small_, large_;                // what waits
  std::map<std::uint64_t, out_batch> out_;  // by ticket
  std::uint64_t last_ticket_ = 0;
  bool ticking_ = false;
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
          [state](const batch_advanced& batch) { state->advanced(batch.ticket); },
          [state](const drop_job& drop) { state->drop(drop.job); },
          [state](tick_atom) { state->look_for_stalled(); }};
}

}  // namespace mutirao::actors
