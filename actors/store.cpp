#include "actors/store.hpp"

#include <caf/response_promise.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>
#include <chrono>
#include <deque>
#include <functional>
#include <memory>

namespace mutirao::actors {
namespace {

struct waiting_command {
  command what;
  std::size_t rows;  // that it writes, about
  std::function<void(command_answer&&)> answer;
};

// Each task brings its agenda event.
std::size_t rows_of(const advance_job& what) {
  std::size_t rows = 1 + what.batch.items.size();
  for (const auto& item : what.batch.items) rows += 2 * item.tasks.size();
  return rows;
}
template <class Command>
std::size_t rows_of(const Command&) {
  return 1;
}

bool is_batch(const command& what) {
  return std::holds_alternative<advance_job>(what) || std::holds_alternative<advance_locked>(what);
}

bool is_prune(const command& what) {
  return std::holds_alternative<prune>(what);
}

class group_committer {
 public:
  group_committer(store_actor::pointer self, job_store* store, telemetry* log,
                  store_listeners listeners, store_limits limits)
      : self_(self), store_(store), log_(log), listeners_(std::move(listeners)), limits_(limits) {}

  template <class Command>
  auto accept(Command& what) {
    auto promise = self_->make_response_promise<answer_to<Command>>();
    if (waiting() >= limits_.waiting) {
      promise.deliver(answer_to<Command>{fail(errc::overloaded)});
      return promise;
    }
    const auto rows = rows_of(what);
    enqueue({command(std::move(what)), rows, [promise](command_answer&& answer) mutable {
               promise.deliver(
                   answer_to<Command>{std::get<command_index<Command>>(std::move(answer))});
             }});
    return promise;
  }

  void flush() {
    flush_sent_ = false;
    auto group = take_group();
    if (waiting() > 0) send_flush();
    if (!group.empty()) commit(std::move(group));
  }

 private:
  std::size_t waiting() const { return quick_.size() + batches_.size() + prunes_.size(); }

  void enqueue(waiting_command waiting) {
    auto& lane = is_batch(waiting.what) ? batches_ : is_prune(waiting.what) ? prunes_ : quick_;
    lane.push_back(std::move(waiting));
    send_flush();
  }

  // Lands behind everything that waits in the mailbox already: whatever came during one fsync
  // shares the next.
  void send_flush() {
    if (!flush_sent_) self_->send(self_, flush_atom::value);
    flush_sent_ = true;
  }

  // Nobody waits for a prune, so it waits for everybody; but where others never cease to come, the
  // disk would fill.
  bool prune_is_due() {
    if (prunes_.empty()) return false;
    if (waiting() > prunes_.size() && ++passed_over_ <= limits_.prune_waits) return false;
    passed_over_ = 0;
    return true;
  }

  // Submissions go before outcomes, so that their answers never wait for a backlog of batches.
  std::vector<waiting_command> take_group() {
    std::vector<waiting_command> group;
    if (prune_is_due()) {
      group.push_back(std::move(prunes_.front()));
      prunes_.pop_front();
      return group;
    }
    std::size_t rows = 0;
    for (auto* lane : {&quick_, &batches_}) {
      while (!lane->empty() && group.size() < limits_.group_commands) {
        const auto more = lane->front().rows;
        if (!group.empty() && rows + more > limits_.group_rows) break;
        rows += more;
        group.push_back(std::move(lane->front()));
        lane->pop_front();
      }
    }
    log_->set(gauge::store_queue, static_cast<double>(waiting()));
    return group;
  }

  void commit(std::vector<waiting_command> group) {
    std::vector<command> commands;
    commands.reserve(group.size());
    for (auto& waiting : group) commands.push_back(std::move(waiting.what));

    const auto began = std::chrono::steady_clock::now();
    auto answers = store_->commit(commands);
    const auto took = std::chrono::steady_clock::now() - began;
    log_->commit_took(took);
    log_->add(counter::commits, 1);

    auto what = store_->take_committed();
    log_->add(counter::rows_written, static_cast<double>(what.rows_written));
    if (auto* pruned = std::get_if<command_index<prune>>(&answers[0]); pruned && *pruned) {
      (*pruned)->took =
          std::chrono::duration_cast<std::chrono::microseconds>(took);  // it was alone
    }
    for (std::size_t i = 0; i < group.size(); ++i) group[i].answer(std::move(answers[i]));
    tell(std::move(what));
  }

  void tell(committed what) {
    self_->send(listeners_.checkpointer, commit_seen_atom::value);
    if (what.events.empty() && what.jobs.empty() && what.notifications.empty()) return;
    self_->send(listeners_.notifier,
                committed_news{std::make_shared<const committed>(std::move(what))});
  }

  store_actor::pointer self_;
  job_store* store_;
  telemetry* log_;
  store_listeners listeners_;
  store_limits limits_;
  std::deque<waiting_command> quick_;
  std::deque<waiting_command> batches_;
  std::deque<waiting_command> prunes_;
  std::size_t passed_over_ = 0;  // groups that went before the prune that waits
  bool flush_sent_ = false;
};

template <class... Commands>
store_actor::behavior_type handlers(std::shared_ptr<group_committer> state,
                                    std::variant<Commands...>*) {
  return {[state](Commands& what) { return state->accept(what); }...,
          [state](flush_atom) { state->flush(); }};
}

}  // namespace

store_actor::behavior_type run_store(store_actor::pointer self, job_store* store, telemetry* log,
                                     store_listeners listeners, store_limits limits) {
  auto state = std::make_shared<group_committer>(self, store, log, std::move(listeners), limits);
  return handlers(std::move(state), static_cast<command*>(nullptr));
}

}  // namespace mutirao::actors
