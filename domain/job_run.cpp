#include "domain/job_run.hpp"

#include <algorithm>
#include <utility>

namespace mutirao {
namespace {

constexpr const char* broke = "O processamento foi interrompido por um erro interno.";

/// For people: "1 h", "90 min", "45 s", "250 ms".
std::string text_of(std::chrono::milliseconds length) {
  using namespace std::chrono;
  if (length % hours(1) == length.zero()) return std::to_string(length / hours(1)) + " h";
  if (length % minutes(1) == length.zero()) return std::to_string(length / minutes(1)) + " min";
  if (length % seconds(1) == length.zero()) return std::to_string(length / seconds(1)) + " s";
  return std::to_string(length.count()) + " ms";
}

/// Errors that one item may bring on its whole batch.
bool may_be_one_items(errc code) {
  return code == errc::store_failed || code == errc::internal;
}

}  // namespace

bool passing(errc code) {
  return store_is_away(code) || code == errc::overloaded || code == errc::deadline;
}

std::chrono::milliseconds backoff(errc why, int attempt) {
  using std::chrono::milliseconds;
  if (store_is_away(why)) return milliseconds{1000};
  return std::min(milliseconds{10LL << std::min(attempt, 16)}, milliseconds{5000});
}

std::chrono::milliseconds jittered(std::chrono::milliseconds pause, std::uint64_t chance) {
  const auto half = pause.count() / 2;
  const auto room = static_cast<std::uint64_t>(pause.count() - half + 1);
  return std::chrono::milliseconds(half + static_cast<std::int64_t>(chance % room));
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
  if (todo_.empty() && view_.state == job_state::running) give_out({});
}

// A batch that stalled may have its outcome after all: its serial is out no longer.
void job_run::on(const batch_committed& event) {
  take(event.answer.job);
  if (out_.erase(event.batch.serial) == 0) return;
  if (event.answer.stale.empty() || !at_work()) return;
  job_batch again;
  again.items = event.answer.stale;
  again.misses = event.batch.misses + 1;
  give_out(std::move(again));
}

void job_run::on(const batch_refused& event) {
  const auto& batch = event.batch;
  const auto code = event.why.code;
  if (!out_.contains(batch.serial)) return;
  const bool counts = !store_is_away(code);  // no fault of the batch: it waits as long as its run
  if (passing(code) && !at_work()) {
    out_.erase(batch.serial);
    return;
  }
  if (passing(code) && !(counts && batch.attempt + 1 >= limits_.attempts)) {
    auto again = batch;
    again.attempt += counts ? 1 : 0;
    effects_.emplace_back(dispatch_later{std::move(again), backoff(code, batch.attempt)});
    return;
  }
  out_.erase(batch.serial);
  if (code == errc::draining) return;
  if (code == errc::stale_fence) return lose();
  if (code == errc::stalled) return give_out_again(batch);
  if (may_be_one_items(code)) return narrow(batch);
  ask_end(job_trigger::fail, broke, {});
}

// Once; then its items are failed, and the others go on.
void job_run::give_out_again(job_batch stalled) {
  if (!at_work()) return;
  if (!stalled.failure.empty()) return ask_end(job_trigger::fail, broke, {});
  if (stalled.stalls++ > 0) {
    stalled.failure = "Nenhuma empresa do lote avançou em " + text_of(limits_.stall_after) + ".";
  }
  give_out(std::move(stalled));
}

// Finds the item that breaks its batch: halves it, and records the item that breaks alone as
// failed.
void job_run::narrow(const job_batch& refused) {
  if (!at_work()) return;
  if (!refused.failure.empty() || refused.items.empty()) {
    return ask_end(job_trigger::fail, broke, {});
  }
  if (refused.items.size() == 1) {
    auto failed = refused;
    failed.failure = "Erro interno ao gravar este item.";
    return give_out(std::move(failed));
  }
  const auto middle = refused.items.begin() + std::ssize(refused.items) / 2;
  auto first = refused;
  auto second = refused;
  first.items.assign(refused.items.begin(), middle);
  second.items.assign(middle, refused.items.end());
  give_out(std::move(first));
  give_out(std::move(second));
}

void job_run::on(const backoff_over& event) {
  if (!out_.contains(event.batch.serial)) return;
  if (!at_work()) {
    out_.erase(event.batch.serial);
    return;
  }
  effects_.emplace_back(dispatch{event.batch});
}

void job_run::on(const end_refused& event) {
  ending_ = false;
  if (event.why.code == errc::stale_fence) return lose();
  ask_end(end_how_, end_reason_, backoff(event.why.code, ++end_attempt_));
}

void job_run::on(const view_changed& event) {
  take(event.job);
}

void job_run::on(const run_halted&) {
  halted_ = true;
}

// What is out may still commit before the end does: that stays.
void job_run::on(const deadline_passed&) {
  if (!at_work()) return;
  ask_end(job_trigger::fail,
          "O processamento passou do tempo máximo de " + text_of(limits_.deadline) + ".", {});
}

void job_run::on(const lease_renewed& event) {
  view_.lease_until = event.until;
}

// Another claim has the job, or it has ended.
void job_run::lose() {
  halted_ = true;
  outdated_ = true;
  next_ = todo_.size();
}

void job_run::take(const job_view& newer) {
  if (newer.version < view_.version) return;
  const auto lease = view_.lease_until;
  view_ = newer;
  view_.lease_until = lease;
}

bool job_run::at_work() const {
  return view_.state == job_state::running && !halted_ && !ending_;
}

void job_run::give_out(job_batch batch) {
  batch.serial = ++last_serial_;
  out_.insert(batch.serial);
  effects_.emplace_back(dispatch{std::move(batch)});
}

void job_run::send_out() {
  while (std::ssize(out_) < limits_.batches_out && next_ < todo_.size()) {
    const auto count = std::min(limits_.batch_items, todo_.size() - next_);
    const auto first = todo_.begin() + static_cast<std::ptrdiff_t>(next_);
    job_batch batch;
    batch.items.assign(first, first + static_cast<std::ptrdiff_t>(count));
    next_ += count;
    give_out(std::move(batch));
  }
}

void job_run::settle() {
  if (at_work()) send_out();
  const bool wants_nothing = !at_work() && view_.state != job_state::completed;
  if (wants_nothing && !out_.empty() && !recalled_) {
    recalled_ = true;
    effects_.emplace_back(recall{});
  }
  if (!out_.empty() || (ending_ && unfinished(view_.state))) return;
  if (view_.state == job_state::cancelling && !halted_) {
    ask_end(job_trigger::drained, "", {});
    return;
  }
  if (at_work() && next_ >= todo_.size()) {
    // The last batch's transaction ends a job; one that is still running has lost items.
    ask_end(job_trigger::fail, "O processamento terminou sem concluir todas as empresas.", {});
    return;
  }
  over_ = true;
  effects_.emplace_back(give_up_slot{outdated_});
}

void job_run::ask_end(job_trigger how, std::string reason, std::chrono::milliseconds after) {
  if (ending_) return;
  ending_ = true;
  end_how_ = how;
  end_reason_ = std::move(reason);
  effects_.emplace_back(end_job{end_how_, end_reason_, after});
}

}  // namespace mutirao
