#include "actors/pruner.hpp"

#include <algorithm>
#include <caf/typed_event_based_actor.hpp>
#include <memory>
#include <utility>

#include "actors/ask_store.hpp"

namespace mutirao::actors {
namespace {

// Rows of a step. With fewer than the least hardly any time is saved: on a slow disk it is the
// commit itself that takes longer than a step should.
constexpr std::int64_t least_rows = 100;
constexpr std::int64_t most_rows = 4'000;

class sweeper {
 public:
  sweeper(pruner_actor::pointer self, pruner_surroundings around)
      : self_(self), around_(std::move(around)) {}

  void lead(bool on) { leads_ = on; }

  void step() {
    if (!leads_) return rest();
    const auto now = around_.time->now();
    ask_store(self_, around_.store,
              prune{now - around_.limits.keep, now - idempotency_key_lifetime, rows_, next_},
              [this](expected<prune::answer> answer) { hear(std::move(answer)); });
  }

 private:
  void hear(expected<prune::answer> answer) {
    if (!answer) {
      around_.log->log(
          log_level::warning, "prune_refused",
          {{"error", to_string(answer.error().code)}, {"detail", answer.error().detail}});
      return rest();
    }
    around_.log->add(counter::rows_pruned, static_cast<double>(answer->rows));
    removed_ += answer->rows;
    jobs_ += std::ssize(answer->jobs);
    adapt(*answer);
    if (!answer->jobs.empty())
      self_->send(around_.supervisor, jobs_pruned{std::move(answer->jobs)});
    if (!answer->next) return rest();
    next_ = *answer->next;
    self_->delayed_send(self_, around_.limits.pause, tick_atom::value);
  }

  void adapt(const prune::answer& done) {
    if (done.took > around_.limits.step) {
      rows_ = std::max(least_rows, rows_ / 2);
    } else if (done.took < around_.limits.step / 2 && done.rows >= rows_) {
      rows_ = std::min(most_rows, rows_ * 2);
    }
  }

  void rest() {
    if (removed_ > 0) {
      around_.log->log(log_level::info, "pruned", {{"jobs", jobs_}, {"rows", removed_}});
    }
    next_ = removed_ = jobs_ = 0;
    self_->delayed_send(self_, around_.limits.every, tick_atom::value);
  }

  pruner_actor::pointer self_;
  pruner_surroundings around_;
  bool leads_ = true;
  std::int64_t rows_ = least_rows;
  std::int64_t next_ = 0;
  std::int64_t removed_ = 0;  // in this sweep
  std::int64_t jobs_ = 0;
};

}  // namespace

pruner_actor::behavior_type run_pruner(pruner_actor::pointer self, pruner_surroundings around) {
  auto state = std::make_shared<sweeper>(self, std::move(around));
  return {[state](tick_atom) { state->step(); },
          [state](const lead& whether) { state->lead(whether.on); }};
}

}  // namespace mutirao::actors
