#include "http/json/delivery.hpp"

#include "http/cursor.hpp"

namespace mutirao::http::json {
namespace {

void write_delivery(writer& out, const delivery_row& of) {
  out.begin_object()
      .field("id", of.id)
      .field("webhookId", of.message)
      .field("event", of.type)
      .field("url", of.url)
      .field("origin", of.callback ? "callbackUrl" : "config")
      .field("run", of.run)
      .field("state", to_string(of.state))
      .field("attempts", of.attempts)
      .field("createdAt", of.event_at)
      .field("lastAttemptAt", of.last_try);
  if (of.last_status != 0) out.field("lastStatus", of.last_status);
  if (!of.last_error.empty()) out.field("lastError", of.last_error);
  out.field("nextAttemptAt", of.next_try).end_object();
}

}  // namespace

std::string render_deliveries(const list_deliveries::answer& page) {
  writer out;
  out.begin_object().key("entregas").begin_array();
  for (const auto& row : page.rows) write_delivery(out, row);
  out.end_array();
  if (page.next) out.field("nextCursor", encode_cursor(*page.next));
  out.end_object();
  return out.take();
}

}  // namespace mutirao::http::json
