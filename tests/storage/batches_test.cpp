// What a batch commits, what it refuses, and how it ends a job.
#include <algorithm>

#include "tests/storage/world.hpp"

namespace mutirao::storage {
namespace {

/// Fails the items that it is told to, plans the rest as the generation does.
class moody final : public job_type {
 public:
  static constexpr std::string_view name = "moody";
  explicit moody(const job_type& usual) : usual_(usual) {}

  std::string_view kind() const override { return name; }
  expected<job_request> validate(const argument_reader& given, const caller& by,
                                 date day) const override {
    return usual_.validate(given, by, day);
  }
  expected<std::vector<item_id>> list(company_directory& from,
                                      const job_arguments& of) const override {
    return usual_.list(from, of);
  }
  expected<std::vector<item_plan>> plan(company_directory& from, const job_arguments& of,
                                        std::span<const item_id> items) const override {
    auto planned = usual_.plan(from, of, items);
    for (auto& item : *planned) {
      if (std::find(fails.begin(), fails.end(), item.item) == fails.end()) continue;
      item = {item.item, item_state::failed, {}, "Não deu."};
    }
    return planned;
  }
  job_ending conclude(const job_arguments& of, const job_totals& totals,
                      notice tells) const override {
    return usual_.conclude(of, totals, tells);
  }

  std::vector<item_id> fails;

 private:
  const job_type& usual_;
};

class batches : public world {
 protected:
  batches() {
    auto type = std::make_unique<moody>(*types_.find(generate_unit_tasks::name));
    moody_ = type.get();
    types_.add(std::move(type));
  }
  void SetUp() override {
    world::SetUp();
    fill(5);
  }
  job_view running(std::uint64_t number = 1, std::int64_t user = 7) {
    return commit(submission(number, user)).value().job;
  }
  job_view running_moody(std::vector<item_id> fails) {
    moody_->fails = std::move(fails);
    auto asked = submission(1);
    asked.kind = moody::name;
    return commit(asked).value().job;
  }
  advance_job moody_batch(const job_view& job, std::vector<item_id> of) {
    return {job.id, job.fence, reads_->plan(*moody_, job.id, job.arguments, of).value(), noon};
  }
  edit_company another_period(std::int64_t id, std::int64_t days) {
    edit_company asked{administrator(), {id}, {}, 0, today, noon};
    asked.patch.periodicidade = std::optional(days);
    return asked;
  }

