#include "actors/job.hpp"

#include <algorithm>
#include <caf/typed_event_based_actor.hpp>
#include <memory>

#include "actors/ask_store.hpp"

namespace mutirao::actors {
namespace {

class job_shell {
 public:
  job_shell(job_actor::pointer self, job_surroundings around, const job_type* type, claimed_job job)
      : self_(self),
        around_(std::move(around)),
        type_(type),
        id_(job.job.id),
        fence_(job.job.fence),
        arguments_(std::make_shared<const job_arguments>(job.job.arguments)),
        run_(std::move(job), limits()) {}

  void hear(const run_event& event) {
    for (const auto& effect : run_.apply(event)) {
      std::visit([this](const auto& what) { perform(what); }, effect);
    }
  }

  void hear(batch_outcome& outcome) {
    if (outcome.result) {
      around_.log->add(counter::plans_stale, static_cast<double>(outcome.result->stale.size()));
      hear(batch_committed{std::move(outcome.done), std::move(*outcome.result)});
    } else {
      hear(batch_refused{std::move(outcome.done), std::move(outcome.result.error())});
    }
  }

  void end(const end_job& what) {
    ask_store(self_, around_.store,
              end_run{id_, fence_, what.how, what.reason, around_.time->now()},
              [this](expected<job_view> answer) { hear_end(std::move(answer)); });
  }

  // The time that waiting took does not count, so it begins with the claim; what earlier claims
  // have used up is gone.
  void start() {
    overdue_at_ = around_.time->now() + run_.time_left();
    look_at_clock();
    hear(run_started{});
  }

  void look_at_clock() {
    if (around_.time->now() >= overdue_at_) hear(deadline_passed{});
  }

  const job_view& view() const { return run_.view(); }

 private:
  run_limits limits() const {
    auto all = around_.limits;
    if (type_) all.batch_items = std::min(all.batch_items, type_->at_once(*arguments_));
    return all;
  }

  void hear_end(expected<job_view> answer) {
    if (answer) {
      hear(view_changed{std::move(*answer)});
    } else {
      hear(end_refused{std::move(answer.error())});
    }
  }

  void perform(const dispatch& what) {
    self_->send(around_.pool, run_batch{self_, id_, run_.view().user, run_.view().priority, fence_,
                                        type_, arguments_, what.batch, 0});
  }
  void perform(const dispatch_later& what) {
    around_.log->add(counter::batches_retried, 1);
    self_->delayed_send(self_, jittered(what.after, around_.chance->next()),
                        retry_batch{what.batch});
  }
  void perform(const end_job& what) {
    if (what.after.count() == 0) {
      end(what);
    } else {
      self_->delayed_send(self_, jittered(what.after, around_.chance->next()), retry_end{what});
    }
  }
  void perform(const recall&) { self_->send(around_.pool, drop_job{id_}); }
  void perform(const give_up_slot& what) {
    self_->send(around_.supervisor, slot_free{id_, fence_, what.outdated});
  }

  job_actor::pointer self_;
  job_surroundings around_;
  const job_type* type_;  // nothing: it is only cancelled
  job_id id_;
  std::int64_t fence_;
  std::shared_ptr<const job_arguments> arguments_;
  job_run run_;
  instant overdue_at_ = instant::max();
};

}  // namespace

job_actor::behavior_type run_job(job_actor::pointer self, job_surroundings around,
                                 const job_type* type, claimed_job job) {
  auto state = std::make_shared<job_shell>(self, std::move(around), type, std::move(job));
  return {[state](start_atom) { state->start(); },
          [state](status_atom) { return answer_to<find_job>{state->view()}; },
          [state](job_changed& changed) { state->hear(view_changed{std::move(changed.job)}); },
          [state](batch_outcome& outcome) { state->hear(outcome); },
          [state](retry_batch& retry) { state->hear(backoff_over{std::move(retry.again)}); },
          [state](const retry_end& retry) { state->end(retry.again); },
          [state](tick_atom) { state->look_at_clock(); },
          [state](const lease_renewed& lease) { state->hear(lease); },
          [state](drain_atom) { state->hear(run_halted{}); }};
}

}  // namespace mutirao::actors
