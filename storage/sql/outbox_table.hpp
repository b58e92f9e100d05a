// The tables job_callbacks and webhook_deliveries, as they are written.
#pragma once

#include <string>
#include <string_view>

#include "domain/ports/outbox.hpp"
#include "storage/sql/job_table.hpp"
#include "storage/sql/statement.hpp"

namespace mutirao::storage::sql {

class outbox_table {
 public:
  /// Without `rules` nobody is told anything.
  outbox_table(connection& on, const webhook_rules* rules);

  expected<bool> has_callback(std::int64_t job_no, std::string_view url);
  /// Again: nothing. errc::too_many_callbacks.
  expected<void> add_callback(std::int64_t job_no, std::string_view url);

  /// Whether anybody is told of such an event. Costs nothing.
  bool tells(job_event::kind what, const job_record& of) const {
    const auto bit = 1U << static_cast<unsigned>(what);
    return rules_ && ((endpoint_events_ & bit) != 0 || (of.callbacks && ends_a_run(what)));
  }
  /// Writes what is to be told of an event that has its number; how many rows.
  expected<std::int64_t> put(const job_event& what, const job_record& of);

  expected<bool> settle(const settle_delivery& what);

 private:
  struct target {
    std::string url;
    bool callback = false;
  };
  expected<std::vector<target>> targets(job_event::kind what, const job_record& of);

  const webhook_rules* rules_;
  unsigned endpoint_events_ = 0;  // a bit an event
  statement has_callback_, count_callbacks_, put_callback_, mark_job_, callbacks_, put_, settle_,
      release_;
};

}  // namespace mutirao::storage::sql
