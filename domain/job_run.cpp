#include "domain/job_run.hpp"

#include <algorithm>
#include <utility>

namespace mutirao {

bool passing(errc code) {
  return code == errc::store_busy || code == errc::overloaded || code == errc::disk_full ||
         code == errc::deadline;
}

std::chrono::milliseconds backoff(errc why, int attempt) {
  using std::chrono::milliseconds;
  if (why == errc::disk_full) return milliseconds{1000};
  return std::min(milliseconds{10LL << std::min(attempt, 16)}, milliseconds{5000});
}

job_run::job_run(claimed_job job, run_limits limits)
    : view_(std::move(job.job)), todo_(std::move(job.todo)), limits_(limits) {}

std::vector<run_effect> job_run::apply(const run_event& event) {
  effects_.clear();
  if (over_) {
    if (const auto* changed = std::get_if<view_changed>(&event)) take(changed->job);
    return {};
  }
  std::visit([this](const auto& happened) { on(happened); }, event);
  settle();
  return std::exchange(effects_, {});
}

// Nothing left to do: an empty batch lets the store see that, and end the job.
void job_run::on(const run_started&) {
  if (!todo_.empty() || view_.state != job_state::running) return;
  effects_.emplace_back(dispatch{});
  ++out_;
}

void job_run::on(const batch_committed& event) {
  --out_;
  take(event.answer.job);
  if (event.answer.stale.empty() || !goes_on()) return;
  ++out_;
  effects_.emplace_back(dispatch{{event.answer.stale, 0, event.batch.misses + 1}});
}

void job_run::on(const batch_refused& event) {
  const auto code = event.why.code;
  const bool counts = code != errc::disk_full;
  if (passing(code) && !goes_on()) {
    --out_;
    return;
  }
  if (passing(code) && !(counts && event.batch.attempt + 1 >= limits_.attempts)) {
    auto again = event.batch;
    again.attempt += counts ? 1 : 0;
    effects_.emplace_back(dispatch_later{std::move(again), backoff(code, event.batch.attempt)});
    return;
  }
  --out_;
  if (code == errc::draining) return;
  if (code == errc::stale_fence) {
    halted_ = true;  // another claim has the job, or it has ended
    next_ = todo_.size();
    return;
  }
  ask_end(job_trigger::fail, "O processamento foi interrompido por um erro interno.", {});
}

void job_run::on(const backoff_over& event) {
  if (!goes_on()) {
    --out_;
    return;
  }
  effects_.emplace_back(dispatch{event.batch});
}

void job_run::on(const end_refused& event) {
  ending_ = false;
  if (event.why.code == errc::stale_fence) {
    halted_ = true;
    next_ = todo_.size();
    return;
  }
  ask_end(end_how_, end_reason_, backoff(event.why.code, ++end_attempt_));
}

void job_run::on(const view_changed& event) {
  take(event.job);
}

void job_run::on(const run_halted&) {
  halted_ = true;
}

void job_run::take(const job_view& newer) {
  if (newer.version >= view_.version) view_ = newer;
}

bool job_run::goes_on() const {
  return view_.state == job_state::running && !halted_ && !ending_;
}

void job_run::send_out() {
  while (out_ < limits_.batches_out && next_ < todo_.size()) {
    const auto count = std::min(limits_.batch_items, todo_.size() - next_);
    const auto first = todo_.begin() + static_cast<std::ptrdiff_t>(next_);
    effects_.emplace_back(dispatch{{{first, first + static_cast<std::ptrdiff_t>(count)}, 0, 0}});
    next_ += count;
    ++out_;
  }
}

void job_run::settle() {
  const bool mine = goes_on();
  if (mine) send_out();
  if (!mine && out_ > 0 && !recalled_) {
    recalled_ = true;
    effects_.emplace_back(recall{});
  }
  if (out_ > 0 || (ending_ && unfinished(view_.state))) return;
  if (view_.state == job_state::cancelling && !halted_) {
    ask_end(job_trigger::drained, "", {});
    return;
  }
  if (mine && next_ >= todo_.size()) {
    // The last batch's transaction ends a job; one that is still running has lost items.
    ask_end(job_trigger::fail, "O processamento terminou sem concluir todas as empresas.", {});
    return;
  }
  over_ = true;
  effects_.emplace_back(give_up_slot{});
}

void job_run::ask_end(job_trigger how, std::string reason, std::chrono::milliseconds after) {
  if (ending_) return;
  ending_ = true;
  end_how_ = how;
  end_reason_ = std::move(reason);
  effects_.emplace_back(end_job{end_how_, end_reason_, after});
}

}  // namespace mutirao
