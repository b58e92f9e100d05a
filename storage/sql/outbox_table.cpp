#include "storage/sql/outbox_table.hpp"

#include <algorithm>

#include "domain/web_url.hpp"
#include "storage/sql/attempt.hpp"

namespace mutirao::storage::sql {
namespace {

// The same for whoever is told of the event, and for each attempt.
std::string message_of(const job_event& what) {
  auto id = what.job.to_string();
  std::erase(id, '-');
  return "msg_" + id + "_" + std::to_string(what.sequence);
}

}  // namespace

outbox_table::outbox_table(connection& on, const webhook_rules* rules)
    : rules_(rules),
      has_callback_(on, "SELECT 1 FROM job_callbacks WHERE job_no = ?1 AND url = ?2"),
      count_callbacks_(on, "SELECT count(*) FROM job_callbacks WHERE job_no = ?1"),
      put_callback_(on, "INSERT INTO job_callbacks (job_no, url) VALUES (?1, ?2)"),
      mark_job_(on, "UPDATE jobs SET callbacks = 1 WHERE no = ?1"),
      callbacks_(on, "SELECT url FROM job_callbacks WHERE job_no = ?1"),
      put_(on,
           "INSERT INTO webhook_deliveries (job_no, run, kind, message, url, receiver, callback,"
           " body, event_at, next_try_at, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?9,"
           " CASE WHEN EXISTS (SELECT 1 FROM webhook_deliveries"
           " WHERE job_no = ?1 AND url = ?5 AND state <= 1) THEN 1 ELSE 0 END)"),
      settle_(on,
              "UPDATE webhook_deliveries SET state = ?2, next_try_at = ?3, attempts = attempts + 1,"
              " last_try_at = ?4, last_status = ?5, last_error = ?6 WHERE id = ?1 AND state = 0"),
      release_(on,
               "UPDATE webhook_deliveries SET state = 0, next_try_at = ?2 WHERE id ="
               " (SELECT min(next.id) FROM webhook_deliveries done JOIN webhook_deliveries next"
               " ON next.job_no = done.job_no AND next.url = done.url AND next.state = 1"
               " WHERE done.id = ?1)") {
  if (!rules_) return;
  for (const auto& endpoint : rules_->endpoints) {
    for (int kind = 0; kind < event_kinds; ++kind) {
      if (endpoint.wants(static_cast<job_event::kind>(kind))) endpoint_events_ |= 1U << kind;
    }
  }
}

expected<bool> outbox_table::has_callback(std::int64_t job_no, std::string_view url) {
  return has_callback_.run(job_no, url).next();
}

expected<void> outbox_table::add_callback(std::int64_t job_no, std::string_view url) {
  MUTIRAO_TRY(const bool known, has_callback(job_no, url));
  if (known) return {};
  MUTIRAO_TRY(const auto callbacks, number(count_callbacks_.run(job_no)));
  if (callbacks >= most_callbacks) return fail(errc::too_many_callbacks);
  MUTIRAO_CHECK(put_callback_.execute(job_no, url));
  MUTIRAO_CHECK(mark_job_.execute(job_no));
  return {};
}

expected<std::vector<outbox_table::target>> outbox_table::targets(job_event::kind what,
                                                                  const job_record& of) {
  std::vector<target> all;
  if (of.callbacks && ends_a_run(what)) {
    MUTIRAO_TRY(all, all_of(callbacks_.run(of.no), [](const rows& row) {
                  return target{row.string(0), true};
                }));
  }
  for (const auto& endpoint : rules_->endpoints) {
    const bool told =
        std::any_of(all.begin(), all.end(), [&](const target& x) { return x.url == endpoint.url; });
    if (!told && endpoint.wants(what)) all.push_back({endpoint.url, false});
  }
  return all;
}

expected<std::int64_t> outbox_table::put(const job_event& what, const job_record& of) {
  MUTIRAO_TRY(const auto all, targets(what.what, of));
  const auto body = rules_->render(webhook_type(what.what), what.at, of.view);
  const auto message = message_of(what);
  for (const auto& to : all) {
    const auto where = parse_web_url(to.url);
    if (!where) return fail(errc::store_failed, "no URL: " + to.url);
    MUTIRAO_CHECK(put_.execute(of.no, what.run, what.what, message, to.url, where->origin(),
                               to.callback, body, what.at));
  }
  return std::ssize(all);
}

expected<bool> outbox_table::settle(const settle_delivery& what) {
  const auto& verdict = what.verdict;
  MUTIRAO_TRY(const auto changed, settle_.execute(what.id, verdict.state, verdict.next_try,
                                                  what.now, what.status, what.error));
  if (changed == 0) return false;
  if (verdict.state != delivery_state::pending) {
    MUTIRAO_CHECK(release_.execute(what.id, what.now));
  }
  return true;
}

}  // namespace mutirao::storage::sql
