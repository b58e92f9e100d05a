// Insert, claim, change, end and release of whole jobs.
#include "tests/storage/world.hpp"

namespace mutirao::storage {
namespace {

using outcome = insert_job::outcome;
using kind = job_event::kind;

class jobs : public world {
 protected:
  void SetUp() override {
    world::SetUp();
    fill(5);
  }

  std::vector<kind> kinds_committed() {
    std::vector<kind> all;
    const auto told = store_->take_committed();
    for (const auto& event : told.events) all.push_back(event.what);
    return all;
  }
  expected<request_change::answer> change(const job_view& job, job_trigger on,
                                          caller by = member(7)) {
    return commit(request_change{job.id, std::move(by), on, std::nullopt, noon});
  }
  /// Jobs of other users and requests than the fixture's usual ones.
  job_view waiting(std::uint64_t number, std::int64_t user) {
    auto one = submission(number, user, 1, false);
    one.arguments.request += " #" + std::to_string(number);
    return commit(one).value().job;
  }
  std::vector<job_id> claimed(std::size_t most) {
    std::vector<job_id> ids;
    const auto taken = commit(claim_jobs{most, std::nullopt, noon}).value();
    for (const auto& one : taken) ids.push_back(one.job.id);
    return ids;
  }
};

TEST_F(jobs, is_pending_where_nobody_claims_it) {
  const auto made = commit(submission(1, 7, 1, false)).value();
  EXPECT_EQ(made.how, outcome::created);
  EXPECT_EQ(made.job.state, job_state::pending);
  EXPECT_EQ(made.job.fence, 0);
  EXPECT_EQ(made.job.totals, (job_totals{.total = 5}));
  EXPECT_EQ(made.job.created_at, noon);
  EXPECT_FALSE(made.job.started_at);
  EXPECT_EQ(kinds_committed(), std::vector{kind::created});
}

TEST_F(jobs, is_running_with_the_first_fence_where_the_insert_claims) {
  const auto job = commit(submission(1)).value().job;
  EXPECT_EQ(job.state, job_state::running);
  EXPECT_EQ(job.fence, 1);
  EXPECT_EQ(job.started_at, noon);
  EXPECT_EQ(job.claimed_at, noon);
  EXPECT_EQ(kinds_committed(), (std::vector{kind::created, kind::started}));
  EXPECT_TRUE(claimed(9).empty());
}

TEST_F(jobs, reads_back_as_it_was_answered) {
  auto made = commit(submission(1)).value().job;
  auto read = ask(find_job{made.id});
  EXPECT_EQ(read.id, made.id);
  EXPECT_EQ(read.kind, made.kind);
  EXPECT_EQ(read.user, made.user);
  EXPECT_EQ(read.arguments.unit, made.arguments.unit);
  EXPECT_EQ(read.arguments.text, made.arguments.text);
  EXPECT_EQ(read.arguments.request, made.arguments.request);
  EXPECT_EQ(read.state, made.state);
  EXPECT_EQ(read.fence, made.fence);
  EXPECT_EQ(read.totals, made.totals);
  EXPECT_EQ(read.created_at, made.created_at);
  EXPECT_EQ(read.started_at, made.started_at);
  EXPECT_EQ(read.claimed_at, made.claimed_at);
  EXPECT_GE(read.version, made.version);
}

TEST_F(jobs, joins_an_equal_request_while_the_first_holds_its_key) {
  const auto first = commit(submission(1)).value().job;
  const auto second = commit(submission(2)).value();
  EXPECT_EQ(second.how, outcome::joined);
  EXPECT_EQ(second.job.id, first.id);
  EXPECT_EQ(commit(submission(3, 8)).value().how, outcome::created) << "another user";
  change(first, job_trigger::pause).value();
  EXPECT_EQ(commit(submission(4)).value().how, outcome::joined) << "paused";
  change(first, job_trigger::resume).value();
  claimed(1);
  change(first, job_trigger::cancel).value();
  EXPECT_EQ(commit(submission(5)).value().how, outcome::created) << "cancelling holds none";
  EXPECT_EQ(number("SELECT count(*) FROM jobs"), 3);
}

TEST_F(jobs, joins_within_one_group_too) {
  const std::vector<command> group{submission(1), submission(2)};
  const auto answers = store_->commit(group);
  EXPECT_EQ(answer_at<insert_job>(answers, 0)->how, outcome::created);
  EXPECT_EQ(answer_at<insert_job>(answers, 1)->how, outcome::joined);
  EXPECT_EQ(answer_at<insert_job>(answers, 1)->job.id, job_number(1));
}

TEST_F(jobs, the_index_itself_refuses_a_second_equal_job) {
  commit(submission(1)).value();
  const auto copied = place_.change(
      "INSERT INTO jobs SELECT no + 1, randomblob(16), kind, user_id, unidade_id, arguments,"
      " request, dedupe_key, state, run, fence, owner, lease_until, priority, turn, not_before,"
      " total, done, created, failed, skipped, done_at_claim, crash_count, error, created_at,"
      " started_at, claimed_at, advanced_at, completed_at, ran_ms, callbacks, first_event"
      " FROM jobs");
  ASSERT_FALSE(copied);
  EXPECT_NE(copied.error().detail.find("UNIQUE constraint failed"), std::string::npos);
}

TEST_F(jobs, answers_a_known_key_with_its_job_for_a_day) {
  auto asked = submission(1);
  asked.key = idempotency_key{"k"};
  const auto first = commit(asked).value().job;
  // The first has ended, so only the key can find it.
  change(first, job_trigger::cancel).value();
  commit(end_run{first.id, 1, job_trigger::drained, "", noon}).value();

  asked.id = job_number(2);
  asked.now = noon + std::chrono::hours(24) - std::chrono::milliseconds(1);
  EXPECT_EQ(commit(asked).value().how, outcome::replayed);
  EXPECT_EQ(commit(asked).value().job.id, first.id);
  asked.now = noon + std::chrono::hours(24);
  const auto anew = commit(asked).value();
  EXPECT_EQ(anew.how, outcome::created);
  EXPECT_EQ(anew.job.id, job_number(2));
  asked.id = job_number(3);
  EXPECT_EQ(commit(asked).value().job.id, job_number(2)) << "the key is the new job's now";
}

TEST_F(jobs, refuses_a_key_that_stands_for_another_request) {
  auto asked = submission(1);
  asked.key = idempotency_key{"k"};
  commit(asked).value();
  auto other = submission(2);
  other.key = asked.key;
  other.arguments = arguments(1, 2);
  EXPECT_EQ(commit(other).error().code, errc::key_reused);
  other.user = {8};
  EXPECT_EQ(commit(other).value().how, outcome::created) << "another user's key";
}

TEST_F(jobs, binds_a_new_key_to_the_job_that_it_joins) {
  const auto first = commit(submission(1)).value().job;
  auto joining = submission(2);
  joining.key = idempotency_key{"late"};
  EXPECT_EQ(commit(joining).value().how, outcome::joined);
  change(first, job_trigger::cancel).value();
  EXPECT_EQ(commit(joining).value().how, outcome::replayed);
}

TEST_F(jobs, a_double_click_passes_the_limit_that_a_new_job_meets) {
  auto first = submission(1);
  first.limits = {.per_user = 1, .per_process = 2};
  commit(first).value();
  auto again = submission(2);
  again.limits = first.limits;
  EXPECT_EQ(commit(again).value().how, outcome::joined);
  auto other = submission(3);
  other.limits = first.limits;
  other.arguments = arguments(1, 1);
  EXPECT_EQ(commit(other).error().code, errc::user_limit);
  other.user = {8};
  EXPECT_TRUE(commit(other));
  other.user = {9};
  EXPECT_EQ(commit(other).error().code, errc::process_limit);
}

TEST_F(jobs, limits_count_unfinished_jobs_also_after_a_start) {
  const auto first = commit(submission(1)).value().job;
  crash();
  auto other = submission(2);
  other.limits.per_user = 1;
  other.arguments = arguments(1, 1);
  EXPECT_EQ(commit(other).error().code, errc::user_limit);
  change(first, job_trigger::cancel).value();
  EXPECT_EQ(commit(other).error().code, errc::user_limit) << "cancelling is unfinished";
  commit(end_run{first.id, 1, job_trigger::drained, "", noon}).value();
  EXPECT_TRUE(commit(other));
}

TEST_F(jobs, an_empty_scope_is_completed_at_once) {
  auto asked = submission(1, 7, 3);
  asked.limits = {.per_user = 0, .per_process = 0};
  const auto made = commit(asked).value();
  EXPECT_EQ(made.how, outcome::created);
  EXPECT_EQ(made.job.state, job_state::completed);
  EXPECT_EQ(made.job.completed_at, noon);
  EXPECT_EQ(made.job.fence, 0);
  const auto told = store_->take_committed();
  EXPECT_TRUE(told.notifications.empty());
  ASSERT_EQ(told.events.size(), 2U);
  EXPECT_EQ(told.events[1].what, kind::completed);
  EXPECT_TRUE(ask(find_result{made.job.id}).empty());
  asked.id = job_number(2);
  EXPECT_EQ(commit(asked).value().how, outcome::created) << "it holds no key";
}

TEST_F(jobs, claims_raise_the_fence_and_hand_out_the_scope) {
  commit(submission(1, 7, 1, false)).value();
  const auto taken = commit(claim_jobs{3, std::nullopt, noon}).value();
  ASSERT_EQ(taken.size(), 1U);
  EXPECT_EQ(taken[0].job.state, job_state::running);
  EXPECT_EQ(taken[0].job.fence, 1);
  EXPECT_EQ(taken[0].todo, items(1, 5));
  EXPECT_FALSE(taken[0].suspect);
  EXPECT_EQ(kinds_committed(), (std::vector{kind::created, kind::started}));
}

TEST_F(jobs, users_take_turns) {
  // Three of one user, then one of another: it comes second, not last.
  const auto a1 = waiting(1, 7), a2 = waiting(2, 7), a3 = waiting(3, 7), b1 = waiting(4, 8);
  EXPECT_EQ(claimed(1), std::vector{a1.id});
  const auto c1 = waiting(5, 9);
  EXPECT_EQ(claimed(9), (std::vector{b1.id, c1.id, a2.id, a3.id}));
}

TEST_F(jobs, nobody_saves_turns_up_by_being_idle) {
  std::vector<job_view> first;
  for (std::uint64_t n = 1; n <= 4; ++n) first.push_back(waiting(n, 7));
  EXPECT_EQ(claimed(3).size(), 3U);
  const auto b1 = waiting(11, 8), b2 = waiting(12, 8);
  // User 7 has turn 4 waiting; 8 starts at the turn served (3), not at 1 and 2.
  EXPECT_EQ(claimed(3), (std::vector{b1.id, first[3].id, b2.id}));
}

TEST_F(jobs, an_equal_request_costs_no_turn) {
  const auto a1 = commit(submission(1, 7, 1, false)).value().job;
  for (int clicks = 0; clicks < 3; ++clicks) {
    EXPECT_EQ(commit(submission(2, 7, 1, false)).value().how, outcome::joined);
  }
  const auto b1 = waiting(11, 8), b2 = waiting(12, 8), a2 = waiting(3, 7), b3 = waiting(13, 8);
  EXPECT_EQ(claimed(9), (std::vector{a1.id, b1.id, b2.id, a2.id, b3.id}));
}

TEST_F(jobs, turns_survive_a_start) {
  for (std::uint64_t n = 1; n <= 3; ++n) waiting(n, 7);
  claimed(1);
  crash();
  EXPECT_EQ(claimed(1), std::vector{job_number(1)});  // it was out
  const auto b1 = waiting(4, 8);
  EXPECT_EQ(claimed(9), (std::vector{b1.id, job_number(2), job_number(3)}));
}

TEST_F(jobs, priority_comes_before_turns) {
  const auto low = waiting(1, 7), usual = waiting(2, 8), high = waiting(3, 7);
  commit(request_change{high.id, member(7), std::nullopt, 10, noon}).value();
  commit(request_change{low.id, member(7), std::nullopt, -1, noon}).value();
  EXPECT_EQ(claimed(9), (std::vector{high.id, usual.id, low.id}));
}

TEST_F(jobs, a_change_of_priority_is_told_once) {
  const auto job = waiting(1, 7);
  kinds_committed();
  const auto changed = commit(request_change{job.id, member(7), std::nullopt, 4, noon}).value();
  EXPECT_TRUE(changed.changed);
  EXPECT_EQ(changed.job.priority, 4);
  EXPECT_FALSE(commit(request_change{job.id, member(7), std::nullopt, 4, noon})->changed);
  EXPECT_EQ(kinds_committed(), std::vector{kind::reprioritized});
  change(job, job_trigger::cancel).value();
  EXPECT_EQ(commit(request_change{job.id, member(7), std::nullopt, 5, noon}).error().code,
            errc::already_ended);
}

TEST_F(jobs, what_was_out_at_a_crash_is_claimed_first_and_in_order) {
  const auto late = waiting(1, 7);
  commit(request_change{late.id, member(7), std::nullopt, 10, noon}).value();
  commit(submission(2)).value();
  const auto other = commit(submission(3, 8)).value().job;
  EXPECT_EQ(database_->interrupted(), 0);
  crash();
  EXPECT_EQ(database_->interrupted(), 2);
  EXPECT_EQ(claimed(1), std::vector{job_number(2)});
  EXPECT_EQ(claimed(9), (std::vector{other.id, late.id}));
  const auto job = ask(find_job{other.id});
  EXPECT_EQ(job.fence, 2);
  EXPECT_EQ(kinds_committed(), (std::vector{kind::resumed, kind::resumed, kind::started}));
  EXPECT_TRUE(claimed(9).empty());
}

TEST_F(jobs, is_suspect_where_it_committed_nothing_since_its_claim) {
  commit(submission(1)).value();
  const auto lively = commit(submission(2, 8)).value().job;
  commit(batch(lively, items(1, 2))).value();
  crash();
  const auto taken = commit(claim_jobs{2, std::nullopt, noon}).value();
  ASSERT_EQ(taken.size(), 2U);
  EXPECT_EQ(taken[0].job.id, lively.id) << "suspects come last";
  EXPECT_FALSE(taken[0].suspect);
  EXPECT_TRUE(taken[1].suspect);
  EXPECT_EQ(taken[0].todo, items(3, 5));
  EXPECT_EQ(taken[0].job.done_at_claim, 2);
}

TEST_F(jobs, suspects_are_claimed_as_many_as_wanted_those_with_fewer_deaths_first) {
  for (std::uint64_t n = 1; n <= 3; ++n) {
    commit(submission(n, 6 + static_cast<std::int64_t>(n))).value();
  }
  const auto claim_one = [&] {
    const auto taken = commit(claim_jobs{.most = 9, .now = noon}).value();
    return taken.size() == 1 ? taken[0].job.id : job_id{};
  };
  std::vector<job_id> order;
  for (int start = 0; start < 4; ++start) {
    crash();
    order.push_back(claim_one());
    EXPECT_TRUE(commit(claim_jobs{.most = 9, .now = noon, .suspects = 0}).value().empty());
  }
  EXPECT_EQ(order, (std::vector{job_number(1), job_number(2), job_number(3), job_number(1)}));
}

TEST_F(jobs, a_suspect_that_was_cancelled_while_it_waited_takes_no_suspects_turn) {
  const auto cancelled = commit(submission(1)).value().job;
  const auto waiting = commit(submission(2, 8)).value().job;
  crash();
  change(cancelled, job_trigger::cancel).value();
  const auto taken = commit(claim_jobs{.most = 9, .now = noon}).value();
  ASSERT_EQ(taken.size(), 2U) << "nobody would ask for the other again";
  EXPECT_EQ(taken[0].job.id, cancelled.id);
  EXPECT_FALSE(taken[0].suspect);
  EXPECT_EQ(taken[1].job.id, waiting.id);
  EXPECT_TRUE(taken[1].suspect);
}

TEST_F(jobs, a_suspect_that_took_the_process_with_it_too_often_is_failed_with_a_reason) {
  const auto job = commit(submission(1)).value().job;
  for (int deaths = 0; deaths < 3; ++deaths) {
    crash();
    const auto taken = commit(claim_jobs{.now = noon}).value();
    ASSERT_EQ(taken.size(), 1U) << deaths;
    EXPECT_TRUE(taken[0].suspect);
  }
  crash();
  store_->take_committed();
  EXPECT_TRUE(commit(claim_jobs{.now = noon}).value().empty());
  const auto failed = ask(find_job{job.id});
  EXPECT_EQ(failed.state, job_state::failed);
  EXPECT_EQ(failed.error, "O processamento derrubou o processo 3 vezes.");
  EXPECT_EQ(store_->take_committed().notifications.size(), 1U);

  change(failed, job_trigger::retry).value();
  const auto again = commit(claim_jobs{.now = noon}).value();
  ASSERT_EQ(again.size(), 1U);
  EXPECT_FALSE(again[0].suspect);
  EXPECT_EQ(number("SELECT crash_count FROM jobs"), 0);
}

TEST_F(jobs, any_commit_and_any_return_clears_a_suspect) {
  const auto job = commit(submission(1)).value().job;
  const auto claim_after_crash = [&] {
    crash();
    return commit(claim_jobs{.now = noon}).value().at(0);
  };
  const auto suspect = claim_after_crash();
  EXPECT_EQ(number("SELECT crash_count FROM jobs"), 1);
  commit(batch(suspect.job, items(1, 2))).value();
  EXPECT_FALSE(claim_after_crash().suspect);
  EXPECT_EQ(number("SELECT crash_count FROM jobs"), 0);

  EXPECT_TRUE(claim_after_crash().suspect);
  EXPECT_EQ(number("SELECT crash_count FROM jobs"), 1);
  commit(release_jobs{{job.id}, noon}).value();
  EXPECT_EQ(number("SELECT crash_count FROM jobs"), 0) << "that claim did not end with the process";
}

TEST_F(jobs, the_time_at_work_is_kept_over_pauses_and_crashes_and_begins_anew_with_a_retry) {
  using std::chrono::milliseconds;
  using std::chrono::minutes;
  const auto job = commit(submission(1)).value().job;
  auto first = batch(job, items(1, 2));
  first.now = noon + minutes(10);
  commit(first).value();
  crash();  // its last sign of life came after ten minutes
  commit(claim_jobs{.now = noon + minutes(100)}).value();
  EXPECT_EQ(ask(find_job{job.id}).ran, milliseconds(minutes(10)));

  const auto asked = [&](job_trigger on, instant at) {
    return commit(request_change{job.id, member(7), on, std::nullopt, at}).value().job;
  };
  EXPECT_EQ(asked(job_trigger::pause, noon + minutes(105)).ran, milliseconds(minutes(15)));
  EXPECT_EQ(asked(job_trigger::resume, noon + minutes(500)).ran, milliseconds(minutes(15)));
  commit(claim_jobs{.now = noon + minutes(600)}).value();
  EXPECT_EQ(ask(find_job{job.id}).ran, milliseconds(minutes(15)));

  asked(job_trigger::cancel, noon + minutes(601));
  commit(end_run{job.id, 3, job_trigger::drained, "", noon + minutes(601)}).value();
  EXPECT_EQ(asked(job_trigger::retry, noon + minutes(602)).ran, milliseconds(0));
}

TEST_F(jobs, the_process_says_that_it_lives) {
  const auto first = commit(heartbeat{std::chrono::seconds(10), noon}).value();
  const auto next =
      commit(heartbeat{std::chrono::seconds(12), noon + std::chrono::seconds(2)}).value();
  EXPECT_GT(next, first);
  EXPECT_EQ(number("SELECT count(*) FROM nodes"), 1);
  EXPECT_EQ(number("SELECT lease_until FROM nodes"), next.time_since_epoch().count());
  if (place_.on_postgres()) return;  // whose clock it is
  EXPECT_EQ(first, noon + std::chrono::seconds(10));
  EXPECT_EQ(next, noon + std::chrono::seconds(14));
}

TEST_F(jobs, a_job_given_back_is_not_suspect_after_a_start) {
  const auto job = commit(submission(1)).value().job;
  EXPECT_EQ(commit(release_jobs{{job.id, job_number(99)}, noon}).value(), 1);
  EXPECT_EQ(ask(find_job{job.id}).state, job_state::pending);
  EXPECT_EQ(kinds_committed().back(), kind::released);
  crash();
  EXPECT_EQ(database_->interrupted(), 0);
  const auto taken = commit(claim_jobs{1, std::nullopt, noon}).value();
  ASSERT_EQ(taken.size(), 1U);
  EXPECT_FALSE(taken[0].suspect);
  EXPECT_EQ(taken[0].job.fence, 2);
  EXPECT_EQ(kinds_committed(), std::vector{kind::resumed});
}

TEST_F(jobs, a_cancelling_job_given_back_is_claimed_again_to_be_ended) {
  const auto job = commit(submission(1)).value().job;
  change(job, job_trigger::cancel).value();
  EXPECT_EQ(commit(release_jobs{{job.id}, noon}).value(), 1);
  const auto taken = commit(claim_jobs{1, std::nullopt, noon}).value();
  ASSERT_EQ(taken.size(), 1U);
  EXPECT_EQ(taken[0].job.state, job_state::cancelling);
  EXPECT_FALSE(taken[0].suspect);
  commit(end_run{job.id, 2, job_trigger::drained, "", noon}).value();
  EXPECT_EQ(commit(release_jobs{{job.id}, noon}).value(), 0) << "ended jobs are left alone";
}

TEST_F(jobs, an_interrupted_job_that_ended_another_way_is_not_claimed) {
  const auto cancelled = commit(submission(1)).value().job;
  const auto paused = commit(submission(2, 8)).value().job;
  const auto resumed = commit(submission(3, 9)).value().job;
  crash();
  change(cancelled, job_trigger::cancel).value();
  change(paused, job_trigger::pause, member(8)).value();
  change(resumed, job_trigger::pause, member(9)).value();
  change(resumed, job_trigger::resume, member(9)).value();
  EXPECT_EQ(claimed(9), (std::vector{cancelled.id, resumed.id}));
  EXPECT_EQ(ask(find_job{cancelled.id}).state, job_state::cancelling);
  EXPECT_TRUE(claimed(9).empty());
}

TEST_F(jobs, claims_one_again_whoever_holds_it) {
  const auto job = commit(submission(1)).value().job;
  commit(batch(job, items(1, 2))).value();
  const auto again = commit(claim_jobs{1, job.id, noon}).value();
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again[0].job.fence, 2);
  EXPECT_EQ(again[0].todo, items(3, 5));
  EXPECT_EQ(commit(batch(job, items(3, 3))).error().code, errc::stale_fence);
  change(job, job_trigger::pause).value();
  EXPECT_TRUE(commit(claim_jobs{1, job.id, noon}).value().empty());
  EXPECT_TRUE(commit(claim_jobs{1, job_number(99), noon}).value().empty());
}

TEST_F(jobs, only_owner_and_admins_may_change_it) {
  const auto job = waiting(1, 7);
  EXPECT_EQ(change(job, job_trigger::pause, member(8)).error().code, errc::forbidden);
  EXPECT_EQ(change(job, job_trigger::pause, member(8, {{2}})).error().code, errc::unknown_job);
  EXPECT_TRUE(change(job, job_trigger::pause, administrator()));
  auto unknown = job;
  unknown.id = job_number(99);
  EXPECT_EQ(change(unknown, job_trigger::pause).error().code, errc::unknown_job);
}

TEST_F(jobs, changes_state_as_the_table_of_transitions_says) {
  const auto job = commit(submission(1)).value().job;
  kinds_committed();
  EXPECT_EQ(change(job, job_trigger::pause)->job.state, job_state::paused);
  EXPECT_FALSE(change(job, job_trigger::pause)->changed);
  EXPECT_EQ(change(job, job_trigger::resume)->job.state, job_state::pending);
  claimed(1);
  EXPECT_EQ(change(job, job_trigger::cancel)->job.state, job_state::cancelling);
  EXPECT_EQ(change(job, job_trigger::pause).error().code, errc::wrong_state);
  EXPECT_EQ(change(job, job_trigger::retry).error().code, errc::equal_job_unfinished);
  const auto ended = commit(end_run{job.id, 2, job_trigger::drained, "", noon}).value();
  EXPECT_EQ(ended.state, job_state::cancelled);
  EXPECT_EQ(ended.completed_at, noon);
  EXPECT_FALSE(change(job, job_trigger::cancel)->changed);
  EXPECT_EQ(change(job, job_trigger::pause).error().code, errc::already_ended);
  const auto told = store_->take_committed();
  std::vector<kind> kinds;
  for (const auto& event : told.events) kinds.push_back(event.what);
  EXPECT_EQ(kinds, (std::vector{kind::paused, kind::continued, kind::resumed, kind::cancelling,
                                kind::cancelled}));
  EXPECT_TRUE(told.notifications.empty()) << "nobody is told of a cancelled job";
}

TEST_F(jobs, a_run_that_cannot_go_on_fails_with_its_reason) {
  const auto job = commit(submission(1)).value().job;
  EXPECT_EQ(commit(end_run{job.id, 2, job_trigger::fail, "x", noon}).error().code,
            errc::stale_fence);
  EXPECT_EQ(commit(end_run{job.id, 1, job_trigger::drained, "", noon}).error().code,
            errc::wrong_state);
  EXPECT_EQ(commit(end_run{job.id, 1, job_trigger::pause, "", noon}).error().code,
            errc::wrong_state);
  const auto failed = commit(end_run{job.id, 1, job_trigger::fail, "Sem saída.", noon}).value();
  EXPECT_EQ(failed.state, job_state::failed);
  EXPECT_EQ(ask(find_job{job.id}).error, "Sem saída.");
  const auto told = ask(list_notifications{{7}}).rows;
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].type, "auto-tasks-error");
  EXPECT_EQ(told[0].id.value, 1'000'001);
  EXPECT_EQ(told[0].job, job.id);
  EXPECT_EQ(told[0].entity_id, 1);
  EXPECT_EQ(commit(end_run{job.id, 1, job_trigger::fail, "x", noon}).error().code,
            errc::stale_fence);
}