  moody* moody_;
};

TEST_F(batches, store_tasks_events_ledger_and_counters_together) {
  const auto job = running();
  const auto moved = batch(job, items(1, 2));
  std::size_t planned = 0;
  for (const auto& item : moved.batch.items) planned += item.tasks.size();
  ASSERT_GT(planned, 2U);
  const auto answer = commit(moved).value();
  const auto created = static_cast<std::int64_t>(planned);
  EXPECT_TRUE(answer.stale.empty());
  EXPECT_EQ(answer.job.totals, (job_totals{.total = 5, .done = 2, .created = created}));
  EXPECT_EQ(answer.job.advanced_at, noon);
  EXPECT_EQ(number("SELECT count(*) FROM tarefas"), created);
  EXPECT_EQ(number("SELECT count(*) FROM agenda a JOIN tarefas t USING (id)"
                   " WHERE substr(a.start_date, 1, 10) = t.prazo"),
            created);
  EXPECT_EQ(number("SELECT sum(created) FROM job_items WHERE state = 1"), created);
}

TEST_F(batches, of_one_group_number_thousands_of_tasks_each_once) {
  fill(400, 2, 1'001);
  auto asked = submission(1, 7, 2);
  asked.arguments = arguments(2, 3);
  const auto job = commit(asked).value().job;
  std::vector<command> group;
  for (std::int64_t first = 1'001; first <= 1'400; first += 100) {
    group.emplace_back(batch(job, items(first, first + 99)));
  }
  for (const auto& answer : store_->commit(group)) {
    EXPECT_EQ(std::get<command_index<advance_job>>(answer).value().stale, std::vector<item_id>{});
  }
  const auto done = number("SELECT created FROM jobs");
  EXPECT_GT(done, 4'000);
  EXPECT_EQ(number("SELECT count(DISTINCT id) FROM tarefas"), done);
  EXPECT_EQ(number("SELECT count(*) FROM agenda JOIN tarefas USING (id)"), done);
}

TEST_F(batches, store_every_field_of_a_task_and_its_event) {
  auto odd = a_company(9, 2);
  odd.tecnico_responsavel.reset();
  odd.periodicidade.reset();
  commit(import_rows{{}, {}, {odd}}).value();
  const auto job = commit(submission(1, 7, 2)).value().job;
  commit(batch(job, items(9, 9))).value();
  const auto tasks = ask(company_tasks{administrator(), {9}});
  ASSERT_EQ(tasks.size(), 1U);
  const auto& task = tasks[0];
  EXPECT_EQ(task.kind, purpose::renewal);
  EXPECT_EQ(format_date(task.due), "2026-06-15");
  EXPECT_EQ(task.priority, "Normal");
  EXPECT_EQ(task.status, "Automático");
  EXPECT_EQ(task.sector, 2);
  EXPECT_EQ(task.created_by, 1);
  EXPECT_EQ(task.unit, unit_id{2});
  EXPECT_FALSE(task.technician);
  EXPECT_EQ(task.created_at, noon);
  EXPECT_EQ(task.company_name, "Empresa 9");
  EXPECT_EQ(task.unit_name, "Unidade 2");
  const auto events = ask(list_agenda{administrator(), {}, 100, std::nullopt}).rows;
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].id, task.id);
  EXPECT_EQ(events[0].title, "Renovação (Empresa 9)");
  EXPECT_EQ(events[0].description, "Renovação a ser realizada na empresa Empresa 9");
  EXPECT_EQ(events[0].color, "rgb(167 150 0)");
  EXPECT_EQ(events[0].start, "2026-06-15 13:00:00");
  EXPECT_EQ(events[0].end, "2026-06-15 14:00:00");
}

TEST_F(batches, the_last_one_ends_the_job_and_tells_its_owner) {
  const auto job = running();
  commit(batch(job, items(1, 3))).value();
  EXPECT_TRUE(ask(list_notifications{{7}}).rows.empty());
  const auto ended = commit(batch(job, items(4, 5))).value().job;
  EXPECT_EQ(ended.state, job_state::completed);
  EXPECT_EQ(ended.totals.done, 5);
  EXPECT_EQ(ended.completed_at, noon);
  const auto told = ask(list_notifications{{7}}).rows;
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].title, "Tarefas Automáticas Geradas");
  EXPECT_EQ(told[0].body, std::to_string(ended.totals.created) +
                              " tarefas automáticas foram geradas para 5 empresas da unidade.");
  EXPECT_EQ(told[0].processed, 5);
  EXPECT_EQ(told[0].created, ended.totals.created);
  const auto committed = store_->take_committed();
  EXPECT_EQ(committed.events.back().what, job_event::kind::completed);
  ASSERT_EQ(committed.notifications.size(), 1U);
  EXPECT_EQ(committed.notifications[0].id, told[0].id);
  const auto result = ask(find_result{job.id});
  ASSERT_EQ(result.size(), 5U);
  std::int64_t created = 0;
  for (const auto& row : result) created += row.created;
  EXPECT_EQ(created, ended.totals.created);
}

TEST_F(batches, of_an_older_claim_commit_nothing) {
  const auto job = running();
  auto late = batch(job, items(1, 5));
  commit(claim_jobs{1, job.id, noon}).value();
  EXPECT_EQ(commit(late).error().code, errc::stale_fence);
  EXPECT_EQ(commit(advance_locked{job.id, 1, items(1, 5), noon}).error().code, errc::stale_fence);
  EXPECT_EQ(number("SELECT count(*) FROM tarefas") + number("SELECT count(*) FROM job_items"), 0);
  late.fence = 2;
  EXPECT_EQ(commit(late).value().job.state, job_state::completed);
  EXPECT_EQ(commit(late).error().code, errc::stale_fence) << "it has ended";
  late.job = job_number(99);
  EXPECT_EQ(commit(late).error().code, errc::stale_fence);
}

