// Schedules: stored whole, found when due, settled once in one transaction with their job.
#include "tests/storage/world.hpp"

namespace mutirao::storage {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::minutes;

class schedules : public world {
 protected:
  void SetUp() override {
    world::SetUp();
    fill(3);
  }

  static schedule yearly(std::int64_t user = 7) {
    schedule what;
    what.owner = member(user, {{1}, {2}});
    what.kind = generate_unit_tasks::name;
    what.arguments = {{"futureYears", "1"}, {"unit", "1"}, {"odd name: 3", ""}, {"e", "é:=\n5:"}};
    what.cron = "0 6 2 1 *";
    what.zone = "America/Sao_Paulo";
    what.callback_url = "https://example.com/hook";
    what.created_at = noon;
    what.next_due = noon + hours(1);
    return what;
  }
  static schedule once(std::int64_t user = 7) {
    auto what = yearly(user);
    what.cron.clear();
    return what;
  }
  static create_schedule request(schedule what, std::optional<std::string> key = std::nullopt) {
    create_schedule asked;
    if (what.cron.empty()) asked.run_at = format_instant(*what.next_due);
    asked.what = std::move(what);
    asked.unit = unit_id{1};
    asked.key = std::move(key);
    asked.now = noon;
    return asked;
  }
  schedule made(const schedule& what) { return commit(request(what)).value().what; }
  errc refused(const create_schedule& asked) {
    const auto answer = commit(asked);
    EXPECT_FALSE(answer);
    return answer ? errc::internal : answer.error().code;
  }

  /// The job of this due time, whole.
  insert_job firing_of(const schedule& what, std::uint64_t number,
                       std::optional<instant> next = noon + days(365)) {
    auto asked = submission(number);
    asked.fires = std::make_shared<const firing>(
        firing{what.id, *what.next_due, what.unit, std::nullopt, true, next});
    return asked;
  }
  insert_job unit_of(const schedule& what, std::uint64_t number, std::optional<unit_id> after,
                     std::int64_t unit, bool last) {
    auto asked = submission(number, 7, unit);
    asked.fires = std::make_shared<const firing>(
        firing{what.id, *what.next_due, after, unit_id{unit}, last, noon + days(365)});
    return asked;
  }
  schedule stored(const schedule& what) { return ask(find_schedule{what.id, administrator()}); }
  due_schedules::answer due(instant now, std::size_t most = 10) {
    return ask(due_schedules{now, most});
  }
  std::int64_t jobs() { return number("SELECT count(*) FROM jobs"); }
};

TEST_F(schedules, are_stored_whole) {
  auto wanted = yearly();
  wanted.each_unit = true;
  const auto what = made(wanted);
  EXPECT_GT(what.id.value, 0);
  close();
  open();
  const auto read = stored(what);
  EXPECT_EQ(read.owner.user, wanted.owner.user);
  EXPECT_FALSE(read.owner.admin);
  EXPECT_EQ(read.owner.units, wanted.owner.units);
  EXPECT_EQ(read.kind, wanted.kind);
  EXPECT_EQ(read.arguments, wanted.arguments);
  EXPECT_TRUE(read.each_unit);
  EXPECT_EQ(read.cron, wanted.cron);
  EXPECT_EQ(read.zone, wanted.zone);
  EXPECT_EQ(read.callback_url, wanted.callback_url);
  EXPECT_EQ(read.created_at, noon);
  EXPECT_EQ(read.next_due, wanted.next_due);
  EXPECT_FALSE(read.unit || read.last_due || read.refusal);
  EXPECT_TRUE(read.job_ids.empty());
}

TEST_F(schedules, are_the_owners_and_the_admins) {
  const auto what = made(yearly());
  made(yearly(8));
  EXPECT_EQ(refusal(find_schedule{what.id, member(8)}), errc::unknown_schedule);
  EXPECT_EQ(commit(delete_schedule{what.id, member(8)}).error().code, errc::unknown_schedule);
  EXPECT_EQ(ask(list_schedules{member(7), false, 10, {}}).rows.size(), 1U);
  const auto page = ask(list_schedules{administrator(), true, 1, {}});
  ASSERT_EQ(page.rows.size(), 1U);
  EXPECT_EQ(page.rows[0].owner.user, user_id{8}) << "newest first";
  const auto rest = ask(list_schedules{administrator(), true, 1, page.next});
  ASSERT_EQ(rest.rows.size(), 1U);
  EXPECT_EQ(rest.rows[0].id, what.id);
  EXPECT_FALSE(rest.next);
  EXPECT_TRUE(commit(delete_schedule{what.id, administrator()}));
  EXPECT_EQ(commit(delete_schedule{what.id, member(7)}).error().code, errc::unknown_schedule);
}

TEST_F(schedules, are_refused_where_they_cannot_be) {
  for (const auto wrong : {noon, noon - hours(1), noon + longest_wait + minutes(1)}) {
    auto what = once();
    what.next_due = wrong;
    const auto answer = commit(request(what));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error(), (error{errc::invalid_run_at, format_instant(wrong)}));
  }
  auto nowhere = request(yearly());
  nowhere.unit = unit_id{99};
  EXPECT_EQ(refused(nowhere), errc::unknown_unit);
  auto third = request(yearly());
  third.most = 2;
  made(yearly());
  const auto second = made(yearly());
  EXPECT_EQ(refused(third), errc::schedule_limit);
  third.what.owner.user = {8};
  EXPECT_TRUE(commit(third)) << "each user has a limit of their own";
  ASSERT_TRUE(commit(delete_schedule{second.id, member(7)}));
  third.what.owner.user = {7};
  EXPECT_TRUE(commit(third));
  EXPECT_EQ(number("SELECT count(*) FROM schedules"), 3);
}

