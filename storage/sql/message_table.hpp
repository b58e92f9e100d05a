// The tables job_events and notificacoes.
#pragma once

#include <cstdint>
#include <span>

#include "domain/job.hpp"
#include "storage/sql/statement.hpp"

namespace mutirao::storage::sql {

/// The columns of a notification, in the order that read_notification_row takes.
#define MUTIRAO_NOTIFICATION_COLUMNS                                                     \
  "id, user_id, type, title, body, entity_type, entity_id, job_id, processed, created, " \
  "created_at, read_at"

notification read_notification_row(const rows& row);

struct stored_event {
  job_event event;  // with its number
  std::int64_t job_no = 0;
};

class message_table {
 public:
  explicit message_table(connection& on);

  expected<void> put_events(std::span<const stored_event> all);
  void drop() { events_.drop(); }

  /// False where the run has its notification already.
  expected<bool> put_notification(const notification& told, std::int64_t job_no, std::int64_t run);
  expected<bool> mark_read(user_id user, notification_id id, instant now);
  expected<std::int64_t> mark_all_read(user_id user, instant now);
  /// False where it was pushed already, or is not the user's.
  expected<bool> mark_pushed(user_id user, notification_id id, instant now);

 private:
  row_writer events_;
  statement put_notification_, mark_read_, mark_all_, mark_pushed_;
};

}  // namespace mutirao::storage::sql