TEST_F(batches, that_were_out_at_a_cancel_or_a_pause_commit_nothing) {
  const auto expect_nothing_after = [&](const job_view& job, job_trigger on, job_state state) {
    commit(batch(job, items(1, 1))).value();
    commit(request_change{job.id, member(7), on, std::nullopt, noon}).value();
    const auto tasks = number("SELECT count(*) FROM tarefas");
    for (const auto& answer : {commit(batch(job, items(2, 5))),
                               commit(advance_locked{job.id, job.fence, items(2, 5), noon})}) {
      EXPECT_EQ(answer.value().job.state, state);
      EXPECT_EQ(answer.value().job.totals.done, 1);
    }
    EXPECT_EQ(number("SELECT count(*) FROM tarefas"), tasks);
  };
  expect_nothing_after(running(1), job_trigger::cancel, job_state::cancelling);
  expect_nothing_after(running(2), job_trigger::pause, job_state::paused);
}

TEST_F(batches, of_a_job_given_back_commit_nothing) {
  const auto job = running();
  const auto late = batch(job, items(1, 1));
  commit(release_jobs{{job.id}, noon}).value();
  EXPECT_EQ(commit(late).error().code, errc::stale_fence);
}

TEST_F(batches, of_a_cancelled_job_run_out_and_nobody_is_told) {
  const auto job = running();
  commit(request_change{job.id, member(7), job_trigger::cancel, std::nullopt, noon}).value();
  commit(batch(job, items(1, 5))).value();
  const auto ended = commit(end_run{job.id, job.fence, job_trigger::drained, "", noon}).value();
  EXPECT_EQ(ended.state, job_state::cancelled);
  EXPECT_TRUE(ask(list_notifications{{7}}).rows.empty());
}

TEST_F(batches, take_items_that_ended_in_this_run_only_once) {
  const auto job = running();
  const auto first = batch(job, items(1, 2));
  const auto twice = batch(job, items(2, 3));
  commit(first).value();
  const auto created = number("SELECT count(*) FROM tarefas");
  auto again = twice;
  // As if planned after: only the ledger can know.
  again.batch.made_at = batch(job, items(1, 1)).batch.made_at;
  const auto answer = commit(again).value();
  EXPECT_TRUE(answer.stale.empty());
  EXPECT_EQ(answer.job.totals.done, 3);
  EXPECT_EQ(number("SELECT count(*) FROM tarefas WHERE empresa_id = 2"), created / 2);
}

TEST_F(batches, leave_out_plans_older_than_the_company) {
  const auto job = running();
  const auto old = batch(job, items(1, 3));
  commit(another_period(2, 90)).value();
  const auto answer = commit(old).value();
  EXPECT_EQ(answer.stale, items(2, 2));
  EXPECT_EQ(answer.job.totals.done, 2);
  const auto again = commit(batch(job, answer.stale)).value();
  EXPECT_TRUE(again.stale.empty());
  EXPECT_EQ(again.job.totals.done, 3);
  EXPECT_EQ(ask(find_result{job.id})[1].created, 0) << "the change had generated them";
}

TEST_F(batches, of_two_jobs_over_one_company_in_one_group_the_second_is_stale) {
  const auto a = running(1, 7), b = running(2, 8);
  const std::vector<command> group{batch(a, items(1, 5)), batch(b, items(1, 5))};
  const auto answers = store_->commit(group);
  EXPECT_EQ(answer_at<advance_job>(answers, 0)->job.state, job_state::completed);
  EXPECT_EQ(answer_at<advance_job>(answers, 1)->stale, items(1, 5));
  const auto created = number("SELECT count(*) FROM tarefas");
  const auto last = commit(batch(b, items(1, 5))).value().job;
  EXPECT_EQ(last.state, job_state::completed);
  EXPECT_EQ(last.totals.created, 0);
  EXPECT_EQ(number("SELECT count(*) FROM tarefas"), created);
}

TEST_F(batches, an_own_batch_makes_no_other_one_of_the_job_stale) {
  const auto job = running();
  const auto first = batch(job, items(1, 2)), second = batch(job, items(3, 5));
  commit(first).value();
  EXPECT_TRUE(commit(second).value().stale.empty());
}

TEST_F(batches, a_plan_without_revision_is_stale) {
  const auto job = running();
  auto planned = batch(job, items(1, 2));
  planned.batch.made_at = 0;
  EXPECT_EQ(commit(planned).value().stale, items(1, 2));
}

