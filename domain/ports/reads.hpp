// The port to reading: one struct a question, with its answer beside it. Each connection reads from
// one consistent picture, never waits for the writer, and shows a caller only what the caller may
// see.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include "domain/activity.hpp"
#include "domain/caller.hpp"
#include "domain/job.hpp"
#include "domain/job_type.hpp"
#include "domain/ports/directory.hpp"
#include "domain/ports/outbox.hpp"
#include "domain/ports/store.hpp"
#include "domain/user.hpp"

namespace mutirao {

/// `next` goes into the next question's `after`; nothing on the last page.
template <class Row>
struct page {
  std::vector<Row> rows;
  std::optional<std::int64_t> next;
};

/// errc::unknown_job where there is none. Visibility is the asker's to check
/// (job_view::visible_to).
struct find_job {
  job_id id;
  using answer = job_view;
};

/// One line of a job's result, ascending items.
struct result_row {
  item_id item;
  std::int64_t created = 0;
  std::string error;
};
struct find_result {
  job_id id;
  using answer = std::vector<result_row>;
};

/// What became of a job in the course of time: its events, and when its items ended. Of both a
/// bounded number, oldest first: the newest events; of commits neighbours together where there are
/// more. What failed and ended again in a later run counts where it ended last. Looks at
/// `most_foreign` events of the same user's other jobs at most. errc::unknown_job.
struct job_history {
  job_id job;
  std::int64_t most_events = 200;
  std::int64_t most_batches = 200;
  std::int64_t most_foreign = 500'000;

  struct batch {
    instant from;  // of its first commit
    instant to;    // of its last
    std::int64_t items = 0;
    std::int64_t failed = 0;
    std::int64_t created = 0;
  };
  struct answer {
    std::vector<job_event> events;
    std::vector<batch> batches;
  };
};

/// A map of a job: its items, ascending, as `most` groups at most, each with as many items as the
/// others (the first ones with one more). errc::unknown_job.
struct group_items {
  job_id job;
  std::int64_t most = 320;

  struct group {
    item_id first;
    std::int64_t items = 0;
    std::int64_t done = 0;
    std::int64_t failed = 0;  // in this run
    std::int64_t skipped = 0;
  };
  using answer = std::vector<group>;
};

/// Jobs that have not ended, as far as measures want to know them.
struct list_unfinished {
  using answer = std::vector<unfinished_job>;
};

/// Newest first. The caller's own; with `all` (admins only, the asker checks) everybody's.
struct list_jobs {
  caller by;
  bool all = false;
  std::vector<job_state> states;  // empty: any
  std::optional<std::string> kind;
  std::optional<unit_id> unit;
  std::int64_t limit = 50;
  std::optional<std::int64_t> after;
  using answer = page<job_view>;
};

/// The ledger and what it still lacks, ascending items.
struct list_items {
  job_id job;
  std::optional<item_state> state;
  std::int64_t limit = 100;
  std::optional<std::int64_t> after;
  using answer = page<item_row>;
};

/// Newest first. With `missed_since`, of the newest `limit` only the unread ones of that time or
/// later that were given to no socket; the unread ones are not counted then.
struct list_notifications {
  user_id user;
  std::int64_t limit = 30;
  std::optional<instant> missed_since = std::nullopt;
  struct answer {
    std::vector<notification> rows;
    std::int64_t unread = 0;  // of all the user's, whatever `limit`
  };
};

/// A stored event and what showing it takes: the job as it is now (nothing: it was pruned) and the
/// notification that came with it.
struct event_row {
  job_event event;  // of a job that was pruned: without its id
  std::optional<job_view> job;
  std::optional<notification> told;
};

/// A user's events behind the number `after`, ascending; without it none, only how far they go.
struct list_events {
  user_id user;
  std::optional<std::int64_t> after = std::nullopt;
  std::int64_t limit = 100;
  struct answer {
    std::vector<event_row> rows;
    bool more = false;      // there were others behind the last row
    std::int64_t last = 0;  // the highest number so far; 0: no event yet
  };
};

struct company_row {
  company data;
  std::optional<std::string> unit_name;
  std::optional<std::string> technician_name;
};

/// Ascending id; nothing of a unit that is not the caller's. errc::unknown_unit for an admin's.
struct list_companies {
  caller by;
  std::optional<unit_id> unit;
  std::int64_t limit = 500;
  std::optional<std::int64_t> after;
  struct answer {
    page<company_row> companies;
    std::int64_t total = 0;  // of all pages; counted where `after` is absent
  };
};

/// By id or by normalized cnpj. errc::unknown_company, errc::forbidden_unit.
struct find_company {
  caller by;
  std::optional<company_id> id;
  std::optional<std::string> cnpj;
  using answer = company_row;
};

struct list_units {
  caller by;
  using answer = std::vector<named_unit>;
};

/// What numbers of units and users stand for. At most `most` of each, those with low ids.
struct list_names {
  std::int64_t most = 100'000;
  struct answer {
    std::vector<named_unit> units;
    std::vector<named_user> users;
    friend bool operator==(const answer&, const answer&) = default;
  };
};

/// What is stored already, as far as rows from outside could clash with it.
struct stored_keys {
  std::map<std::int64_t, std::string> units;  // names by id
  std::set<std::int64_t> companies;
  std::set<std::string> registrations;  // cnpj and caepf
};
struct list_stored_keys {
  using answer = stored_keys;
};

struct task_filter {
  std::optional<company_id> company;
  std::optional<unit_id> unit;
  std::optional<std::string> status;
  std::optional<date> from;  // due, inclusive
  std::optional<date> to;
};

/// Ascending id. Lists show what the caller may see.
struct list_tasks {
  caller by;
  task_filter filter;
  std::int64_t limit = 100;
  std::optional<std::int64_t> after;
  using answer = page<task_row>;
};

/// All of a company, ascending id. errc::unknown_company, errc::forbidden_unit.
struct company_tasks {
  caller by;
  company_id company;
  using answer = std::vector<task_row>;
};

struct agenda_row {
  task_id id;  // the event's and the task's
  std::string title;
  std::string description;
  std::string color;
  std::string start;  // YYYY-MM-DD HH:mm:ss
  std::string end;
  purpose kind = purpose::routine;
};

/// Of one technician, as far as the caller may see, by start.
struct technician_agenda {
  caller by;
  user_id technician;
  std::optional<date> from;
  std::optional<date> to;  // inclusive
  using answer = std::vector<agenda_row>;
};

/// Ascending id.
struct list_agenda {
  caller by;
  task_filter filter;
  std::int64_t limit = 100;
  std::optional<std::int64_t> after;
  using answer = page<agenda_row>;
};

/// By normalized address or by id. Nothing where there is no such user; by address only those that
/// have a password are found.
struct find_account {
  std::variant<std::string, user_id> which;
  using answer = std::optional<account>;
};

/// The names of users, ascending ids, without those that are disabled. Of a unit: who belongs to it
/// or is responsible for a company there; nothing of a unit that is not the caller's.
/// errc::unknown_unit for an admin's.
struct list_users {
  caller by;
  std::optional<unit_id> unit;
  using answer = std::vector<named_user>;
};

/// Unfinished and ended jobs by state, for measures.
struct count_jobs {
  using answer = std::array<std::int64_t, job_state_count>;
};

/// Every question, for whoever must handle each.
using all_reads =
    std::tuple<find_job, find_result, list_jobs, list_items, list_notifications, list_events,
               list_companies, find_company, list_units, list_tasks, company_tasks,
               technician_agenda, list_agenda, count_jobs, due_deliveries, count_deliveries,
               list_deliveries, due_schedules, find_schedule, list_schedules, job_history,
               group_items, list_unfinished, list_names, list_stored_keys, find_account,
               list_users>;

class reads {
 public:
  virtual ~reads() = default;