TEST_F(schedules, are_known_by_their_key_even_once_their_time_has_come) {
  const auto asked = request(once(), "key");
  const auto first = commit(asked).value();
  EXPECT_FALSE(first.replayed);
  auto again = asked;
  again.now = noon + hours(2);
  const auto second = commit(again).value();
  EXPECT_TRUE(second.replayed);
  EXPECT_EQ(second.what.id, first.what.id);
  auto other = asked;
  other.what.arguments["futureYears"] = "2";
  EXPECT_EQ(refused(other), errc::key_reused);
  auto job = submission(1);
  job.key = idempotency_key{"key"};
  EXPECT_EQ(commit(job).error().code, errc::key_reused) << "a job is another request";
  job.key = idempotency_key{"job's"};
  ASSERT_TRUE(commit(job));
  EXPECT_EQ(refused(request(once(), "job's")), errc::key_reused);
  again.now = noon + hours(25);
  again.what.next_due = noon + hours(30);
  EXPECT_FALSE(commit(again).value().replayed) << "after a day it is new";
}

TEST_F(schedules, are_never_taken_for_another_that_got_a_deleted_ones_number) {
  const auto first = commit(request(once(), "key")).value().what;
  ASSERT_TRUE(commit(delete_schedule{first.id, member(7)}));
  EXPECT_NE(made(yearly(8)).id, first.id);
  EXPECT_FALSE(commit(request(once(), "key")).value().replayed);
}

TEST_F(schedules, are_due_oldest_first_without_those_named) {
  auto early = yearly(8);
  early.next_due = noon + minutes(30);
  const auto late = made(yearly());
  const auto first = made(early);
  EXPECT_TRUE(due(noon).rows.empty());
  EXPECT_EQ(due(noon).next, noon + minutes(30));
  const auto both = due(noon + hours(1));
  ASSERT_EQ(both.rows.size(), 2U);
  EXPECT_EQ(both.rows[0].id, first.id);
  EXPECT_EQ(both.oldest, noon + minutes(30));
  EXPECT_FALSE(both.next);
  EXPECT_EQ(due(noon + hours(1), 1).rows.size(), 1U);
  const auto without = ask(due_schedules{noon + hours(1), 10, {first.id}});
  ASSERT_EQ(without.rows.size(), 1U);
  EXPECT_EQ(without.rows[0].id, late.id);
  EXPECT_EQ(without.oldest, noon + minutes(30));
  EXPECT_EQ(ask(due_schedules{noon + hours(1), 10, {}, {{8}}}).rows.at(0).id, late.id);
}

TEST_F(schedules, make_one_job_for_a_due_time_however_often_they_fire) {
  const auto what = made(yearly());
  const auto job = commit(firing_of(what, 1)).value().job;
  const auto after = stored(what);
  EXPECT_EQ(after.next_due, noon + days(365));
  EXPECT_EQ(after.last_due, what.next_due);
  EXPECT_EQ(after.job_ids, std::vector{job.id});
  EXPECT_EQ(after.jobs, 1);
  commit(batch(job, items(1, 3))).value();
  EXPECT_EQ(commit(firing_of(what, 2)).error().code, errc::already_settled);
  EXPECT_EQ(commit(refuse_firing{*firing_of(what, 3).fires, {errc::forbidden_unit, ""}, noon})
                .error()
                .code,
            errc::already_settled);
  EXPECT_EQ(jobs(), 1);
  EXPECT_TRUE(due(noon + hours(2)).rows.empty());
  EXPECT_EQ(due(noon + days(365)).rows.size(), 1U);
}

TEST_F(schedules, join_an_equal_unfinished_job_and_that_counts) {
  const auto click = commit(submission(1)).value().job;
  const auto what = made(yearly());
  const auto fired = commit(firing_of(what, 2)).value();
  EXPECT_EQ(fired.how, insert_job::outcome::joined);
  EXPECT_EQ(stored(what).job_ids, std::vector{click.id});
  EXPECT_EQ(stored(what).next_due, noon + days(365));
  EXPECT_EQ(jobs(), 1);
}

TEST_F(schedules, settle_nothing_where_the_job_is_refused) {
  const auto what = made(yearly());
  auto over = firing_of(what, 1);
  over.limits.per_user = 0;
  EXPECT_EQ(commit(over).error().code, errc::user_limit);
  EXPECT_EQ(stored(what).next_due, what.next_due);
  EXPECT_FALSE(stored(what).last_due);
  EXPECT_TRUE(commit(firing_of(what, 1)));
}