TEST_F(jobs, a_claim_whose_answer_was_lost_is_given_out_again_and_no_other) {
  const auto mine = commit(submission(1)).value().job;
  const auto lost = commit(submission(2, 8)).value().job;
  waiting(3, 9);
  const auto taken =
      commit(claim_jobs{5, std::nullopt, noon, std::vector<job_id>{mine.id}}).value();
  ASSERT_EQ(taken.size(), 2U);
  EXPECT_EQ(taken[0].job.id, lost.id);
  EXPECT_EQ(taken[0].job.fence, 2);
  EXPECT_FALSE(taken[0].suspect);
  EXPECT_EQ(taken[0].todo, items(1, 5));
  EXPECT_EQ(taken[1].job.id, job_number(3));
  EXPECT_EQ(ask(find_job{mine.id}).fence, 1);
}

TEST_F(jobs, lost_claims_come_before_what_a_dead_process_left_and_count_no_crash) {
  const auto left = commit(submission(1)).value().job;
  crash();
  const auto lost = commit(submission(2, 8)).value().job;
  const auto first = commit(claim_jobs{1, std::nullopt, noon, std::vector<job_id>{}}).value();
  ASSERT_EQ(first.size(), 1U);
  EXPECT_EQ(first[0].job.id, lost.id);
  EXPECT_FALSE(first[0].suspect);
  const auto second =
      commit(claim_jobs{1, std::nullopt, noon, std::vector<job_id>{lost.id}}).value();
  ASSERT_EQ(second.size(), 1U);
  EXPECT_EQ(second[0].job.id, left.id);
  EXPECT_TRUE(second[0].suspect);
}

