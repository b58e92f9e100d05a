#include "http/json/notification.hpp"

namespace mutirao::http::json {

void write_notification(writer& out, const notification& of) {
  const auto job = of.job ? std::optional(of.job->to_string()) : std::nullopt;
  out.begin_object()
      .field("id", of.id.value)
      .field("user_id", of.user.value)
      .field("type", of.type)
      .field("entity", of.entity_type)
      .field_or_null("entity_id", of.entity_id)
      .field("message", of.body)
      .key("metadata")
      .begin_object()
      .field("title", of.title)
      .field("link", "/empresas")
      .field_or_null("jobId", job)
      .field("processed", of.processed)
      .field("createdTotal", of.created)
      .end_object()
      .field("created_at", of.created_at)
      .field_or_null("read_at", of.read_at)
      .end_object();
}

std::string render_notifications(const list_notifications::answer& list) {
  writer out;
  out.begin_object().key("notifications").begin_array();
  for (const auto& one : list.rows) write_notification(out, one);
  out.end_array().field("unread", list.unread).end_object();
  return out.take();
}

}  // namespace mutirao::http::json
