#include "storage/sql/history_reads.hpp"

#include <algorithm>
#include <deque>
#include <iterator>

#include "storage/sql/attempt.hpp"

namespace mutirao::storage::sql {

// Items of one commit ended at the same time. Where there were more commits than are asked for,
// each batch of the answer takes as many of them as the others.
history_reads::history_reads(connection& on)
    : on_(on),
      jobs_(on),
      events_(on,
              "SELECT seq, run, kind, at FROM job_events"
              " WHERE user_id = ?1 AND seq >= ?2 AND seq < ?2 + ?4 AND job_no = ?3 ORDER BY seq"),
      batches_(on,
               "WITH commits AS (SELECT ended_at, count(*) AS items, count(*) FILTER (WHERE state "
               "= 2) AS failed,"
               " CAST(sum(created) AS BIGINT) AS created FROM job_items WHERE job_no = ?1 GROUP BY "
               "ended_at),"
               " placed AS (SELECT *, row_number() OVER (ORDER BY ended_at) - 1 AS place,"
               " count(*) OVER () AS total FROM commits)"
               " SELECT min(ended_at), max(ended_at), CAST(sum(items) AS BIGINT),"
               " CAST(sum(failed) AS BIGINT), CAST(sum(created) AS BIGINT)"
               " FROM placed GROUP BY place * CASE WHEN ?2 < total THEN ?2 ELSE total END / total "
               "ORDER BY 1"),
      ledger_(on, "SELECT item, state, run FROM job_items WHERE job_no = ?1 ORDER BY item") {}

expected<std::vector<job_event>> history_reads::events(const job_history& asked,
                                                       const job_record& of) {
  const auto most = static_cast<std::size_t>(asked.most_events);
  std::deque<job_event> newest;
  rows found = events_.run(of.view.user, of.first_event, of.no, asked.most_foreign);
  for (;;) {
    MUTIRAO_TRY(const bool more, found.next());
    if (!more) break;
    newest.push_back({.user = of.view.user,
                      .sequence = found.integer(0),
                      .job = of.view.id,
                      .run = found.integer(1),
                      .what = static_cast<job_event::kind>(found.integer(2)),
                      .at = found.at(3)});
    if (newest.size() > most) newest.pop_front();
    // Nothing of this job comes behind the end of its last run.
    const auto& last = newest.back();
    if (ended(of.view.state) && ends_a_run(last.what) && last.run == of.view.run) break;
  }
  return std::vector<job_event>(newest.begin(), newest.end());
}

expected<job_history::answer> history_reads::read(const job_history& asked) {
  MUTIRAO_TRY(const auto now, picture::take(on_));
  MUTIRAO_TRY(const auto job, jobs_.find(asked.job));
  if (!job) return fail(errc::unknown_job);
  job_history::answer answer;
  MUTIRAO_TRY(answer.events, events(asked, *job));
  MUTIRAO_TRY(answer.batches,
              all_of(batches_.run(job->no, asked.most_batches), [](const rows& row) {
                return job_history::batch{row.at(0), row.at(1), row.integer(2), row.integer(3),
                                          row.integer(4)};
              }));
  return answer;
}

namespace {

/// `items` dealt out: as many groups as may be, none larger than another by more than one.
group_items::answer dealt_out(const std::vector<item_id>& items, std::int64_t most) {
  const auto count = std::min(std::ssize(items), std::max<std::int64_t>(most, 1));
  group_items::answer groups;
  std::size_t at = 0;
  for (std::int64_t i = 0; i < count; ++i) {
    const auto size = std::ssize(items) / count + (i < std::ssize(items) % count ? 1 : 0);
    groups.push_back({.first = items[at], .items = size});
    at += static_cast<std::size_t>(size);
  }
  return groups;
}

void count_in(group_items::group& into, item_state how, bool of_this_run) {
  into.done += how == item_state::done ? 1 : 0;
  into.skipped += how == item_state::skipped ? 1 : 0;
  // What failed in an earlier run is to be done again.
  into.failed += how == item_state::failed && of_this_run ? 1 : 0;
}

}  // namespace

expected<group_items::answer> history_reads::read(const group_items& asked) {
  MUTIRAO_TRY(const auto now, picture::take(on_));
  MUTIRAO_TRY(const auto job, jobs_.find(asked.job));
  if (!job) return fail(errc::unknown_job);
  MUTIRAO_TRY(const auto scope, jobs_.scope(job->no));
  auto groups = dealt_out(scope, asked.most);
  auto group = groups.begin();
  rows ended_items = ledger_.run(job->no);
  for (;;) {
    MUTIRAO_TRY(const bool more, ended_items.next());
    if (!more || groups.empty()) return groups;
    const auto item = ended_items.integer(0);
    while (std::next(group) != groups.end() && std::next(group)->first.value <= item) ++group;
    count_in(*group, static_cast<item_state>(ended_items.integer(1)),
             ended_items.integer(2) == job->view.run);
  }
}

}  // namespace mutirao::storage::sql
