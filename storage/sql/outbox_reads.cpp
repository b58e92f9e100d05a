#include "storage/sql/outbox_reads.hpp"

#include <algorithm>
#include <chrono>

#include "storage/sql/attempt.hpp"

namespace mutirao::storage::sql {
namespace {

// Receivers that one question looks at, each by a step into an index. The next question goes on
// behind them.
constexpr int most_receivers = 2'000;

struct receiver_head {
  std::string receiver;
  instant due;
};

delivery read_due(const rows& row) {
  return {row.integer(0),
          row.string(1),
          row.string(2),
          row.string(3),
          row.string(4),
          row.at(5),
          static_cast<int>(row.integer(6))};
}

delivery_row read_logged(const rows& row) {
  delivery_row read;
  read.id = row.integer(0);
  read.message = row.text(1);
  read.type = webhook_type(static_cast<job_event::kind>(row.integer(2)));
  read.url = row.text(3);
  read.callback = row.integer(4) != 0;
  read.run = row.integer(5);
  read.state = static_cast<delivery_state>(row.integer(6));
  read.attempts = static_cast<int>(row.integer(7));
  read.event_at = row.at(8);
  read.last_try = row.optional(9, &rows::at);
  read.last_status = static_cast<int>(row.integer(10));
  read.last_error = row.text(11);
  if (read.state == delivery_state::pending) read.next_try = row.at(12);
  return read;
}

}  // namespace

outbox_reads::outbox_reads(connection& on)
    : on_(on),
      first_due_(on,
                 "SELECT receiver, next_try_at FROM webhook_deliveries"
                 " WHERE state = 0 AND receiver > ?1 ORDER BY receiver, next_try_at LIMIT 1"),
      due_(on,
           "SELECT id, message, url, receiver, body, event_at, attempts FROM webhook_deliveries"
           " WHERE state = 0 AND receiver = ?1 AND next_try_at <= ?2"
           " ORDER BY next_try_at, id LIMIT ?3"),
      count_(on, "SELECT count(*), min(event_at) FROM webhook_deliveries WHERE state <= 1"),
      job_(on, "SELECT no FROM jobs WHERE id = ?1"),
      of_job_(on,
              "SELECT id, message, kind, url, callback, run, state, attempts, event_at,"
              " last_try_at, last_status, last_error, next_try_at FROM webhook_deliveries"
              " WHERE job_no = ?1 AND id > ?2 AND callback >= ?3 ORDER BY id LIMIT ?4") {}

// What is due of one receiver, as far as there is room.
expected<void> outbox_reads::take(const due_deliveries& asked, const std::string& receiver,
                                  due_deliveries::answer& into) {
  const auto special = asked.room.find(receiver);
  auto room = special == asked.room.end() ? asked.most_per_receiver : special->second;
  room = std::min(room, asked.most - into.rows.size());
  if (room == 0) return {};
  rows found = due_.run(receiver, asked.now, room + asked.without.size());
  while (room > 0) {
    MUTIRAO_TRY(const bool more, found.next());
    if (!more) return {};
    const auto& without = asked.without;
    if (std::find(without.begin(), without.end(), found.integer(0)) != without.end()) continue;
    into.rows.push_back(read_due(found));
    --room;
  }
  return {};
}

expected<due_deliveries::answer> outbox_reads::read(const due_deliveries& asked) {
  MUTIRAO_TRY(const auto now, picture::take(on_));
  due_deliveries::answer answer;
  std::string at = asked.after;
  bool wrapped = at.empty();
  for (int looked = 0; answer.rows.size() < asked.most; ++looked) {
    MUTIRAO_TRY(const auto head, first_of(first_due_.run(at), [](const rows& row) {
                  return receiver_head{row.string(0), row.at(1)};
                }));
    if (!head && !wrapped) {
      wrapped = true;
      at.clear();
      continue;
    }
    const bool behind_the_first = !asked.after.empty() && wrapped;
    if (!head || (behind_the_first && head->receiver > asked.after)) return answer;
    if (looked >= most_receivers) {
      answer.next = asked.now + std::chrono::seconds(1);
      return answer;
    }
    at = head->receiver;
    if (head->due <= asked.now) {
      MUTIRAO_CHECK(take(asked, at, answer));
    } else if (!answer.next || head->due < *answer.next) {
      answer.next = head->due;
    }
  }
  return answer;
}

expected<count_deliveries::answer> outbox_reads::read(const count_deliveries&) {
  rows found = count_.run();
  MUTIRAO_CHECK(found.next());
  return count_deliveries::answer{found.integer(0), found.optional(1, &rows::at)};
}

expected<list_deliveries::answer> outbox_reads::read(const list_deliveries& asked) {
  MUTIRAO_TRY(const auto now, picture::take(on_));
  MUTIRAO_TRY(const auto no,
              first_of(job_.run(asked.job), [](const rows& row) { return row.integer(0); }));
  if (!no) return fail(errc::unknown_job);
  list_deliveries::answer answer;
  MUTIRAO_TRY(answer.rows, all_of(of_job_.run(*no, asked.after.value_or(0), asked.callbacks_only,
                                              asked.limit + 1),
                                  read_logged));
  if (std::ssize(answer.rows) > asked.limit) {
    answer.rows.pop_back();
    answer.next = answer.rows.back().id;
  }
  return answer;
}

}  // namespace mutirao::storage::sql
