// A job as it is stored and shown, what it covers, and what becomes of its items.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "domain/caller.hpp"
#include "domain/company.hpp"
#include "domain/date.hpp"
#include "domain/ids.hpp"
#include "domain/job_state.hpp"

namespace mutirao {

/// Counters of a job over all its runs. `done` counts every handled item, failed and skipped too.
struct job_totals {
  std::int64_t total = 0;
  std::int64_t done = 0;
  std::int64_t created = 0;
  std::int64_t failed = 0;
  std::int64_t skipped = 0;

  friend bool operator==(const job_totals&, const job_totals&) = default;
};

/// What was asked, fixed at the POST. `text` is the type's own encoding of the arguments (for
/// people and for the type to read again), `request` says the same without the day: two requests
/// are equal where kind, unit and `request` are.
struct job_arguments {
  std::optional<unit_id> unit;
  std::string text;
  std::string request;
};

/// Consecutive items with what the request said of them, in the type's own encoding.
struct payload_chunk {
  item_id first;
  std::string bytes;
};

/// The items that a request brings along, ascending, stored with its job. A batch reads only the
/// chunks of its own items.
struct job_payload {
  std::vector<item_id> items;
  std::vector<payload_chunk> chunks;  // ascending
};

/// A request for a job as its type understood it. Without payload the type lists the items.
struct job_request {
  job_arguments arguments;
  std::shared_ptr<const job_payload> payload;
};

inline constexpr int lowest_priority = -10;
inline constexpr int highest_priority = 10;

/// A job as of its last commit.
struct job_view {
  job_id id;
  std::string kind;
  user_id user;
  job_arguments arguments;
  job_state state = job_state::pending;
  std::int64_t run = 1;    // +1 at each retry
  std::int64_t fence = 0;  // +1 at each claim
  int priority = 0;        // lowest_priority to highest_priority, larger first
  job_totals totals;
  std::string error;  // for people, in Portuguese; empty where there is none
  instant created_at;
  std::optional<instant> started_at;
  std::optional<instant> claimed_at;   // last taken up
  std::int64_t done_at_claim = 0;      // totals.done when last taken up: the rate counts from here
  std::optional<instant> advanced_at;  // last commit that handled an item
  std::optional<instant> completed_at;
  std::chrono::milliseconds ran{0};  // of this run, in claims before the last; waiting is not in it
  std::optional<instant> lease_until;  // until when the process that has it says that it lives
  std::uint64_t version = 0;  // grows with every commit that touches the job, in this process

  /// A job is its owner's, its unit's and the admins'.
  bool visible_to(const caller&) const;
};

enum class item_state : std::uint8_t { pending = 0, done = 1, failed = 2, skipped = 3 };
std::string_view to_string(item_state);

/// One row of the ledger.
struct item_row {
  item_id item;
  item_state state = item_state::pending;
  std::int64_t created = 0;
  std::int64_t attempts = 0;
  std::string error;  // why it failed; empty otherwise
  std::int64_t run = 1;
  std::optional<instant> ended_at;
};

/// What a type made of one item: what to create and to take back, or why there is nothing.
struct item_plan {
  item_id item;
  item_state state = item_state::done;  // done, failed or skipped
  std::vector<new_task> tasks;          // of company 0: of the company created here
  std::string error;
  int attempts = 1;  // how often it was given out in this run
  /// The company that was read for it: the plan is stale where that changed since.
  std::optional<company_id> made_from = std::nullopt;
  std::vector<task_id> removed = {};  // of `made_from`; those that were taken up since stay
  /// A company to create, without id. Whether its unit exists and its registration is free is
  /// decided at the commit: where not, the item fails with that reason.
  std::shared_ptr<const company> new_company = nullptr;

  /// What it adds to job_totals::created: companies where one is created, else tasks created and
  /// taken back.
  std::size_t counted() const { return new_company ? 1 : tasks.size() + removed.size(); }
};

/// A number of the store's that grows with each change; a plan older than the last change of its
/// item is stale and is made again.
using revision = std::uint64_t;

struct batch_plan {
  revision made_at = 0;
  std::vector<item_plan> items;
};

/// One event of a job's life, as stored in job_events.
struct job_event {
  user_id user;
  std::int64_t sequence = 0;  // per user, without gaps, in order of commit
  job_id job;
  std::int64_t run = 1;
  enum class kind : std::uint8_t {
    created = 0,
    started = 1,
    resumed = 2,  // taken up again: after a crash, a drain, or a pause
    paused = 3,
    cancelling = 4,
    completed = 5,
    failed = 6,
    cancelled = 7,
    retried = 8,
    released = 9,
    reprioritized = 10,
    continued = 11,  // resume was asked for
  } what = kind::created;
  instant at;
};
std::string_view to_string(job_event::kind);

/// Whether a run ends with such an event.
constexpr bool ends_a_run(job_event::kind what) {
  return what == job_event::kind::completed || what == job_event::kind::failed ||
         what == job_event::kind::cancelled;
}

/// Whether such an event may bring its job's owner a notification.
constexpr bool tells_its_owner(job_event::kind what) {
  return what == job_event::kind::completed || what == job_event::kind::failed;
}

struct notification {
  notification_id id;
  user_id user;
  std::string type;
  std::string title;
  std::string body;
  std::string entity_type;
  std::optional<std::int64_t> entity_id;
  std::optional<job_id> job;
  std::int64_t processed = 0;
  std::int64_t created = 0;
  instant created_at;
  std::optional<instant> read_at;
};

/// What a user is told at the end of a run; each type has its own texts.
struct job_ending {
  std::string type;
  std::string title;
  std::string body;
  std::string entity_type;
  std::optional<std::int64_t> entity_id;
};

}  // namespace mutirao
