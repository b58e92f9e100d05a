// The port to what is still to be told to others about jobs. Rows come with the events that they
// tell of, in the same transaction (see insert_job::callback_url and webhook_rules); here they are
// read, sent elsewhere, and settled.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "domain/webhook.hpp"

namespace mutirao {

/// One body for one URL. Of a job's to one URL only the oldest that is not settled is pending; the
/// others wait behind it.
struct delivery {
  std::int64_t id = 0;
  std::string message;  // webhook-id: the same for every attempt, and for every URL of one event
  std::string url;
  std::string receiver;  // scheme, host and port of the URL
  std::string body;
  instant event_at;
  int attempts = 0;  // so far
};

/// What one attempt came to: counts it, and where the delivery is settled lets the next one of the
/// same job and URL go. Answers false, having written nothing, where it was settled already.
struct settle_delivery {
  std::int64_t id = 0;
  delivery_verdict verdict;
  int status = 0;
  std::string error;
  instant now;
  using answer = bool;
};

/// Pending deliveries whose time has come, those due first first within a receiver; receivers take
/// turns, beginning behind `after`.
struct due_deliveries {
  instant now;
  std::string after;  // a receiver; empty: from the first
  std::size_t most = 1;
  std::size_t most_per_receiver = 1;
  /// Deliveries that are on their way.
  std::vector<std::int64_t> without;
  /// What most_per_receiver is for some; 0: nothing of them.
  std::map<std::string, std::size_t, std::less<>> room = {};

  struct answer {
    std::vector<delivery> rows;
    std::optional<instant> next;  // when the first of the others is due, as far as was looked
  };
};

/// For measures.
struct count_deliveries {
  struct answer {
    std::int64_t unsettled = 0;
    std::optional<instant> oldest;  // of their events
  };
};

/// One line of a job's delivery log.
struct delivery_row {
  std::int64_t id = 0;
  std::string message;
  std::string type;  // of the event
  std::string url;
  bool callback = false;  // the job's own; false: an operator's
  std::int64_t run = 1;
  delivery_state state = delivery_state::pending;
  int attempts = 0;
  instant event_at;
  std::optional<instant> last_try;
  int last_status = 0;
  std::string last_error;
  std::optional<instant> next_try;
};

/// Ascending id. Whether the asker may see it is the asker's to check.
struct list_deliveries {
  job_id job;
  bool callbacks_only = false;
  std::int64_t limit = 100;
  std::optional<std::int64_t> after;

  struct answer {
    std::vector<delivery_row> rows;
    std::optional<std::int64_t> next;
  };
};

}  // namespace mutirao
