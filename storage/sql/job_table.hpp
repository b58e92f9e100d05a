// The tables jobs, job_scopes, job_items and idempotency_keys: one row in, one row out. Rules stand
// in commands.hpp.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/job.hpp"
#include "storage/sql/statement.hpp"

namespace mutirao::storage::sql {

/// A job with what only the store needs to know of it.
struct job_record {
  std::int64_t no = 0;
  job_view view;
  std::int64_t turn = 0;
  // Deaths of the process while this suspect ran and committed nothing; the claim that goes on is
  // counted before it dies, and uncounted where it commits or is given back.
  std::int64_t crash_count = 0;
  std::optional<std::string> owner;  // the process that has it out
  bool callbacks = false;            // somebody gave a URL to be told at
  std::int64_t first_event = 0;      // its number; 0: not known
  revision changes = 0;              // of the row, where the engine counts them; else 0
};

/// The columns of a job_record, in the order that read_job takes.
#define MUTIRAO_JOB_COLUMNS                                                                     \
  "no, id, kind, user_id, unidade_id, arguments, request, state, run, fence, priority, total, " \
  "done, created, failed, skipped, error, created_at, started_at, claimed_at, done_at_claim, "  \
  "advanced_at, completed_at, turn, crash_count, owner, ran_ms, "                               \
  "callbacks, first_event, 0 /*pg: + changes */"

job_record read_job(const rows& row);

/// Who asks what: equal requests have equal keys.
std::string dedupe_key(user_id user, std::string_view kind, const job_arguments& arguments);

struct stored_key {
  std::string request;
  std::int64_t job_no = 0;
  instant created_at;
};

/// The number of a job's first event.
struct first_event {
  std::int64_t job_no = 0;
  std::int64_t number = 0;
};

class job_table {
 public:
  explicit job_table(connection& on);

  expected<std::optional<job_record>> find(const job_id& id);
  expected<std::optional<job_record>> find(std::int64_t no);
  /// As find, and nobody else changes the job before this transaction ends.
  expected<std::optional<job_record>> hold(const job_id& id);
  expected<std::optional<job_record>> hold(std::int64_t no);
  /// The unfinished job that holds `key`.
  expected<std::optional<job_record>> holder(std::string_view key);
  /// Whether a job of `key` holds it or is cancelling.
  expected<bool> has_unfinished(std::string_view key);

  /// False where an equal request holds the key.
  expected<bool> insert(const job_record& job, std::string_view key);
  /// Counters and times of a batch: no index is touched.
  expected<void> save_counts(job_record& job);
  /// All that a change of state may write.
  expected<void> save_state(job_record& job);
  expected<void> save_priority(job_record& job);
  expected<void> save_first_events(std::span<const first_event> all);

  expected<void> put_scope(std::int64_t no, std::span<const item_id> items);
  expected<std::vector<item_id>> scope(std::int64_t no);
  /// What a claim has to do: the scope without the items that are done, skipped, or ended in this
  /// run.
  expected<std::vector<item_id>> todo(const job_record& job);

  /// What the request brought for the job's items.
  expected<void> put_payload(std::int64_t no, const job_payload& payload);

  /// Writes ledger rows. Answers, ascending, the items that the ledger did not have as done,
  /// skipped or ended in `run`.
  expected<std::vector<std::int64_t>> end_items(std::int64_t no,
                                                std::span<const item_plan* const> items,
                                                std::int64_t run, instant now);

  /// Forgets rows that were begun and not written: after a transaction that failed.
  void drop() { ledger_.drop(); }

  /// Pending jobs by priority, turn, age. Nobody else takes them up before this transaction ends.
  expected<std::vector<std::int64_t>> waiting(std::size_t most, instant now, std::string_view only);

  expected<std::optional<stored_key>> find_key(user_id user, std::string_view key);
  expected<void> put_key(user_id user, std::string_view key, const stored_key& value);

 private:
  statement find_by_id_, find_by_no_, hold_by_id_, hold_by_no_, find_holder_, find_unfinished_,
      insert_, save_counts_, save_state_, save_priority_, save_first_events_, put_scope_, scope_,
      put_payload_, ended_items_, waiting_, find_key_, drop_key_, put_key_;
  row_writer ledger_;
};

}  // namespace mutirao::storage::sql