  virtual expected<find_job::answer> read(const find_job&) = 0;
  virtual expected<find_result::answer> read(const find_result&) = 0;
  virtual expected<list_jobs::answer> read(const list_jobs&) = 0;
  virtual expected<list_items::answer> read(const list_items&) = 0;
  virtual expected<list_notifications::answer> read(const list_notifications&) = 0;
  virtual expected<list_events::answer> read(const list_events&) = 0;
  virtual expected<list_companies::answer> read(const list_companies&) = 0;
  virtual expected<find_company::answer> read(const find_company&) = 0;
  virtual expected<list_units::answer> read(const list_units&) = 0;
  virtual expected<list_tasks::answer> read(const list_tasks&) = 0;
  virtual expected<company_tasks::answer> read(const company_tasks&) = 0;
  virtual expected<technician_agenda::answer> read(const technician_agenda&) = 0;
  virtual expected<list_agenda::answer> read(const list_agenda&) = 0;
  virtual expected<count_jobs::answer> read(const count_jobs&) = 0;
  virtual expected<due_deliveries::answer> read(const due_deliveries&) = 0;
  virtual expected<count_deliveries::answer> read(const count_deliveries&) = 0;
  virtual expected<list_deliveries::answer> read(const list_deliveries&) = 0;
  virtual expected<due_schedules::answer> read(const due_schedules&) = 0;
  virtual expected<find_schedule::answer> read(const find_schedule&) = 0;
  virtual expected<list_schedules::answer> read(const list_schedules&) = 0;
  virtual expected<find_account::answer> read(const find_account&) = 0;
  virtual expected<list_users::answer> read(const list_users&) = 0;
  virtual expected<job_history::answer> read(const job_history&) = 0;
  virtual expected<group_items::answer> read(const group_items&) = 0;
  virtual expected<list_unfinished::answer> read(const list_unfinished&) = 0;
  virtual expected<list_names::answer> read(const list_names&) = 0;
  virtual expected<list_stored_keys::answer> read(const list_stored_keys&) = 0;

  /// Runs `type.list` on one picture of the data.
  virtual expected<std::vector<item_id>> list_items_of(const job_type& type,
                                                       const job_arguments&) = 0;

  /// Runs `type.plan` on one picture of the data; the answer carries the revision of that picture.
  /// `of`: the job whose payload is read.
  virtual expected<batch_plan> plan(const job_type& type, const job_id& of, const job_arguments&,
                                    std::span<const item_id> items) = 0;
};

}  // namespace mutirao
