#include "http/routes/streams.hpp"

#include <chrono>
#include <string>

#include "http/ask.hpp"
#include "http/json/writer.hpp"
#include "http/parameters.hpp"
#include "http/push/stream_line.hpp"

namespace mutirao::http::routes {
namespace {

/// Where an earlier stream ended. A page that opens one anew cannot send the header that its
/// browser sends when it connects again by itself: that one is newer. errc::invalid_field.
expected<std::optional<push::position>> read_position(const exchange& at) {
  auto text = at.what.header("last-event-id");
  const std::string_view name = text ? "Last-Event-ID" : "lastEventId";
  if (!text) text = at.asked.get("lastEventId");
  if (!text || text->empty()) return std::optional<push::position>();
  const auto position = push::parse_position(*text);
  if (!position) return fail(errc::invalid_field, std::string(name));
  return position;
}

void open(const exchange_ptr& at, push::wanted_stream what) {
  at->site->streams.open({at->site, at->who, at->until, std::make_shared<push::stream_line>(at)},
                         std::move(what));
}

response ticket_answer(const std::string& ticket, std::chrono::seconds lifetime,
                       const push::position& now) {
  json::writer out;
  out.begin_object()
      .field("ticket", ticket)
      .field("expiresInSeconds", lifetime.count())
      .field("lastEventId", push::to_text(now))
      .end_object();
  auto answer = json_answer(out.take(), 201);
  answer.headers.emplace_back("Cache-Control", "no-store");
  return answer;
}

}  // namespace

void job_events(const exchange_ptr& at) {
  const auto id = path_job(*at);
  if (!id) return at->refuse(id.error());
  open(at, push::job_stream{*id});
}

void events_of_caller(const exchange_ptr& at) {
  const auto after = read_position(*at);
  if (!after) return at->refuse(after.error());
  open(at, push::user_stream{*after});
}

void issue_ticket(const exchange_ptr& at) {
  auto& tickets = at->site->tickets;
  const auto ticket = tickets.issue({at->who, at->until}, at->site->given.clock->now());
  if (!ticket) return at->refuse(ticket.error());
  ask(at, at->site->next_reader(), list_events{at->who->user, std::nullopt, 1},
      [at, ticket = *ticket](const list_events::answer& now) {
        return ticket_answer(ticket, at->site->tickets.lifetime(), {now.last, true});
      });
}

}  // namespace mutirao::http::routes
