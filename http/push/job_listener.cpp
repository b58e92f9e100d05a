#include "http/push/job_listener.hpp"

#include <tuple>

namespace mutirao::http::push {

void job_listener::joined() {
  ask(site().given.supervisor, find_job{job_}, [this](expected<job_view>&& job) {
    if (job && !job->visible_to(who())) job = fail(errc::unknown_job);
    if (!job) return refuse(job.error());
    take_snapshot(*std::move(job));
  });
}

void job_listener::take_snapshot(job_view job) {
  begin(std::nullopt);
  show("snapshot", std::move(job));
  if (ended(shown_->state)) {
    next_ = shown_;
  } else if (next_ && is_older(*next_)) {
    next_.reset();
  }
  show_newest();
}

void job_listener::hear(const actors::news& what) {
  if (what.elsewhere) return look_up(job_);
  if (what.job) looked_up(*what.job);
}

void job_listener::looked_up(const job_view& job) {
  if (!begun()) {
    next_ = job;
  } else if (!is_older(job)) {
    follow(job);
  }
}

void job_listener::follow(const job_view& job) {
  next_ = job;
  if (has_room()) {
    show_newest();
  } else {
    wait_for_room();
  }
}

void job_listener::room() {
  show_newest();
}

void job_listener::show_newest() {
  if (!next_) return;
  auto job = *std::exchange(next_, std::nullopt);
  if (!ended(job.state)) return show("progress", std::move(job));
  show(job.state == job_state::completed ? "completed" : "failed", std::move(job));
  end();
}

void job_listener::show(std::string_view name, job_view job) {
  job.lease_until.reset();  // only some views have it: else the same state would look like another
  if (name == "progress" && job_face(*shown_, 0) == job_face(job, 0)) {
    shown_->version = job.version;
    return;
  }
  say(name, *object_of(job));
  shown_ = std::move(job);
}

/// A view from the store may be newer than its version says, so that alone does not decide: within
/// a run progress never goes back.
bool job_listener::is_older(const job_view& job) const {
  if (job.version < shown_->version) return true;
  return std::tie(job.run, job.totals.done) < std::tie(shown_->run, shown_->totals.done);
}

}  // namespace mutirao::http::push
