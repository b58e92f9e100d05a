#include "http/routes/notifications.hpp"

#include "http/ask.hpp"
#include "http/json/notification.hpp"
#include "http/parameters.hpp"

namespace mutirao::http::routes {
namespace {

constexpr page_sizes notification_pages{.usual = 30, .most = 100};

response marked(notification_id id) {
  json::writer out;
  out.begin_object().field("id", id.value).field("read", true).end_object();
  return json_answer(out.take());
}

response updated(std::int64_t count) {
  json::writer out;
  out.begin_object().field("updated", count).end_object();
  return json_answer(out.take());
}

}  // namespace

void notifications_of_caller(const exchange_ptr& at) {
  const auto window = read_window(at->asked, notification_pages);
  if (!window) return at->refuse(window.error());
  ask(at, at->site->next_reader(), list_notifications{at->who->user, window->limit},
      [](const list_notifications::answer& list) {
        return json_answer(json::render_notifications(list));
      });
}

void read_one(const exchange_ptr& at) {
  const auto id = path_id<notification_id>(*at);
  if (!id) return at->refuse(id.error());
  ask(at, at->site->given.store,
      read_notification{at->who->user, *id, at->site->given.clock->now()},
      [](notification_id read) { return marked(read); });
}

void read_all(const exchange_ptr& at) {
  ask(at, at->site->given.store,
      read_all_notifications{at->who->user, at->site->given.clock->now()},
      [](std::int64_t count) { return updated(count); });
}

}  // namespace mutirao::http::routes
