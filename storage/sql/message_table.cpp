#include "storage/sql/message_table.hpp"

#include <algorithm>

#include "storage/sql/attempt.hpp"

namespace mutirao::storage::sql {
notification read_notification_row(const rows& row) {
  notification told;
  told.id = row.id<notification_id>(0);
  told.user = row.id<user_id>(1);
  told.type = row.text(2);
  told.title = row.text(3);
  told.body = row.text(4);
  told.entity_type = row.text(5);
  told.entity_id = row.optional(6, &rows::integer);
  const auto job = row.blob(7);
  auto& id = told.job.emplace().bytes;
  std::copy_n(job.begin(), std::min(job.size(), id.size()), id.begin());
  told.processed = row.integer(8);
  told.created = row.integer(9);
  told.created_at = row.at(10);
  told.read_at = row.optional(11, &rows::at);
  return told;
}

message_table::message_table(connection& on)
    : events_(on,
              "INSERT INTO job_events (user_id, seq, job_no, run, kind, at)"
              " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
              "iiiiii", "seq"),
      put_notification_(on,
                        "INSERT INTO notificacoes (id, user_id, type, title, body, entity_type,"
                        " entity_id, job_no, job_id, run, processed, created, created_at)"
                        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)"
                        " ON CONFLICT (job_no, run) DO NOTHING"),
      mark_read_(on,
                 "UPDATE notificacoes SET read_at = ?3"
                 " WHERE id = ?2 AND user_id = ?1 AND read_at IS NULL"),
      mark_all_(on, "UPDATE notificacoes SET read_at = ?2 WHERE user_id = ?1 AND read_at IS NULL"),
      mark_pushed_(on,
                   "UPDATE notificacoes SET pushed_at = ?3"
                   " WHERE id = ?2 AND user_id = ?1 AND pushed_at IS NULL") {}

expected<void> message_table::put_events(std::span<const stored_event> all) {
  for (const auto& one : all) {
    const auto& event = one.event;
    MUTIRAO_CHECK(events_.add(event.sequence, event.user, event.sequence, one.job_no, event.run,
                              event.what, event.at));
  }
  MUTIRAO_CHECK(events_.flush());
  return {};
}

expected<bool> message_table::put_notification(const notification& told, std::int64_t job_no,
                                               std::int64_t run) {
  return put_notification_
      .execute(told.id, told.user, told.type, told.title, told.body, told.entity_type,
               told.entity_id, job_no, told.job, run, told.processed, told.created, told.created_at)
      .map([](std::int64_t changed) { return changed == 1; });
}

expected<bool> message_table::mark_read(user_id user, notification_id id, instant now) {
  return mark_read_.execute(user, id, now).map([](std::int64_t changed) { return changed == 1; });
}

expected<std::int64_t> message_table::mark_all_read(user_id user, instant now) {
  return mark_all_.execute(user, now);
}

expected<bool> message_table::mark_pushed(user_id user, notification_id id, instant now) {
  return mark_pushed_.execute(user, id, now).map([](std::int64_t changed) { return changed == 1; });
}

}  // namespace mutirao::storage::sql
