#include "storage/sql/schedule_reads.hpp"

#include <limits>

#include "storage/sql/attempt.hpp"
#include "storage/sql/schedule_table.hpp"

namespace mutirao::storage::sql {

schedule_reads::schedule_reads(connection& on)
    : on_(on),
      due_(on,
           "SELECT next_due, owner, id FROM schedules WHERE next_due IS NOT NULL"
           " ORDER BY next_due, owner, id"),
      by_id_(on, "SELECT " MUTIRAO_SCHEDULE_COLUMNS " FROM schedules WHERE id = ?1"),
      of_owner_(on, "SELECT " MUTIRAO_SCHEDULE_COLUMNS
                    " FROM schedules WHERE owner = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3"),
      all_(on, "SELECT " MUTIRAO_SCHEDULE_COLUMNS
               " FROM schedules WHERE id < ?1 ORDER BY id DESC LIMIT ?2") {}

// Those that are passed over cost a step in an index each.
expected<due_schedules::answer> schedule_reads::read(const due_schedules& asked) {
  MUTIRAO_TRY(const auto now, picture::take(on_));
  due_schedules::answer answer;
  rows found = due_.run();
  while (answer.rows.size() < asked.most) {
    MUTIRAO_TRY(const bool more, found.next());
    if (!more) return answer;
    const auto due = found.at(0);
    if (due > asked.now) {
      answer.next = due;
      return answer;
    }
    if (!answer.oldest) answer.oldest = due;
    const auto id = found.id<schedule_id>(2);
    if (asked.without.contains(id) || asked.without_owners.contains(found.id<user_id>(1))) continue;
    MUTIRAO_TRY(auto row, first_of(by_id_.run(id), read_schedule));
    if (row) answer.rows.push_back(*std::move(row));
  }
  return answer;
}

expected<find_schedule::answer> schedule_reads::read(const find_schedule& asked) {
  MUTIRAO_TRY(auto row, first_of(by_id_.run(asked.id), read_schedule));
  if (!row || (row->owner.user != asked.by.user && !asked.by.admin)) {
    return fail(errc::unknown_schedule);
  }
  return *std::move(row);
}

expected<list_schedules::answer> schedule_reads::read(const list_schedules& asked) {
  MUTIRAO_TRY(const auto now, picture::take(on_));
  const auto before = asked.after.value_or(std::numeric_limits<std::int64_t>::max());
  list_schedules::answer answer;
  MUTIRAO_TRY(answer.rows, all_of(asked.all ? all_.run(before, asked.limit + 1)
                                            : of_owner_.run(asked.by.user, before, asked.limit + 1),
                                  read_schedule));
  if (std::ssize(answer.rows) > asked.limit) {
    answer.rows.pop_back();
    answer.next = answer.rows.back().id.value;
  }
  return answer;
}

}  // namespace mutirao::storage::sql
