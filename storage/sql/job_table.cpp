#include "storage/sql/job_table.hpp"

#include <algorithm>

#include "storage/sql/attempt.hpp"
#include "storage/sql/scope.hpp"

namespace mutirao::storage::sql {
job_record read_job(const rows& row) {
  job_record job;
  job.no = row.integer(0);
  auto& view = job.view;
  const auto id = row.blob(1);
  std::copy_n(id.begin(), std::min(id.size(), view.id.bytes.size()), view.id.bytes.begin());
  view.kind = row.text(2);
  view.user = row.id<user_id>(3);
  view.arguments = {row.optional_id<unit_id>(4), row.string(5), row.string(6)};
  view.state = static_cast<job_state>(row.integer(7));
  view.run = row.integer(8);
  view.fence = row.integer(9);
  view.priority = static_cast<int>(row.integer(10));
  view.totals = {row.integer(11), row.integer(12), row.integer(13), row.integer(14),
                 row.integer(15)};
  view.error = row.text(16);
  view.created_at = row.at(17);
  view.started_at = row.optional(18, &rows::at);
  view.claimed_at = row.optional(19, &rows::at);
  view.done_at_claim = row.integer(20);
  view.advanced_at = row.optional(21, &rows::at);
  view.completed_at = row.optional(22, &rows::at);
  job.turn = row.integer(23);
  job.crash_count = row.integer(24);
  view.ran = std::chrono::milliseconds(row.integer(26));
  job.owner = row.optional(25, &rows::string);
  job.callbacks = row.integer(27) != 0;
  job.first_event = row.integer(28);
  job.changes = static_cast<revision>(row.integer(29));
  return job;
}

std::string dedupe_key(user_id user, std::string_view kind, const job_arguments& arguments) {
  std::string key = std::to_string(user.value);
  key += '\n';
  key += kind;
  key += '\n';
  if (arguments.unit) key += std::to_string(arguments.unit->value);
  key += '\n';
  key += arguments.request;
  return key;
}

job_table::job_table(connection& on)
    : find_by_id_(on, "SELECT " MUTIRAO_JOB_COLUMNS " FROM jobs WHERE id = ?1"),
      find_by_no_(on, "SELECT " MUTIRAO_JOB_COLUMNS " FROM jobs WHERE no = ?1"),
      hold_by_id_(
          on, "SELECT " MUTIRAO_JOB_COLUMNS " FROM jobs WHERE id = ?1 /*pg: FOR NO KEY UPDATE */"),
      hold_by_no_(
          on, "SELECT " MUTIRAO_JOB_COLUMNS " FROM jobs WHERE no = ?1 /*pg: FOR NO KEY UPDATE */"),
      find_holder_(on,
                   "SELECT " MUTIRAO_JOB_COLUMNS " FROM jobs WHERE dedupe_key = ?1 AND state <= 2"),
      find_unfinished_(on,
                       "SELECT 1 FROM jobs WHERE dedupe_key = ?1 AND state <= 2 UNION ALL"
                       " SELECT 1 FROM jobs WHERE dedupe_key = ?1 AND state <= 3 AND state = 3"),
      insert_(on,
              "INSERT INTO jobs (no, id, kind, user_id, unidade_id, arguments, request, dedupe_key,"
              " state, run, fence, owner, priority, turn, not_before, total, done, created, failed,"
              " skipped, done_at_claim, crash_count, error, created_at, started_at, claimed_at,"
              " completed_at, first_event) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, "
              "?12, ?13, ?14,"
              " 0, ?15, 0, 0, 0, 0, 0, 0, '', ?16, ?17, ?18, ?19, ?20)"
              " ON CONFLICT (dedupe_key) WHERE state <= 2 DO NOTHING"),
      save_counts_(on,
                   "UPDATE jobs SET done = ?2, created = ?3, failed = ?4, skipped = ?5,"
                   " advanced_at = ?6 /*pg:, changes = changes + 1 */ WHERE no = ?1"),
      save_state_(on,
                  "UPDATE jobs SET state = ?2, run = ?3, fence = ?4, owner = ?5,"
                  " turn = ?6, done = ?7, created = ?8, failed = ?9, skipped = ?10,"
                  " done_at_claim = ?11, crash_count = ?12, error = ?13, started_at = ?14,"
                  " claimed_at = ?15, advanced_at = ?16, completed_at = ?17, ran_ms = ?18"
                  " /*pg:, changes = changes + 1 */ WHERE no = ?1"),
      save_priority_(on,
                     "UPDATE jobs SET priority = ?2 /*pg:, changes = changes + 1 */"
                     " WHERE no = ?1"),
      save_first_events_(on,
                         "UPDATE jobs SET first_event = many.first"
                         " FROM unnest(string_to_array(?1, ',')::bigint[],"
                         " string_to_array(?2, ',')::bigint[]) AS many (of, first)"
                         " WHERE no = many.of"),
      put_scope_(on, "INSERT INTO job_scopes (job_no, items) VALUES (?1, ?2)"),
      scope_(on, "SELECT items FROM job_scopes WHERE job_no = ?1"),
      put_payload_(on, "INSERT INTO job_payloads (job_no, first_item, bytes) VALUES (?1, ?2, ?3)"),
      ended_items_(on,
                   "SELECT item FROM job_items WHERE job_no = ?1 AND (state <> 2 OR run = ?2)"
                   " ORDER BY item"),
      waiting_(on,
               "SELECT no FROM jobs WHERE state <= 3 AND state = 0 AND not_before <= ?2"
               " AND (?3 = '' /*pg: OR kind = ANY(string_to_array(?3, ',')) */)"
               " ORDER BY priority DESC, turn, no LIMIT ?1"
               " /*pg: FOR NO KEY UPDATE SKIP LOCKED */"),
      find_key_(on,
                "SELECT request, job_no, created_at FROM idempotency_keys"
                " WHERE user_id = ?1 AND key = ?2"),
      drop_key_(on, "DELETE FROM idempotency_keys WHERE user_id = ?1 AND key = ?2"),
      put_key_(on,
               "INSERT INTO idempotency_keys (user_id, key, request, job_no, created_at)"
               " VALUES (?1, ?2, ?3, ?4, ?5)"),
      ledger_(on,
              "INSERT INTO job_items (job_no, item, state, created, attempts, error, run,"
              " ended_at) VALUES (?1, ?2, ?3, ?4, ?8, ?5, ?6, ?7)"
              " ON CONFLICT (job_no, item) DO UPDATE SET state = excluded.state,"
              " created = job_items.created + excluded.created,"
              " attempts = job_items.attempts + excluded.attempts,"
              " error = excluded.error, run = excluded.run, ended_at = excluded.ended_at"
              " WHERE job_items.state = 2 AND job_items.run < excluded.run",
              "iiiitiii", "item") {}

expected<std::optional<job_record>> job_table::find(const job_id& id) {
  return first_of(find_by_id_.run(id), read_job);
}

expected<std::optional<job_record>> job_table::find(std::int64_t no) {
  return first_of(find_by_no_.run(no), read_job);
}

expected<std::optional<job_record>> job_table::hold(const job_id& id) {
  return first_of(hold_by_id_.run(id), read_job);
}

expected<std::optional<job_record>> job_table::hold(std::int64_t no) {
  return first_of(hold_by_no_.run(no), read_job);
}

expected<std::optional<job_record>> job_table::holder(std::string_view key) {
  return first_of(find_holder_.run(key), read_job);
}

expected<bool> job_table::has_unfinished(std::string_view key) {
  return find_unfinished_.run(key).next();
}

expected<bool> job_table::insert(const job_record& job, std::string_view key) {
  const auto& view = job.view;
  return insert_
      .execute(job.no, view.id, view.kind, view.user, view.arguments.unit, view.arguments.text,
               view.arguments.request, key, view.state, view.run, view.fence, job.owner,
               view.priority, job.turn, view.totals.total, view.created_at, view.started_at,
               view.claimed_at, view.completed_at, job.first_event)
      .map([](std::int64_t changed) { return changed == 1; });
}

expected<void> job_table::save_counts(job_record& job) {
  const auto& totals = job.view.totals;
  MUTIRAO_CHECK(save_counts_.execute(job.no, totals.done, totals.created, totals.failed,
                                     totals.skipped, job.view.advanced_at));
  ++job.changes;
  return {};
}

expected<void> job_table::save_state(job_record& job) {
  const auto& view = job.view;
  const auto& totals = view.totals;
  MUTIRAO_CHECK(save_state_.execute(
      job.no, view.state, view.run, view.fence, job.owner, job.turn, totals.done, totals.created,
      totals.failed, totals.skipped, view.done_at_claim, job.crash_count, view.error,
      view.started_at, view.claimed_at, view.advanced_at, view.completed_at, view.ran.count()));
  ++job.changes;
  return {};
}

expected<void> job_table::save_priority(job_record& job) {
  MUTIRAO_CHECK(save_priority_.execute(job.no, job.view.priority));
  ++job.changes;
  return {};
}

// Only where events are numbered late, and there each statement is a journey.
expected<void> job_table::save_first_events(std::span<const first_event> all) {
  if (all.empty()) return {};
  std::string jobs, numbers;
  for (const auto& one : all) {
    jobs += (jobs.empty() ? "" : ",") + std::to_string(one.job_no);
    numbers += (numbers.empty() ? "" : ",") + std::to_string(one.number);
  }
  MUTIRAO_CHECK(save_first_events_.execute(jobs, numbers));
  return {};
}

expected<void> job_table::put_scope(std::int64_t no, std::span<const item_id> items) {
  const auto stored = encode_scope(items);
  MUTIRAO_CHECK(put_scope_.execute(no, bytes(stored)));
  return {};
}

expected<std::vector<item_id>> job_table::scope(std::int64_t no) {
  rows found = scope_.run(no);
  MUTIRAO_TRY(const bool there, found.next());
  if (!there) return std::vector<item_id>{};
  return decode_scope(found.blob(0));
}

expected<void> job_table::put_payload(std::int64_t no, const job_payload& payload) {
  for (const auto& chunk : payload.chunks) {
    const auto* data = reinterpret_cast<const std::uint8_t*>(chunk.bytes.data());
    MUTIRAO_CHECK(put_payload_.execute(no, chunk.first, bytes(data, chunk.bytes.size())));
  }
  return {};
}

expected<std::vector<item_id>> job_table::todo(const job_record& job) {
  MUTIRAO_TRY(auto items, scope(job.no));
  if (job.view.run == 1 && job.view.totals.done == 0) return items;
  MUTIRAO_TRY(const auto ended, numbers(ended_items_.run(job.no, job.view.run)));
  auto next = ended.begin();
  std::erase_if(items, [&](item_id item) {
    next = std::find_if(next, ended.end(), [&](std::int64_t x) { return x >= item.value; });
    return next != ended.end() && *next == item.value;
  });
  return items;
}

expected<std::vector<std::int64_t>> job_table::end_items(std::int64_t no,
                                                         std::span<const item_plan* const> items,
                                                         std::int64_t run, instant now) {
  for (const auto* item : items) {
    const text_if error{!item->error.empty(), item->error};
    MUTIRAO_CHECK(ledger_.add(item->item.value, no, item->item, item->state, item->counted(), error,
                              run, now, item->attempts));
  }
  MUTIRAO_TRY(auto fresh, ledger_.flush());
  if (!std::is_sorted(fresh.begin(), fresh.end())) std::sort(fresh.begin(), fresh.end());
  return fresh;
}

expected<std::vector<std::int64_t>> job_table::waiting(std::size_t most, instant now,
                                                       std::string_view only) {
  return numbers(waiting_.run(most, now, only));
}

expected<std::optional<stored_key>> job_table::find_key(user_id user, std::string_view key) {
  return first_of(find_key_.run(user, key), [](const rows& row) {
    return stored_key{row.string(0), row.integer(1), row.at(2)};
  });
}

expected<void> job_table::put_key(user_id user, std::string_view key, const stored_key& value) {
  // A key of before goes: keys stand in the order in which they were given.
  MUTIRAO_CHECK(drop_key_.execute(user, key));
  MUTIRAO_CHECK(put_key_.execute(user, key, value.request, value.job_no, value.created_at));
  return {};
}

}  // namespace mutirao::storage::sql