TEST_F(batches, planned_inside_the_transaction_are_never_stale) {
  const auto job = running();
  commit(another_period(2, 90)).value();
  const auto answer = commit(advance_locked{job.id, 1, items(1, 5), noon}).value();
  EXPECT_TRUE(answer.stale.empty());
  EXPECT_EQ(answer.job.state, job_state::completed);
  EXPECT_EQ(ask(find_result{job.id})[1].created, 0);
}

TEST_F(batches, tell_how_many_rows_of_tasks_and_events_are_new_however_they_came) {
  const auto written = [this] { return store_->take_committed().rows_written; };
  const auto job = running();
  EXPECT_EQ(written(), 0);
  commit(batch(job, items(1, 3))).value();
  commit(advance_locked{job.id, 1, items(4, 5), noon}).value();
  const auto tasks = number("SELECT count(*) FROM tarefas");
  EXPECT_GT(tasks, 0);
  EXPECT_EQ(written(), 2 * tasks);
  const auto edited = commit(another_period(2, 90)).value();
  EXPECT_GT(edited.tasks_created, 0);
  EXPECT_EQ(written(), 2 * edited.tasks_created);
}

TEST_F(batches, skip_what_left_the_unit_or_was_deactivated) {
  const auto job = running();
  edit_company off{administrator(), {1}, {}, 0, today, noon};
  off.patch.active = false;
  commit(off).value();
  edit_company moves{administrator(), {2}, {}, 0, today, noon};
  moves.patch.unidade_responsavel = std::optional(unit_id{2});
  commit(moves).value();
  const auto ended = commit(batch(job, items(1, 5))).value().job;
  EXPECT_EQ(ended.state, job_state::completed);
  EXPECT_EQ(ended.totals.skipped, 2);
  EXPECT_EQ(ended.totals.done, 5);
}

// Before a cancel kept batches from being stored, it could come when all was done.
TEST_F(batches, an_empty_one_ends_a_job_that_has_nothing_left) {
  const auto job = running();
  commit(batch(job, items(1, 5))).value();
  ASSERT_TRUE(place_.change("UPDATE jobs SET state = 6"));
  commit(request_change{job.id, member(7), job_trigger::retry, std::nullopt, noon}).value();
  const auto taken = commit(claim_jobs{1, std::nullopt, noon}).value();
  EXPECT_TRUE(taken.at(0).todo.empty());
  const auto ended = commit(advance_job{job.id, taken[0].job.fence, {}, noon}).value().job;
  EXPECT_EQ(ended.state, job_state::completed);
  EXPECT_EQ(ended.run, 2);
}

TEST_F(batches, failed_items_fail_no_job_and_are_done_again_in_the_next_run) {
  const auto job = running_moody(items(2, 3));
  const auto ended = commit(moody_batch(job, items(1, 5))).value().job;
  EXPECT_EQ(ended.state, job_state::completed);
  EXPECT_EQ(ended.totals.failed, 2);
  EXPECT_EQ(ask(find_result{job.id})[1].error, "Não deu.");
  const auto created = ended.totals.created;

  const request_change retry{job.id, member(7), job_trigger::retry, std::nullopt, noon};
  const auto again = commit(retry).value().job;
  EXPECT_EQ(again.state, job_state::pending);
  EXPECT_EQ(again.run, 2);
  EXPECT_EQ(again.totals,
            (job_totals{.total = 5, .done = 3, .created = created, .failed = 0, .skipped = 0}));
  EXPECT_FALSE(again.completed_at);
  EXPECT_EQ(again.started_at, noon);
  const auto pending = ask(list_items{job.id, item_state::pending, 9, std::nullopt}).rows;
  ASSERT_EQ(pending.size(), 2U);
  EXPECT_EQ(pending[0].item.value, 2);
  EXPECT_EQ(pending[0].attempts, 1);

  moody_->fails = items(3, 3);
  const auto taken = commit(claim_jobs{1, std::nullopt, noon}).value();
  EXPECT_EQ(taken.at(0).todo, items(2, 3));
  EXPECT_EQ(taken[0].job.done_at_claim, 3);
  auto given_out_twice = moody_batch(taken[0].job, items(2, 3));
  for (auto& item : given_out_twice.batch.items) item.attempts = 2;
  const auto second = commit(given_out_twice).value().job;
  EXPECT_EQ(second.state, job_state::completed);
  EXPECT_EQ(second.totals.failed, 1);
  EXPECT_GT(second.totals.created, created);
  EXPECT_EQ(ask(list_notifications{{7}}).rows.size(), 2U) << "one a run";
  const auto rows = ask(list_items{job.id, std::nullopt, 9, std::nullopt}).rows;
  EXPECT_EQ(rows[1].attempts, 3);
  EXPECT_EQ(rows[1].state, item_state::done);
  EXPECT_EQ(rows[2].state, item_state::failed);
  EXPECT_EQ(rows[2].run, 2);

  moody_->fails.clear();
  commit(retry).value();
  const auto third = commit(claim_jobs{1, std::nullopt, noon}).value().at(0);
  EXPECT_EQ(third.todo, items(3, 3));
  commit(moody_batch(third.job, third.todo)).value();
  EXPECT_EQ(commit(retry).error().code, errc::nothing_to_retry);
}

