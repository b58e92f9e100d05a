#include "http/json/history.hpp"

#include <string_view>

#include "http/json/writer.hpp"

namespace mutirao::http::json {
namespace {

/// Of those that begin and end a run a job's readers want one word each.
std::string_view kind_word(job_event::kind what) {
  if (ends_a_run(what)) return "ended";
  return what == job_event::kind::created ? "queued" : to_string(what);
}

}  // namespace

std::string render_timeline(const job_history::answer& of) {
  writer out;
  out.begin_object().key("events").begin_array();
  for (const auto& event : of.events) {
    out.begin_object()
        .field("at", event.at)
        .field("kind", kind_word(event.what))
        .field("run", event.run);
    if (ends_a_run(event.what)) out.field("state", to_string(event.what));
    out.end_object();
  }
  out.end_array().key("batches").begin_array();
  for (const auto& batch : of.batches) {
    out.begin_object()
        .field("from", batch.from)
        .field("to", batch.to)
        .field("items", batch.items)
        .field("failed", batch.failed)
        .field("created", batch.created)
        .end_object();
  }
  out.end_array().end_object();
  return out.take();
}

std::string render_stats(const activity_hour& of, instant now) {
  writer out;
  out.begin_object()
      .field("now", now)
      .field("since", of.since)
      .field("waiting", of.waiting)
      .field("running", of.running);
  out.key("minutes").begin_array();
  for (const auto& minute : of.minutes) {
    out.begin_object()
        .field("at", minute.at)
        .field("started", minute.started)
        .field("ended", minute.ended)
        .field("failed", minute.failed)
        .field("items", minute.items)
        .field("waiting", minute.waiting)
        .end_object();
  }
  out.end_array().end_object();
  return out.take();
}

}  // namespace mutirao::http::json
