#include "storage/sql/job_reads.hpp"

#include <algorithm>
#include <limits>

#include "storage/sql/attempt.hpp"
#include "storage/sql/message_table.hpp"

namespace mutirao::storage::sql {

job_reads::job_reads(connection& on, const revisions& of)
    : on_(on),
      revisions_(of),
      jobs_(on),
      result_(on, "SELECT item, created, error FROM job_items WHERE job_no = ?1 ORDER BY item"),
      jobs_of_user_(on, "SELECT " MUTIRAO_JOB_COLUMNS
                        " FROM jobs WHERE user_id = ?6 AND no < ?1 AND ((?2 >> state) & 1) = 1"
                        " AND (?3 IS NULL OR kind = ?3) AND (?4 IS NULL OR unidade_id = ?4)"
                        " ORDER BY no DESC LIMIT ?5"),
      all_jobs_(on, "SELECT " MUTIRAO_JOB_COLUMNS
                    " FROM jobs WHERE no < ?1 AND ((?2 >> state) & 1) = 1"
                    " AND (?3 IS NULL OR kind = ?3) AND (?4 IS NULL OR unidade_id = ?4)"
                    " ORDER BY no DESC LIMIT ?5"),
      ledger_(on,
              "SELECT item, state, created, attempts, error, run, ended_at FROM job_items"
              " WHERE job_no = ?1 AND item > ?2 ORDER BY item"),
      notifications_(on, "SELECT " MUTIRAO_NOTIFICATION_COLUMNS
                         " FROM notificacoes WHERE user_id = ?1 ORDER BY id DESC LIMIT ?2"),
      unread_(on, "SELECT count(*) FROM notificacoes WHERE user_id = ?1 AND read_at IS NULL"),
      missed_(on, "SELECT " MUTIRAO_NOTIFICATION_COLUMNS
                  " FROM (SELECT * FROM notificacoes WHERE user_id = ?1 ORDER BY id DESC LIMIT ?2)"
                  " AS newest"
                  " WHERE created_at >= ?3 AND read_at IS NULL AND pushed_at IS NULL"
                  " ORDER BY id DESC"),
      events_(on,
              "SELECT seq, job_no, run, kind, at FROM job_events"
              " WHERE user_id = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3"),
      last_event_(on, "SELECT coalesce(max(seq), 0) FROM job_events WHERE user_id = ?1"),
      ending_(on, "SELECT " MUTIRAO_NOTIFICATION_COLUMNS
                  " FROM notificacoes WHERE job_no = ?1 AND run = ?2"),
      count_(on, "SELECT state, count(*) FROM jobs GROUP BY state"),
      unfinished_(on, "SELECT id, user_id, unidade_id, state, done FROM jobs WHERE state <= 3"),
      lease_(on, "SELECT lease_until FROM nodes WHERE owner = ?1") {}

expected<find_job::answer> job_reads::read(const find_job& asked) {
  const auto as_of = revisions_.of_views();
  MUTIRAO_TRY(auto job, jobs_.find(asked.id));
  if (!job) return fail(errc::unknown_job);
  job->view.version = as_of + job->changes;
  // Near, the process itself knows better.
  if (on_.is_far() && job->owner) {
    MUTIRAO_TRY(job->view.lease_until,
                first_of(lease_.run(*job->owner), [](const rows& row) { return row.at(0); }));
  }
  return std::move(job->view);
}

expected<find_result::answer> job_reads::read(const find_result& asked) {
  MUTIRAO_TRY(const auto now, picture::take(on_));
  MUTIRAO_TRY(const auto job, jobs_.find(asked.id));
  if (!job) return fail(errc::unknown_job);
  return all_of(result_.run(job->no), [](const rows& row) {
    return find_result::answer::value_type{row.id<item_id>(0), row.integer(1), row.string(2)};
  });
}

expected<list_jobs::answer> job_reads::read(const list_jobs& asked) {
  const auto as_of = revisions_.of_views();
  unsigned states = asked.states.empty() ? ~0U : 0U;
  for (const auto state : asked.states) states |= 1U << static_cast<unsigned>(state);
  const auto before = asked.after.value_or(std::numeric_limits<std::int64_t>::max());
  rows found = asked.all ? all_jobs_.run(before, states, asked.kind, asked.unit, asked.limit + 1)
                         : jobs_of_user_.run(before, states, asked.kind, asked.unit,
                                             asked.limit + 1, asked.by.user);
  list_jobs::answer answer;
  std::int64_t last = 0;
  for (;;) {
    MUTIRAO_TRY(const bool more, found.next());
    if (!more) return answer;
    if (std::ssize(answer.rows) == asked.limit) break;
    auto job = read_job(found);
    last = job.no;
    job.view.version = as_of + job.changes;
    answer.rows.push_back(std::move(job.view));
  }
  answer.next = last;
  return answer;
}

namespace {

// The ledger's word on an item. What failed in an earlier run is to be done again.
item_row read_item(const rows& row, std::int64_t current_run) {
  item_row item{.item = row.id<item_id>(0),
                .state = static_cast<item_state>(row.integer(1)),
                .created = row.integer(2),
                .attempts = row.integer(3),
                .error = row.string(4),
                .run = row.integer(5),
                .ended_at = row.at(6)};
  if (item.state != item_state::failed || item.run == current_run) return item;
  item.state = item_state::pending;
  item.error.clear();
  item.ended_at.reset();
  return item;
}

}  // namespace

expected<list_items::answer> job_reads::read(const list_items& asked) {
  MUTIRAO_TRY(const auto now, picture::take(on_));
  MUTIRAO_TRY(const auto job, jobs_.find(asked.job));
  if (!job) return fail(errc::unknown_job);
  const auto after = asked.after.value_or(-1);
  MUTIRAO_TRY(const auto scope, jobs_.scope(job->no));
  rows ledger = ledger_.run(job->no, after);
  MUTIRAO_TRY(bool more, ledger.next());

  list_items::answer answer;
  const auto run = job->view.run;
  auto item = std::upper_bound(scope.begin(), scope.end(), item_id{after});
  for (; item != scope.end(); ++item) {
    item_row row{};
    row.item = *item;
    row.run = run;
    if (more && ledger.integer(0) == item->value) {
      row = read_item(ledger, run);
      MUTIRAO_TRY(more, ledger.next());
    }
    if (asked.state && row.state != *asked.state) continue;
    if (std::ssize(answer.rows) == asked.limit) {
      answer.next = answer.rows.empty() ? after : answer.rows.back().item.value;
      break;
    }
    answer.rows.push_back(std::move(row));
  }
  return answer;
}

expected<list_notifications::answer> job_reads::read(const list_notifications& asked) {
  list_notifications::answer answer;
  if (asked.missed_since) {
    MUTIRAO_TRY(answer.rows, all_of(missed_.run(asked.user, asked.limit, *asked.missed_since),
                                    read_notification_row));
    return answer;
  }
  MUTIRAO_TRY(const auto now, picture::take(on_));
  MUTIRAO_TRY(answer.rows,
              all_of(notifications_.run(asked.user, asked.limit), read_notification_row));
  MUTIRAO_TRY(answer.unread, number(unread_.run(asked.user)));
  return answer;
}

expected<event_row> job_reads::read_event(const rows& row, user_id user, revision as_of) {
  const auto job_no = row.integer(1);
  event_row found;
  found.event.user = user;
  found.event.sequence = row.integer(0);
  found.event.run = row.integer(2);
  found.event.what = static_cast<job_event::kind>(row.integer(3));
  found.event.at = row.at(4);
  MUTIRAO_TRY(auto job, jobs_.find(job_no));
  if (job) {
    job->view.version = as_of + job->changes;
    found.event.job = job->view.id;
    found.job = std::move(job->view);
  }
  if (tells_its_owner(found.event.what)) {
    MUTIRAO_TRY(found.told, first_of(ending_.run(job_no, found.event.run), read_notification_row));
  }
  return found;
}

expected<list_events::answer> job_reads::read(const list_events& asked) {
  const auto as_of = revisions_.of_views();
  MUTIRAO_TRY(const auto now, picture::take(on_));
  list_events::answer answer;
  MUTIRAO_TRY(answer.last, number(last_event_.run(asked.user)));
  if (!asked.after) return answer;
  rows found = events_.run(asked.user, *asked.after, asked.limit + 1);
  for (;;) {
    MUTIRAO_TRY(answer.more, found.next());
    if (!answer.more || std::ssize(answer.rows) == asked.limit) return answer;
    MUTIRAO_TRY(auto row, read_event(found, asked.user, as_of));
    answer.rows.push_back(std::move(row));
  }
}

expected<count_jobs::answer> job_reads::read(const count_jobs&) {
  count_jobs::answer counts{};
  rows found = count_.run();
  for (;;) {
    MUTIRAO_TRY(const bool more, found.next());
    if (!more) return counts;
    counts.at(static_cast<std::size_t>(found.integer(0))) = found.integer(1);
  }
}

expected<list_unfinished::answer> job_reads::read(const list_unfinished&) {
  return all_of(unfinished_.run(), [](const rows& row) {
    unfinished_job job{{},
                       row.id<user_id>(1),
                       row.optional_id<unit_id>(2),
                       static_cast<job_state>(row.integer(3)),
                       row.integer(4)};
    const auto id = row.blob(0);
    std::copy_n(id.begin(), std::min(id.size(), job.id.bytes.size()), job.id.bytes.begin());
    return job;
  });
}

}  // namespace mutirao::storage::sql
