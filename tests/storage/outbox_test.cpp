// Deliveries: written with their event or not at all, in order, settled once, kept until told.
#include "tests/storage/world.hpp"

namespace mutirao::storage {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr auto hook = "https://example.com/hook";
constexpr auto other = "https://other.example/";
constexpr auto operators = "https://operator.example/all";

class outbox : public world {
 protected:
  void SetUp() override {
    rules_.render = [](std::string_view type, instant, const job_view& job) {
      return std::string(type) + " " + std::string(to_string(job.state)) + " " +
             std::to_string(job.totals.done);
    };
    restart();
    fill(4);
  }
  void restart() {
    close();
    auto opened =
        open_database(url(), types_, {.create = true, .owner = "test", .webhooks = &rules_});
    ASSERT_TRUE(opened) << opened.error().detail;
    database_ = *std::move(opened);
    store_ = database_->writer().value();
    reads_ = database_->reader().value();
  }

  job_view submitted(const std::string& callback, std::uint64_t number = 1) {
    auto asked = submission(number);
    asked.callback_url = callback;
    return commit(asked).value().job;
  }
  job_view finish(const job_view& job) { return commit(batch(job, items(1, 4))).value().job; }
  job_view change(const job_view& job, job_trigger on) {
    return commit(request_change{job.id, member(7), on, std::nullopt, noon}).value().job;
  }

  due_deliveries due_at(instant now) { return {now, "", 100, 100, {}}; }
  std::vector<delivery> due(instant now = noon) { return ask(due_deliveries(due_at(now))).rows; }
  std::vector<std::string> bodies(instant now = noon) {
    std::vector<std::string> all;
    for (const auto& one : due(now)) all.push_back(one.body);
    return all;
  }
  bool settle(const delivery& one, delivery_state state, instant next = noon, int status = 200) {
    return commit(settle_delivery{one.id, {state, next}, status, "", noon}).value();
  }
  std::vector<delivery_row> logged(const job_id& job, bool callbacks_only = false) {
    return ask(list_deliveries{job, callbacks_only, 100, std::nullopt}).rows;
  }
  /// All of it: a step ends by time too.
  prune::answer sweep(instant before) {
    prune what;
    what.ended_before = what.keys_before = before;
    what.rows = 1'000;
    prune::answer all;
    for (bool more = true; more;) {
      auto step = commit(what).value();
      all.jobs.insert(all.jobs.end(), step.jobs.begin(), step.jobs.end());
      more = step.next.has_value();
      what.after = step.next.value_or(0);
    }
    return all;
  }
  std::int64_t rows_left() {
    return number(
        "SELECT (SELECT count(*) FROM webhook_deliveries) + (SELECT count(*) FROM "
        "job_callbacks)");
  }

  webhook_rules rules_;
};

TEST_F(outbox, a_job_that_nobody_is_told_of_writes_nothing) {
  finish(submitted(""));
  EXPECT_TRUE(due().empty());
  EXPECT_EQ(rows_left(), 0);
  EXPECT_EQ(store_->take_committed().deliveries, 0);
}

TEST_F(outbox, the_end_of_a_run_is_told_in_its_transaction) {
  const auto job = submitted(hook);
  EXPECT_TRUE(due().empty()) << "it goes on";
  store_->take_committed();
  finish(job);
  EXPECT_EQ(store_->take_committed().deliveries, 1);
  const auto rows = due();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].url, hook);
  EXPECT_EQ(rows[0].receiver, "https://example.com:443");
  EXPECT_EQ(rows[0].body, "job.completed completed 4") << "as of the event";
  EXPECT_EQ(rows[0].event_at, noon);
  EXPECT_EQ(
      rows[0].message.substr(0, 37), "msg_" + [&] {
        auto id = job.id.to_string();
        std::erase(id, '-');
        return id;
      }() + "_");
}

