#include "actors/store.hpp"

#include <algorithm>
#include <caf/response_promise.hpp>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>
#include <chrono>
#include <deque>
#include <functional>
#include <limits>
#include <memory>
#include <unordered_map>
#include <utility>

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
  for (const auto& item : what.batch.items) {
    rows += 2 * (item.tasks.size() + item.removed.size()) + (item.new_company ? 1 : 0);
  }
  return rows;
}
// A chunk fills some pages.
std::size_t rows_of(const insert_job& what) {
  return 1 + (what.payload ? 16 * what.payload->chunks.size() : 0);
}
// Not planned yet: about what a year brings.
std::size_t rows_of(const advance_locked& what) {
  return 1 + 7 * what.items.size();
}
template <class Command>
std::size_t rows_of(const Command&) {
  return 1;
}

bool is_batch(const command& what) {
  return std::holds_alternative<advance_job>(what) || std::holds_alternative<advance_locked>(what);
}

// Of the commands that are no batches, those that nobody outside waits for.
bool is_upkeep(const command& what) {
  return std::holds_alternative<claim_jobs>(what) || std::holds_alternative<end_run>(what) ||
         std::holds_alternative<release_jobs>(what) || std::holds_alternative<heartbeat>(what) ||
         std::holds_alternative<settle_delivery>(what) ||
         std::holds_alternative<refuse_firing>(what);
}