TEST_F(jobs, events_are_numbered_per_user_without_gaps_over_starts) {
  commit(submission(1)).value();
  waiting(2, 8);
  crash();
  waiting(3, 7);
  claimed(9);
  EXPECT_EQ(number("SELECT count(*) FROM job_events"), 7);
  EXPECT_EQ(number("SELECT count(*) FROM job_events e WHERE seq <> 1 AND NOT EXISTS (SELECT 1 FROM"
                   " job_events b WHERE b.user_id = e.user_id AND b.seq = e.seq - 1)"),
            0);
}

TEST_F(jobs, tells_the_newest_view_of_each_job_that_a_commit_touched) {
  const auto job = commit(submission(1)).value().job;
  store_->take_committed();
  const std::vector<command> group{batch(job, items(1, 2)), batch(job, items(3, 3)),
                                   submission(2, 8)};
  const auto answers = store_->commit(group);
  const auto told = store_->take_committed();
  ASSERT_EQ(told.jobs.size(), 2U);
  EXPECT_EQ(told.jobs[0].totals.done, 3);
  EXPECT_EQ(told.jobs[1].id, job_number(2));
  EXPECT_GT(answer_at<advance_job>(answers, 1)->job.version,
            answer_at<advance_job>(answers, 0)->job.version);
  EXPECT_EQ(told.jobs[0].version, answer_at<advance_job>(answers, 1)->job.version);
  EXPECT_TRUE(store_->take_committed().jobs.empty());
}

TEST_F(jobs, equal_submissions_at_once_make_one_job) {
  std::vector<command> group;
  for (std::uint64_t n = 1; n <= 256; ++n) group.emplace_back(submission(n));
  const auto answers = store_->commit(group);
  std::size_t created = 0;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const auto& answer = answer_at<insert_job>(answers, i);
    created += answer->how == outcome::created;
    EXPECT_EQ(answer->job.id, job_number(1));
  }
  EXPECT_EQ(created, 1U);
}

}  // namespace
}  // namespace mutirao::storage