TEST_F(outbox, what_was_not_committed_is_not_told) {
  const auto job = submitted(hook);
  auto broken = batch(job, items(1, 4));
  broken.batch.items.back().tasks.at(0).company = {4711};
  ASSERT_FALSE(commit(broken));
  EXPECT_TRUE(due().empty());
  crash();
  EXPECT_EQ(number("SELECT count(*) FROM webhook_deliveries"), 0);
}

TEST_F(outbox, a_crash_right_after_the_end_finds_the_row) {
  const auto job = finish(submitted(hook));
  const auto before = due();
  crash();
  const auto after = due();
  ASSERT_EQ(after.size(), 1U);
  EXPECT_EQ(after[0].id, before.at(0).id);
  EXPECT_EQ(after[0].message, before.at(0).message);
  EXPECT_EQ(logged(job.id).at(0).state, delivery_state::pending);
}

TEST_F(outbox, failed_and_cancelled_runs_and_empty_jobs_are_told_too) {
  const auto one = submitted(hook, 1);
  commit(end_run{one.id, one.fence, job_trigger::fail, "quebrou", noon}).value();
  change(one, job_trigger::retry);
  change(one, job_trigger::cancel);
  EXPECT_EQ(logged(one.id).size(), 2U);
  EXPECT_EQ(bodies(), std::vector<std::string>{"job.failed failed 0"});
  settle(due().at(0), delivery_state::delivered);
  EXPECT_EQ(bodies(), std::vector<std::string>{"job.cancelled cancelled 0"});

  auto empty = submission(2, 7, 2);
  empty.callback_url = other;
  const auto job = commit(empty).value().job;
  EXPECT_EQ(logged(job.id).at(0).type, "job.completed");
}

TEST_F(outbox, a_callback_is_not_lost_where_no_webhook_is_configured_at_the_end) {
  const auto job = submitted(hook);
  rules_.endpoints.clear();
  restart();
  const auto again = commit(claim_jobs{1, std::nullopt, noon}).value().at(0).job;
  finish(again);
  EXPECT_EQ(logged(job.id).size(), 1U);
}

TEST_F(outbox, whoever_joins_a_job_is_told_too) {
  const auto first = submitted(hook, 1);
  EXPECT_EQ(submitted(other, 2).id, first.id);
  EXPECT_EQ(submitted(hook, 3).id, first.id) << "again: nothing new";
  finish(first);
  std::vector<std::string> told;
  for (const auto& row : logged(first.id)) told.push_back(row.url);
  EXPECT_EQ(told, (std::vector<std::string>{hook, other}));
}

TEST_F(outbox, a_job_without_callback_gets_one_by_who_joins) {
  const auto first = submitted("", 1);
  submitted(hook, 2);
  finish(first);
  EXPECT_EQ(logged(first.id).size(), 1U);
}

TEST_F(outbox, a_job_has_so_many_callbacks_and_no_more) {
  const auto first = submitted(hook, 1);
  for (int i = 1; i < most_callbacks; ++i) submitted(other + std::to_string(i), 2);
  auto one_more = submission(3);
  one_more.callback_url = other;
  one_more.key = idempotency_key{"k"};
  EXPECT_EQ(commit(one_more).error().code, errc::too_many_callbacks);
  EXPECT_EQ(number("SELECT count(*) FROM job_callbacks"), most_callbacks);
  EXPECT_EQ(number("SELECT count(*) FROM idempotency_keys"), 0) << "refused, it wrote nothing";
}

TEST_F(outbox, a_known_key_with_another_callback_is_another_request) {
  auto asked = submission(1);
  asked.callback_url = hook;
  asked.key = idempotency_key{"k"};
  commit(asked).value();
  EXPECT_EQ(commit(asked).value().how, insert_job::outcome::replayed);
  asked.callback_url = other;
  EXPECT_EQ(commit(asked).error().code, errc::key_reused);
}

