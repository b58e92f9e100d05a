#include "http/push/socket_listener.hpp"

#include <utility>

namespace mutirao::http::push {

void socket_listener::opened() {
  hold();
  const auto since = site().given.clock->now() - missed_for;
  ask(site().next_reader(), list_notifications{who().user, most_missed, since},
      [this](expected<list_notifications::answer>&& missed) {
        if (!missed) return refuse(missed.error());
        tell_missed(missed->rows);
        release();
      });
}

void socket_listener::tell_missed(const std::vector<notification>& newest_first) {
  for (auto one = newest_first.rbegin(); one != newest_first.rend(); ++one) {
    missed_.insert(one->id.value);
    tell(*one);
  }
}

void socket_listener::tell(const notification& told) {
  say("notification:new", object_of(told));
  said_.push_back(told.id);
  watch_taking();
}

void socket_listener::tell_notification(const job_event&, const notification& told) {
  if (missed_.erase(told.id.value) == 0) tell(told);
}

// A view from the store may be of a later time than the event: what has ended since has an event of
// its own.
void socket_listener::tell_job(const job_event& event, const job_view& job) {
  const bool ends = ends_a_run(event.what);
  if (!ends && (ended(job.state) || !progress_.is_news(job))) return;
  say(ends ? "job:done" : "job:progress", *object_of(job));
  if (ends && looks_up(job.id)) ended_meanwhile_.insert(job.id);
  progress_.told(job, ends ? std::optional(event.sequence) : std::nullopt);
}

void socket_listener::hear(const actors::news& what) {
  user_listener::hear(what);
  if (what.event) return progress_.heard(what.event->sequence);
  if (what.elsewhere && what.elsewhere->job) look_up(*what.elsewhere->job);
  if (what.job) offer(what.job);
}

void socket_listener::looked_up(const job_view& job) {
  const bool over = ended_meanwhile_.erase(job.id) > 0 || ended(job.state);
  if (!over) offer(std::make_shared<const job_view>(job));
}

void socket_listener::offer(std::shared_ptr<const job_view> job) {
  progress_.offer(std::move(job));
  if (is_caught_up()) tell_progress();
}

void socket_listener::tell_progress() {
  if (!has_room()) return wait_for_room();
  for (const auto& job : progress_.take()) say("job:progress", *object_of(*job));
}

void socket_listener::watch_taking() {
  if (marking_ || said_.empty()) return;
  marking_ = true;
  taking_ = std::exchange(said_, {});
  socket_->on_taken(told_by<taken_atom>());
}

void socket_listener::taken() {
  mark(std::exchange(taking_, {}));
}

/// Marks that are lost cost a repetition: the same id is pushed once more.
void socket_listener::mark(std::vector<notification_id> ids) {
  ask(site().given.store, mark_pushed{who().user, std::move(ids), site().given.clock->now()},
      [this](const expected<std::int64_t>&) {
        marking_ = false;
        watch_taking();
      });
}

}  // namespace mutirao::http::push
