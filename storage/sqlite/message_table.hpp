// The tables job_events and notificacoes.
#pragma once

#include <optional>
#include <string>
#include <unordered_map>

#include "domain/job.hpp"
#include "storage/sqlite/statement.hpp"

namespace mutirao::storage::sqlite {

/// The columns of a notification, in the order that read_notification_row takes.
#define MUTIRAO_NOTIFICATION_COLUMNS                                                     \
  "id, user_id, type, title, body, entity_type, entity_id, job_id, processed, created, " \
  "created_at, read_at"

notification read_notification_row(const rows& row);

class message_table {
 public:
  explicit message_table(connection& on);

  /// Gives `event` the user's next number and stores it.
  expected<void> put_event(job_event& event, std::int64_t job_no);
  /// The number that the next event of the user's jobs will have.
  expected<std::int64_t> next_event(user_id user);
  /// Forgets the numbers given: after a transaction that failed.
  void forget() { last_event_.clear(); }

  /// False where the run has its notification already.
  expected<bool> put_notification(const notification& told, std::int64_t job_no, std::int64_t run);
  expected<bool> mark_read(user_id user, notification_id id, instant now);
  expected<std::int64_t> mark_all_read(user_id user, instant now);
  /// False where it was pushed already, or is not the user's.
  expected<bool> mark_pushed(user_id user, notification_id id, instant now);
  /// The highest id so far; 1,000,000 where there is none.
  expected<notification_id> last_id();

 private:
  expected<std::int64_t*> last_event(user_id user);

  std::unordered_map<user_id, std::int64_t> last_event_;
  statement last_event_query_, put_event_, put_notification_, mark_read_, mark_all_, mark_pushed_,
      last_id_;
};

}  // namespace mutirao::storage::sqlite