// Why the store took nothing of the group; nothing where it took some, or refused each for itself.
const error* trouble_of(const std::vector<command_answer>& answers) {
  const auto* why = std::visit(
      [](const auto& answer) { return answer ? nullptr : &answer.error(); }, answers.front());
  return why && store_is_away(why->code) ? why : nullptr;
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

  void hear_first(const news_actor& who) { first_ = who; }

  void flush() {
    flush_sent_ = false;
    auto group = take_group();
    if (waiting() > 0) send_flush();
    if (!group.empty()) commit(std::move(group));
  }

 private:
  void enqueue(waiting_command waiting) {
    lane_of(waiting).push_back(std::move(waiting));
    send_flush();
  }

  std::deque<waiting_command>& lane_of(const waiting_command& waiting) {
    if (std::holds_alternative<prune>(waiting.what)) return prunes_;
    if (!is_batch(waiting.what)) return quick_;
    return waiting.rows <= limits_.small_rows ? small_ : large_;
  }

  std::size_t waiting() const {
    return quick_.size() + small_.size() + large_.size() + prunes_.size();
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

  // Submissions go before outcomes and small batches before large ones, of which one always goes
  // along. Few go along where others would wait for them: somebody outside, small batches, and the
  // first batch of a job that the group before brought, which is on its way.
  std::vector<waiting_command> take_group() {
    group_taken taken;
    const group_bound whole{limits_.group_commands, limits_.group_rows};
    const group_bound few{limits_.batches_beside, limits_.rows_beside};
    if (prune_is_due()) {
      move_into(taken, prunes_, {1, limits_.group_rows});
      return std::move(taken.group);
    }
    move_into(taken, quick_, whole);
    const bool somebody_waits = !std::all_of(taken.group.begin(), taken.group.end(),
                                             [](const auto& x) { return is_upkeep(x.what); });
    const auto quick = taken.group.size();
    move_into(taken, small_, somebody_waits ? few : whole);
    const bool waited_before = std::exchange(somebody_waited_, somebody_waits);
    const bool is_short = somebody_waits || waited_before || taken.group.size() > quick;
    move_into(taken, large_, {1, std::numeric_limits<std::size_t>::max()});
    move_into(taken, large_, is_short ? few : whole);
    log_->set(gauge::store_queue, static_cast<double>(waiting()));
    return std::move(taken.group);
  }

  struct group_bound {
    std::size_t commands;
    std::size_t rows;  // of the group with what it has already
  };

  struct group_taken {
    std::vector<waiting_command> group;
    std::size_t rows = 0;
    std::unordered_map<job_id, std::size_t> rows_of_job;  // of those that were planned
  };

  bool fits(const group_taken& taken, const waiting_command& next, std::size_t most_rows) const {
    if (taken.group.empty()) return true;
    if (taken.rows + next.rows > most_rows) return false;
    const auto* batch = std::get_if<advance_job>(&next.what);
    if (!batch) return true;
    const auto of_job = taken.rows_of_job.find(batch->job);
    return of_job == taken.rows_of_job.end() || of_job->second + next.rows <= limits_.job_rows;
  }

  void move_into(group_taken& taken, std::deque<waiting_command>& lane, group_bound most) {
    for (; most.commands > 0 && !lane.empty() && taken.group.size() < limits_.group_commands;
         --most.commands) {
      auto& next = lane.front();
      if (!fits(taken, next, most.rows)) return;
      taken.rows += next.rows;
      if (const auto* batch = std::get_if<advance_job>(&next.what)) {
        taken.rows_of_job[batch->job] += next.rows;
      }
      taken.group.push_back(std::move(next));
      lane.pop_front();
    }
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

    if (auto* pruned = std::get_if<command_index<prune>>(&answers[0]); pruned && *pruned) {
      // It was alone.
      (*pruned)->took = std::chrono::duration_cast<std::chrono::microseconds>(took);
    }
    note(trouble_of(answers));
    for (std::size_t i = 0; i < group.size(); ++i) group[i].answer(std::move(answers[i]));
    auto what = store_->take_committed();
    log_->add(counter::rows_written, static_cast<double>(what.rows_written));
    tell(std::move(what));
    store_->trim_log();
  }

  // Once when it begins and once when it is over: batches wait, and nobody else may be asking.
  void note(const error* trouble) {
    if (away_ == (trouble != nullptr)) return;
    away_ = trouble != nullptr;
    log_->set(gauge::store_away, away_ ? 1 : 0);
    if (trouble) {
      log_->log(
          log_level::error, "store_away",
          {{"code", to_string(trouble->code)}, {"detail", std::string_view(trouble->detail)}});
    } else {
      log_->log(log_level::info, "store_back", {});
    }
  }

  void tell(committed what) {
    self_->send(listeners_.checkpointer, commit_seen_atom::value);
    if (what.deliveries > 0 && listeners_.courier) {
      self_->send(listeners_.courier, commit_seen_atom::value);
    }
    if (what.schedules && listeners_.scheduler) {
      self_->send(listeners_.scheduler, commit_seen_atom::value);
    }
    if (what.events.empty() && what.jobs.empty() && what.notifications.empty()) return;
    const committed_news news{std::make_shared<const committed>(std::move(what))};
    if (first_ && !news.what->jobs.empty()) self_->send(first_, news);
    self_->send(listeners_.notifier, news);
  }

  store_actor::pointer self_;
  job_store* store_;
  telemetry* log_;
  store_listeners listeners_;
  news_actor first_;
  store_limits limits_;
  std::deque<waiting_command> quick_;
  std::deque<waiting_command> small_;  // batches
  std::deque<waiting_command> large_;
  std::deque<waiting_command> prunes_;
  std::size_t passed_over_ = 0;   // groups that went before the prune that waits
  bool somebody_waited_ = false;  // in the group before
  bool flush_sent_ = false;
  bool away_ = false;  // the last group could not be stored
};

template <class... Commands>
store_actor::behavior_type handlers(std::shared_ptr<group_committer> state,
                                    std::variant<Commands...>*) {
  return {[state](Commands& what) { return state->accept(what); }...,
          [state](const hear_first& to) { state->hear_first(to.who); },
          [state](flush_atom) { state->flush(); }};
}

}  // namespace

store_actor::behavior_type run_store(store_actor::pointer self, job_store* store, telemetry* log,
                                     store_listeners listeners, store_limits limits) {
  auto state = std::make_shared<group_committer>(self, store, log, std::move(listeners), limits);
  return handlers(std::move(state), static_cast<command*>(nullptr));
}

}  // namespace mutirao::actors
