// The tables jobs, job_scopes, job_items and idempotency_keys: one row in, one row out. Rules stand
// in commands.hpp.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/job.hpp"
#include "storage/sqlite/statement.hpp"

namespace mutirao::storage::sqlite {

/// A job with what only the store needs to know of it.
struct job_record {
  std::int64_t no = 0;
  job_view view;
  std::int64_t turn = 0;
  // Deaths of the process while this suspect ran and committed nothing; the claim that goes on is
  // counted before it dies, and uncounted where it commits or is given back.
  std::int64_t crash_count = 0;
  bool out = false;              // some process has it
  bool callbacks = false;        // somebody gave a URL to be told at
  std::int64_t first_event = 0;  // its number; 0: not known
};

/// The columns of a job_record, in the order that read_job takes.
#define MUTIRAO_JOB_COLUMNS                                                                     \
  "no, id, kind, user_id, unidade_id, arguments, request, state, run, fence, priority, total, " \
  "done, created, failed, skipped, error, created_at, started_at, claimed_at, done_at_claim, "  \
  "advanced_at, completed_at, turn, crash_count, owner IS NOT NULL, ran_ms, "                   \
  "callbacks, first_event"

job_record read_job(const rows& row);

/// Who asks what: equal requests have equal keys.
std::string dedupe_key(user_id user, std::string_view kind, const job_arguments& arguments);

struct unfinished_of_user {
  user_id user;
  std::int64_t count = 0;
  std::int64_t last_turn = 0;
};

/// A job that was out when the file was opened.
struct interrupted_job {
  std::int64_t no = 0;
  bool suspect = false;  // it had committed nothing since its claim
  std::int64_t crash_count = 0;
};

struct stored_key {
  std::string request;
  std::int64_t job_no = 0;
  instant created_at;
};

class job_table {
 public:
  explicit job_table(connection& on);

  expected<std::optional<job_record>> find(const job_id& id);
  expected<std::optional<job_record>> find(std::int64_t no);
  /// The unfinished job that holds `key`.
  expected<std::optional<job_record>> holder(std::string_view key);
  /// Whether a job of `key` holds it or is cancelling.
  expected<bool> has_unfinished(std::string_view key);

  /// False where an equal request holds the key.
  expected<bool> insert(const job_record& job, std::string_view key, std::string_view owner);
  /// Counters and times of a batch: no index is touched.
  expected<void> save_counts(const job_record& job);
  /// All that a change of state may write. `owner` only where the job is out.
  expected<void> save_state(const job_record& job, std::string_view owner);
  expected<void> save_priority(const job_record& job);

  expected<void> put_scope(std::int64_t no, std::span<const item_id> items);
  expected<std::vector<item_id>> scope(std::int64_t no);
  /// What a claim has to do: the scope without the items that are done, skipped, or ended in this
  /// run.
  expected<std::vector<item_id>> todo(const job_record& job);

  /// What the request brought for the job's items.
  expected<void> put_payload(std::int64_t no, const job_payload& payload);

  /// One ledger row. False where the ledger has the item as done, skipped or ended in `run`.
  expected<bool> end_item(std::int64_t no, const item_plan& item, std::int64_t run, instant now);

  /// Pending jobs by priority, turn, age.
  expected<std::vector<std::int64_t>> waiting(std::size_t most, instant now);
  /// Running and cancelling jobs, in the same order.
  expected<std::vector<interrupted_job>> out();
  expected<std::vector<unfinished_of_user>> unfinished();
  /// Where turns go on after a start: behind the jobs that are out, at the first that waits.
  expected<std::int64_t> turn_served();
  /// The highest number given so far.
  expected<std::int64_t> last_number();

  expected<std::optional<stored_key>> find_key(user_id user, std::string_view key);
  expected<void> put_key(user_id user, std::string_view key, const stored_key& value);

 private:
  statement find_by_id_, find_by_no_, find_holder_, find_unfinished_, insert_, save_counts_,
      save_state_, save_priority_, put_scope_, scope_, put_payload_, ended_items_, end_item_,
      waiting_, out_, unfinished_, turn_served_, last_number_, find_key_, put_key_;
};

}  // namespace mutirao::storage::sqlite