TEST_F(outbox, an_operators_url_is_told_of_the_events_it_names) {
  rules_.endpoints = {{operators, {"job.*"}}, {hook, {"job.completed"}}};
  restart();
  const auto job = finish(submitted(hook));
  std::vector<std::string> told;
  for (const auto& row : logged(job.id)) told.push_back(row.type + " " + row.url);
  EXPECT_EQ(told,
            (std::vector<std::string>{
                std::string("job.created ") + operators, std::string("job.started ") + operators,
                std::string("job.completed ") + hook, std::string("job.completed ") + operators}))
      << "and one URL once, though callback and configuration name it";
  const auto own = logged(job.id, true);
  ASSERT_EQ(own.size(), 1U);
  EXPECT_EQ(own[0].url, hook);
  EXPECT_TRUE(own[0].callback);
  const auto all = logged(job.id);
  EXPECT_EQ(all[2].message, all[3].message) << "one event, one id";
  EXPECT_NE(all[0].message, all[1].message);
}

TEST_F(outbox, a_jobs_deliveries_to_one_url_go_one_after_the_other) {
  rules_.endpoints = {{operators, {"job.*"}}};
  restart();
  const auto job = finish(submitted(hook));
  EXPECT_EQ(bodies(),
            (std::vector<std::string>{"job.completed completed 4", "job.created running 0"}))
      << "the callback is another URL";
  const auto created = due().at(1);
  EXPECT_TRUE(settle(created, delivery_state::pending, noon + minutes(1), 500));
  EXPECT_EQ(bodies(noon + seconds(59)).size(), 1U) << "those behind it wait with it";
  EXPECT_EQ(bodies(noon + minutes(1)).size(), 2U);
  EXPECT_TRUE(settle(created, delivery_state::dead));
  EXPECT_EQ(due().at(1).body, "job.started running 0") << "what is given up holds up nobody";
  EXPECT_TRUE(settle(due().at(1), delivery_state::delivered));
  EXPECT_EQ(due().at(1).body, "job.completed completed 4");
}

TEST_F(outbox, a_delivery_is_settled_once) {
  finish(submitted(hook));
  const auto one = due().at(0);
  EXPECT_TRUE(settle(one, delivery_state::pending, noon + minutes(5), 503));
  EXPECT_TRUE(due().empty());
  const auto again = due(noon + minutes(5)).at(0);
  EXPECT_EQ(again.attempts, 1);
  EXPECT_EQ(again.message, one.message);
  EXPECT_EQ(again.body, one.body);
  EXPECT_TRUE(settle(again, delivery_state::delivered));
  EXPECT_FALSE(settle(again, delivery_state::dead)) << "too late";
  EXPECT_FALSE(commit(settle_delivery{4711, {}, 200, "", noon}).value());
}

TEST_F(outbox, the_log_says_what_happened) {
  const auto job = finish(submitted(hook));
  const auto next = noon + minutes(5);
  commit(settle_delivery{due().at(0).id, {delivery_state::pending, next}, 0, "timeout", noon})
      .value();
  auto row = logged(job.id).at(0);
  EXPECT_EQ(row.state, delivery_state::pending);
  EXPECT_EQ(row.attempts, 1);
  EXPECT_EQ(row.last_error, "timeout");
  EXPECT_EQ(row.last_try, noon);
  EXPECT_EQ(row.next_try, next);
  EXPECT_EQ(row.run, 1);
  settle(due(next).at(0), delivery_state::delivered, next, 204);
  row = logged(job.id).at(0);
  EXPECT_EQ(row.state, delivery_state::delivered);
  EXPECT_EQ(row.last_status, 204);
  EXPECT_EQ(row.last_error, "");
  EXPECT_FALSE(row.next_try);
  EXPECT_EQ(refusal(list_deliveries{job_number(99), false, 1, std::nullopt}), errc::unknown_job);
}

TEST_F(outbox, the_log_comes_in_pages) {
  rules_.endpoints = {{operators, {"job.*"}}};
  restart();
  const auto job = finish(submitted(hook));
  auto page = ask(list_deliveries{job.id, false, 3, std::nullopt});
  EXPECT_EQ(page.rows.size(), 3U);
  ASSERT_TRUE(page.next);
  page = ask(list_deliveries{job.id, false, 3, page.next});
  EXPECT_EQ(page.rows.size(), 1U);
  EXPECT_FALSE(page.next);
}