TEST_F(batches, a_failed_job_goes_on_with_what_the_ledger_lacks) {
  const auto job = running_moody(items(1, 1));
  commit(moody_batch(job, items(1, 2))).value();
  commit(end_run{job.id, 1, job_trigger::fail, "Parou.", noon}).value();
  const auto again =
      commit(request_change{job.id, member(7), job_trigger::retry, std::nullopt, noon}).value().job;
  EXPECT_TRUE(again.error.empty());
  EXPECT_EQ(again.totals.done, 1);
  const auto taken = commit(claim_jobs{1, std::nullopt, noon}).value();
  EXPECT_EQ(taken.at(0).todo, (std::vector<item_id>{{1}, {3}, {4}, {5}}));
}

TEST_F(batches, a_retry_is_refused_while_an_equal_job_is_unfinished) {
  const auto job = running();
  commit(end_run{job.id, 1, job_trigger::fail, "Parou.", noon}).value();
  const auto equal = running(2);
  EXPECT_NE(equal.id, job.id);
  const request_change retry{job.id, member(7), job_trigger::retry, std::nullopt, noon};
  EXPECT_EQ(commit(retry).error().code, errc::equal_job_unfinished);
  EXPECT_EQ(ask(find_job{job.id}).run, 1);
  commit(end_run{equal.id, 1, job_trigger::fail, "Parou.", noon}).value();
  EXPECT_TRUE(commit(retry));
}

TEST_F(batches, a_retry_is_refused_while_an_equal_job_is_still_cancelling) {
  const auto job = running();
  commit(end_run{job.id, 1, job_trigger::fail, "Parou.", noon}).value();
  const auto equal = running(2);
  commit(request_change{equal.id, member(7), job_trigger::cancel, std::nullopt, noon}).value();
  const request_change retry{job.id, member(7), job_trigger::retry, std::nullopt, noon};
  EXPECT_EQ(commit(retry).error().code, errc::equal_job_unfinished);
  commit(end_run{equal.id, 1, job_trigger::drained, "", noon}).value();
  EXPECT_TRUE(commit(retry));
}

TEST_F(batches, a_retry_is_admitted_like_a_new_job_against_its_owners_limit) {
  const auto job = running();
  commit(end_run{job.id, 1, job_trigger::fail, "Parou.", noon}).value();
  auto other = submission(2);
  other.arguments = arguments(1, 1);
  const auto second = commit(other).value().job;
  auto third = submission(3, 8);
  commit(third).value();

  request_change retry{job.id, administrator(), job_trigger::retry, std::nullopt, noon};
  retry.limits = {.per_user = 1, .per_process = 9};
  EXPECT_EQ(commit(retry).error().code, errc::user_limit);
  retry.limits = {.per_user = 9, .per_process = 2};
  EXPECT_EQ(commit(retry).error().code, errc::process_limit);
  EXPECT_EQ(ask(find_job{job.id}).state, job_state::failed);
  EXPECT_EQ(ask(find_job{job.id}).run, 1);

  request_change cancel{second.id, member(7), job_trigger::cancel, std::nullopt, noon};
  cancel.limits = {.per_user = 0, .per_process = 0};
  EXPECT_TRUE(commit(cancel)) << "only a retry needs room";
  commit(end_run{second.id, 1, job_trigger::drained, "", noon}).value();
  retry.limits = {.per_user = 1, .per_process = 2};
  EXPECT_TRUE(commit(retry));

  auto last = submission(4);
  last.arguments = arguments(1, 2);
  last.limits = {.per_user = 1, .per_process = 9};
  EXPECT_EQ(commit(last).error().code, errc::user_limit) << "a retried job counts again";
}

