#include "http/push/user_listener.hpp"

#include <algorithm>

#include "http/json/notification.hpp"

namespace mutirao::http::push {

void user_listener::read() {
  reading_ = true;
  in_doubt_ = false;
  list_events question{who().user, std::nullopt, page_events};
  // From the last event again where its notification is still to be told.
  if (begun() || resumes_) question.after = place_.sequence - (place_.with_notification ? 0 : 1);
  ask(site().next_reader(), question,
      [this](expected<list_events::answer>&& page) { take(std::move(page)); });
}

void user_listener::take(expected<list_events::answer>&& page) {
  reading_ = false;
  if (!page) {
    if (!begun()) return refuse(page.error());
    failed_ = true;
    return;
  }
  if (!begun()) {
    begin_behind(page->last);
    opened();
  }
  for (const auto& row : page->rows) {
    pass(row.event, row.job ? &*row.job : nullptr, row.told ? &*row.told : nullptr);
  }
  if (page->more) {
    heard_ = std::max(heard_, place_.sequence + 1);
  } else if (place_.sequence < page->last) {
    place_ = {page->last, true};  // what stood between was pruned
  }
  read_on();
}

/// Who resumes behind a number that was never given comes from another database: it has missed what
/// cannot be known.
void user_listener::begin_behind(std::int64_t last) {
  const bool known = resumes_ && place_.sequence <= last;
  if (!known) place_ = {last, true};
  begin(known ? std::nullopt : std::optional(place_));
}

void user_listener::release() {
  reading_ = false;
  read_on();
}

void user_listener::read_on() {
  waiting_ = false;
  if (reading_) return;
  if (!behind()) return caught_up();
  if (has_room()) return read();
  waiting_ = true;
  wait_for_room();
}

void user_listener::try_again() {
  if (std::exchange(failed_, false)) read_on();
}

void user_listener::hear(const actors::news& what) {
  if (what.event) heard_ = std::max(heard_, what.event->sequence);
  if (what.elsewhere && !what.elsewhere->job) in_doubt_ = true;
  if (!begun() || reading_ || waiting_ || failed_ || !behind()) return;
  const bool next = what.event && !what.elsewhere && !in_doubt_ && place_.with_notification &&
                    what.event->sequence == place_.sequence + 1;
  if (!next || !has_room()) return read_on();
  pass(*what.event, what.job.get(), what.told.get());
}

void user_listener::pass(const job_event& event, const job_view* job, const notification* told) {
  const bool job_told = event.sequence <= place_.sequence;
  if (event.sequence < place_.sequence || (job_told && place_.with_notification)) return;
  if (job && !job_told) tell_job(event, *job);
  if (told) tell_notification(event, *told);
  place_ = {event.sequence, true};
}

void user_listener::tell_job(const job_event& event, const job_view& job) {
  say("job", *object_of(job), position{event.sequence, false});
}

void user_listener::tell_notification(const job_event& event, const notification& told) {
  say("notification", object_of(told), position{event.sequence, true});
}

std::string user_listener::object_of(const notification& told) {
  json::writer out;
  json::write_notification(out, told);
  return out.take();
}

}  // namespace mutirao::http::push