TEST_F(schedules, fire_and_settle_together_or_not_at_all) {
  const auto what = made(yearly());
  close();
  ASSERT_TRUE(place_.change(place_.on_postgres()
                                ? "CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS"
                                  " 'BEGIN RAISE EXCEPTION ''broken''; END';"
                                  "CREATE TRIGGER breaks BEFORE UPDATE ON schedules FOR EACH ROW "
                                  "EXECUTE FUNCTION broken()"
                                : "CREATE TRIGGER breaks BEFORE UPDATE ON schedules"
                                  " BEGIN SELECT RAISE(ABORT, 'broken'); END"));
  open();
  EXPECT_FALSE(commit(firing_of(what, 1)));
  EXPECT_EQ(jobs(), 0);
  EXPECT_EQ(number("SELECT count(*) FROM job_events"), 0);
  EXPECT_EQ(stored(what).next_due, what.next_due);
}

TEST_F(schedules, go_from_unit_to_unit) {
  auto each = yearly();
  each.each_unit = true;
  auto what = made(each);
  const auto first = commit(unit_of(what, 1, std::nullopt, 1, false)).value().job;
  auto now = stored(what);
  EXPECT_EQ(now.unit, unit_id{1});
  EXPECT_EQ(now.next_due, what.next_due) << "the due time is not settled yet";
  EXPECT_EQ(commit(unit_of(what, 2, std::nullopt, 1, false)).error().code, errc::already_settled);
  const auto refused = refuse_firing{{what.id, *what.next_due, unit_id{1}, unit_id{2}, false, {}},
                                     {errc::forbidden_unit, "detail"},
                                     noon + hours(1)};
  ASSERT_TRUE(commit(refused));
  now = stored(what);
  EXPECT_EQ(now.unit, unit_id{2});
  ASSERT_TRUE(now.refusal);
  EXPECT_EQ(now.refusal->code, errc::forbidden_unit);
  EXPECT_EQ(now.refusal->detail, "detail");
  EXPECT_EQ(now.refusal->unit, unit_id{2});
  EXPECT_EQ(now.refusal->at, noon + hours(1));
  ASSERT_TRUE(commit(unit_of(what, 3, unit_id{2}, 3, true)));
  now = stored(what);
  EXPECT_FALSE(now.unit);
  EXPECT_EQ(now.next_due, noon + days(365));
  EXPECT_EQ(now.jobs, 2);
  ASSERT_EQ(now.job_ids.size(), 2U);
  EXPECT_EQ(now.job_ids[0], first.id);
  EXPECT_TRUE(now.refusal);
  ASSERT_TRUE(commit(unit_of(now, 4, std::nullopt, 2, false)));
  EXPECT_EQ(stored(what).jobs, 1) << "of the next due time";
  EXPECT_FALSE(stored(what).refusal);
}

TEST_F(schedules, delete_themselves_while_due_and_their_jobs_stay) {
  const auto gone = made(yearly());
  ASSERT_TRUE(commit(delete_schedule{gone.id, member(7)}));
  EXPECT_EQ(commit(firing_of(gone, 1)).error().code, errc::unknown_schedule);
  EXPECT_EQ(jobs(), 0);
  const auto fired = made(yearly());
  ASSERT_TRUE(commit(firing_of(fired, 2)));
  ASSERT_TRUE(commit(delete_schedule{fired.id, member(7)}));
  EXPECT_EQ(jobs(), 1);
}

TEST_F(schedules, that_ended_stay_until_they_are_pruned_and_others_never_are) {
  const auto what = commit(request(once(), "key")).value().what;
  const auto recurring = made(yearly(8));
  auto fired = firing_of(what, 1, std::nullopt);
  fired.now = noon + hours(1);
  ASSERT_TRUE(commit(fired));
  EXPECT_FALSE(stored(what).next_due);
  const auto sweep = [&](instant ended_before, instant keys_before) {
    return commit(prune{ended_before, keys_before, 1000, 0}).value();
  };
  sweep(noon + hours(3), noon);
  EXPECT_EQ(stored(what).job_ids.size(), 1U) << "named by a key";
  sweep(noon + hours(1), noon + hours(2));
  EXPECT_EQ(stored(what).job_ids.size(), 1U) << "not old enough";
  sweep(noon + hours(3), noon + hours(2));
  EXPECT_EQ(refusal(find_schedule{what.id, member(7)}), errc::unknown_schedule);
  EXPECT_EQ(stored(recurring).id, recurring.id);
}

TEST_F(schedules, say_when_some_were_made_or_deleted) {
  EXPECT_FALSE(store_->take_committed().schedules);
  const auto what = made(yearly());
  EXPECT_TRUE(store_->take_committed().schedules);
  EXPECT_FALSE(store_->take_committed().schedules);
  commit(delete_schedule{what.id, member(7)}).value();
  EXPECT_TRUE(store_->take_committed().schedules);
}

}  // namespace
}  // namespace mutirao::storage