TEST_F(batches, a_retry_keeps_the_start_and_drops_end_and_error_also_in_the_file) {
  const auto job = running();
  commit(batch(job, items(1, 2))).value();
  commit(end_run{job.id, 1, job_trigger::fail, "Parou.", noon}).value();
  auto retry = request_change{job.id, member(7), job_trigger::retry, std::nullopt,
                              noon + std::chrono::hours(1)};
  commit(retry).value();
  crash();
  const auto again = ask(find_job{job.id});
  EXPECT_EQ(again.state, job_state::pending);
  EXPECT_EQ(again.run, 2);
  EXPECT_EQ(again.started_at, noon);
  EXPECT_FALSE(again.completed_at);
  EXPECT_EQ(again.error, "");
  const auto taken =
      commit(claim_jobs{1, std::nullopt, noon + std::chrono::hours(2)}).value().at(0);
  EXPECT_EQ(taken.job.started_at, noon);
  EXPECT_EQ(taken.todo, items(3, 5));
  const auto ended = commit(batch(taken.job, taken.todo)).value().job;
  EXPECT_EQ(ended.totals.done, 5);
  EXPECT_EQ(ended.totals.created, number("SELECT count(*) FROM tarefas"));
}

TEST_F(batches, one_notification_a_run_even_where_the_end_is_told_twice) {
  const auto job = running();
  commit(batch(job, items(1, 5))).value();
  // As a bug or a repair by hand could leave it: the run goes on, its notification is there.
  ASSERT_TRUE(place_.change("UPDATE jobs SET state = 1"));
  const auto ended = commit(advance_job{job.id, 1, {}, noon}).value().job;
  EXPECT_EQ(ended.state, job_state::completed);
  EXPECT_EQ(ask(list_notifications{{7}}).rows.size(), 1U);
}

TEST_F(batches, a_command_that_breaks_fails_alone) {
  const auto job = running();
  auto bad = batch(job, items(2, 2));
  ASSERT_FALSE(bad.batch.items[0].tasks.empty());
  bad.batch.items[0].tasks[0].company = {4711};  // a foreign key that holds nothing
  const std::vector<command> group{batch(job, items(1, 1)), bad, batch(job, items(3, 3)),
                                   submission(2, 8)};
  const auto answers = store_->commit(group);
  EXPECT_TRUE(answer_at<advance_job>(answers, 0));
  EXPECT_EQ(answer_at<advance_job>(answers, 1).error().code, errc::store_failed);
  EXPECT_EQ(answer_at<advance_job>(answers, 2)->job.totals.done, 2);
  EXPECT_TRUE(answer_at<insert_job>(answers, 3));
  EXPECT_EQ(ask(find_job{job.id}).totals.done, 2);
  const auto told = store_->take_committed();
  EXPECT_EQ(told.jobs.size(), 2U);
  EXPECT_EQ(number("SELECT count(*) FROM job_events"), 4);
}

TEST_F(batches, counts_and_turns_are_right_again_after_a_failed_group) {
  const auto job = running();
  auto bad = batch(job, items(2, 2));
  bad.batch.items[0].tasks[0].company = {4711};
  ASSERT_FALSE(commit(bad));
  EXPECT_EQ(store_->take_committed().rows_written, 0);
  auto other = submission(2);
  other.arguments = arguments(1, 1);
  other.limits.per_user = 2;
  EXPECT_TRUE(commit(other));
  other.id = job_number(3);
  other.arguments = arguments(1, 2);
  EXPECT_EQ(commit(other).error().code, errc::user_limit);
  EXPECT_EQ(commit(advance_job{job.id, 1, batch(job, items(1, 5)).batch, noon}).value().job.state,
            job_state::completed);
}

}  // namespace
}  // namespace mutirao::storage