class many_receivers : public outbox {
 protected:
  void SetUp() override {
    outbox::SetUp();
    // A receiver's letter says its place in the order; three URLs each.
    for (const char letter : {'a', 'b', 'c', 'd'}) {
      for (int i = 0; i < 3; ++i) {
        rules_.endpoints.push_back(
            {std::string("https://") + letter + ".example/" + std::to_string(i),
             {"job.completed"}});
      }
    }
    restart();
    finish(submitted(""));
  }
  std::string taken(const due_deliveries& asked) {
    std::string letters;
    for (const auto& row : ask(asked).rows) letters += row.receiver.at(8);
    return letters;
  }
  static std::string receiver(char letter) {
    return std::string("https://") + letter + ".example:443";
  }
};

TEST_F(many_receivers, take_turns) {
  EXPECT_EQ(taken({noon, "", 100, 2, {}}), "aabbccdd");
  EXPECT_EQ(taken({noon, "", 3, 2, {}}), "aab");
  EXPECT_EQ(taken({noon, receiver('b'), 100, 1, {}}), "cdab");
  EXPECT_EQ(taken({noon, receiver('b'), 3, 1, {}}), "cda");
  EXPECT_EQ(taken({noon, receiver('d'), 100, 1, {}}), "abcd");
}

TEST_F(many_receivers, are_left_out_where_there_is_no_room_for_them) {
  auto asked = due_deliveries{noon, "", 100, 2, {}};
  asked.room = {{receiver('a'), 0}, {receiver('c'), 1}};
  EXPECT_EQ(taken(asked), "bbcdd");
}

TEST_F(many_receivers, do_not_get_what_is_on_its_way_again) {
  auto asked = due_deliveries{noon, "", 100, 2, {}};
  const auto first = ask(asked).rows;
  for (const auto& row : first) asked.without.push_back(row.id);
  EXPECT_EQ(taken(asked), "abcd") << "the third of each";
}

TEST_F(many_receivers, are_said_when_the_next_is_due) {
  for (const auto& row : due()) {
    const auto pause = row.receiver == receiver('c') ? seconds(7) : seconds(9);
    settle(row, delivery_state::pending, noon + pause, 500);
  }
  const auto answer = ask(due_deliveries(due_at(noon)));
  EXPECT_TRUE(answer.rows.empty());
  EXPECT_EQ(answer.next, noon + seconds(7));
  EXPECT_EQ(taken({noon + seconds(8), "", 100, 9, {}}), "ccc");
}

TEST_F(many_receivers, are_counted_until_they_are_told) {
  auto count = ask(count_deliveries{});
  EXPECT_EQ(count.unsettled, 12);
  EXPECT_EQ(count.oldest, noon);
  for (const auto& row : due()) settle(row, delivery_state::dead);
  count = ask(count_deliveries{});
  EXPECT_EQ(count.unsettled, 0);
  EXPECT_FALSE(count.oldest);
}

TEST_F(outbox, a_job_outlives_its_unsettled_deliveries_and_takes_the_others_along) {
  const auto old = finish(submitted(hook));
  finish(submitted("", 2));  // the newest is never pruned
  const auto later = noon + hours(48);
  EXPECT_TRUE(sweep(later).jobs.empty()) << "nobody was told yet";
  settle(due().at(0), delivery_state::pending, noon + hours(1), 500);
  EXPECT_TRUE(sweep(later).jobs.empty());
  settle(due(noon + hours(1)).at(0), delivery_state::delivered);
  EXPECT_EQ(sweep(later).jobs, std::vector<job_id>{old.id});
  EXPECT_EQ(rows_left(), 0);
}

TEST_F(outbox, a_dead_delivery_does_not_keep_its_job) {
  const auto old = finish(submitted(hook));
  finish(submitted("", 2));
  settle(due().at(0), delivery_state::dead);
  EXPECT_EQ(sweep(noon + hours(48)).jobs, std::vector<job_id>{old.id});
  EXPECT_EQ(rows_left(), 0);
}

}  // namespace
}  // namespace mutirao::storage
