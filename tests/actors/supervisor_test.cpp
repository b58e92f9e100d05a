#include "actors/supervisor.hpp"

#include <gtest/gtest.h>

#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <set>

#include "actors/job.hpp"
#include "tests/actors/stage.hpp"

namespace mutirao::testing {
namespace {

using actors::submit;

const caller owner{{7}, false, {{1}}};
const caller member{{8}, false, {{1}}};
const caller stranger{{9}, false, {}};

/// Items 1..n; planning item `bad` throws, every time.
class throwing_type final : public job_type {
 public:
  std::string_view kind() const override { return "throws"; }
  expected<job_arguments> validate(const argument_reader&, date) const override {
    return job_arguments{unit_id{1}, "", "throws"};
  }
  expected<std::vector<item_id>> list(company_directory&, const job_arguments&) const override {
    return std::vector<item_id>{{1}, {2}, {3}, {4}, {5}};
  }
  expected<std::vector<item_plan>> plan(company_directory&, const job_arguments&,
                                        std::span<const item_id> items) const override {
    std::vector<item_plan> plans;
    for (const auto item : items) {
      if (item == item_id{3}) throw std::runtime_error("item 3");
      plans.push_back({item, item_state::done, {}, {}});
    }
    return plans;
  }
  job_ending conclude(const job_arguments&, const job_totals&, notice tells) const override {
    return {tells == notice::success ? "good" : "bad", "", "", "unit", 1};
  }
  int years_processed(const job_arguments&) const override { return 1; }
};

/// Four items, each with 900 tasks for company 1.
class wide_type final : public job_type {
 public:
  std::string_view kind() const override { return "wide"; }
  expected<job_arguments> validate(const argument_reader&, date) const override {
    return job_arguments{unit_id{1}, "", "wide"};
  }
  expected<std::vector<item_id>> list(company_directory&, const job_arguments&) const override {
    return std::vector<item_id>{{1}, {2}, {3}, {4}};
  }
  expected<std::vector<item_plan>> plan(company_directory&, const job_arguments&,
                                        std::span<const item_id> items) const override {
    std::vector<item_plan> plans;
    for (const auto item : items) {
      item_plan planned{item, item_state::done, {}, {}};
      for (int i = 0; i < 900; ++i) {
        planned.tasks.push_back({{item.value}, unit_id{1}, {}, purpose::routine, date{}, {}});
      }
      plans.push_back(std::move(planned));
    }
    return plans;
  }
  job_ending conclude(const job_arguments&, const job_totals&, notice) const override {
    return {"wide", "", "", "unit", 1};
  }
  int years_processed(const job_arguments&) const override { return 1; }
};

class SupervisorTest : public ::testing::Test {
 protected:
  stage set_{1, 12};
  std::unique_ptr<process> running_ = set_.start();

  expected<request_change::answer> change(job_id job, caller by, job_trigger on) {
    return running_->ask(running_->cast().supervisor(),
                         request_change{job, by, on, std::nullopt, running_->time.now()});
  }

  job_id submit_and_stop_after_answer() {
    return running_->ask_and_stop(running_->cast().supervisor(), generation_of(set_.types, 1))
        ->job.id;
  }

  job_view view(job_id id) {
    return running_->ask(running_->cast().supervisor(), find_job{id}).value();
  }

  std::vector<notification> told() {
    return running_->ask(running_->cast().readers()[0], list_notifications{{7}, 30}).value();
  }
};

TEST_F(SupervisorTest, ATypeThatThrowsCostsItsItemAndNotTheJob) {
  set_.types.add(std::make_unique<throwing_type>());
  const auto* type = set_.types.find("throws");
  const auto receipt = running_->ask(running_->cast().supervisor(),
                                     submit{type, {7}, *type->validate({}, date{}), std::nullopt});
  ASSERT_TRUE(receipt.has_value());
  const auto job = view(receipt->job.id);
  EXPECT_EQ(job.state, job_state::completed);
  EXPECT_EQ(job.totals.done, 5);
  EXPECT_EQ(job.totals.failed, 1);
  ASSERT_EQ(told().size(), 1U);
  const auto rows = running_->ask(running_->cast().readers()[0], find_result{job.id});
  ASSERT_TRUE(rows.has_value());
  EXPECT_FALSE(rows->at(2).error.empty());
  EXPECT_TRUE(rows->at(1).error.empty());
}

TEST_F(SupervisorTest, ABatchWithManyTasksIsCommittedInParts) {
  set_.types.add(std::make_unique<wide_type>());
  const auto* type = set_.types.find("wide");
  const auto before = running_->log.counted(counter::commits);
  const auto receipt = running_->ask(running_->cast().supervisor(),
                                     submit{type, {7}, *type->validate({}, date{}), std::nullopt});
  ASSERT_TRUE(receipt.has_value());
  const auto job = view(receipt->job.id);
  EXPECT_EQ(job.state, job_state::completed);
  EXPECT_EQ(job.totals.created, 3600);
  EXPECT_EQ(running_->log.counted(counter::commits) - before, 3) << "the insert and two parts";
}

TEST_F(SupervisorTest, ThePartsOfABatchAreSeenAsProgress) {
  set_.types.add(std::make_unique<wide_type>());
  const auto* type = set_.types.find("wide");
  const auto& supervisor = running_->cast().supervisor();
  const auto id =
      running_
          ->ask_and_stop(supervisor, submit{type, {7}, *type->validate({}, date{}), std::nullopt})
          ->job.id;
  std::set<std::int64_t> seen;
  do {
    seen.insert(running_->ask_and_stop(supervisor, find_job{id})->totals.done);
  } while (running_->scheduler().try_run_once());
  EXPECT_EQ(seen, (std::set<std::int64_t>{0, 2, 4}));
}

TEST_F(SupervisorTest, ACancelledJobStopsWithinABatchAndTellsNobody) {
  const auto id = submit_and_stop_after_answer();
  const auto answer = change(id, owner, job_trigger::cancel);
  ASSERT_TRUE(answer.has_value());
  running_->run();
  const auto job = view(id);
  EXPECT_EQ(job.state, job_state::cancelled);
  EXPECT_LT(job.totals.done, 12);
  EXPECT_TRUE(told().empty());
  EXPECT_EQ(change(id, owner, job_trigger::cancel)->job.state, job_state::cancelled);
}

TEST_F(SupervisorTest, ARetriedJobGoesOnWithTheItemsNotYetDone) {
  const auto id = submit_and_stop_after_answer();
  change(id, owner, job_trigger::cancel);
  running_->run();
  const auto before = view(id).totals.created;
  ASSERT_TRUE(change(id, owner, job_trigger::retry).has_value());
  running_->run();
  const auto job = view(id);
  EXPECT_EQ(job.state, job_state::completed);
  EXPECT_EQ(job.run, 2);
  EXPECT_EQ(job.totals.done, 12);
  EXPECT_GE(job.totals.created, before);
  EXPECT_EQ(told().size(), 1U);
  EXPECT_EQ(change(id, owner, job_trigger::retry).error().code, errc::nothing_to_retry);
}

TEST_F(SupervisorTest, APausedJobWaitsAndAResumedOneEnds) {
  const auto id = submit_and_stop_after_answer();
  ASSERT_TRUE(change(id, owner, job_trigger::pause).has_value());
  running_->run();
  EXPECT_EQ(view(id).state, job_state::paused);
  EXPECT_LT(view(id).totals.done, 12);
  ASSERT_TRUE(change(id, owner, job_trigger::resume).has_value());
  running_->run();
  EXPECT_EQ(view(id).state, job_state::completed);
  EXPECT_EQ(view(id).totals.done, 12);
}

TEST_F(SupervisorTest, OnlyTheOwnerAndAdminsMayChangeAJob) {
  const auto id = submit_and_stop_after_answer();
  EXPECT_EQ(change(id, member, job_trigger::cancel).error().code, errc::forbidden);
  EXPECT_EQ(change(id, stranger, job_trigger::cancel).error().code, errc::unknown_job);
  running_->run();
  EXPECT_EQ(view(id).state, job_state::completed);
  EXPECT_EQ(change(id, owner, job_trigger::cancel).error().code, errc::already_ended);
}

TEST_F(SupervisorTest, ADrainLetsOutBatchesCommitAndTheNextStartGoesOn) {
  const auto id = submit_and_stop_after_answer();
  const auto released = running_->ask(running_->cast().supervisor(), actors::drain{});
  ASSERT_TRUE(released.has_value());
  EXPECT_EQ(*released, 1);
  EXPECT_EQ(running_->ask(running_->cast().supervisor(), generation_of(set_.types, 1)).error().code,
            errc::draining);
  running_.reset();
  running_ = set_.start();
  EXPECT_EQ(view(id).state, job_state::pending);
  running_->cast().recover();
  running_->run();
  EXPECT_EQ(view(id).state, job_state::completed);
  EXPECT_EQ(told().size(), 1U);
}

// The argument is for the sanitizers: see http/askers.cpp.
actors::job_actor::behavior_type dying_job(actors::job_actor::pointer self, int) {
  return {[self](actors::start_atom) { self->quit(caf::exit_reason::unhandled_exception); },
          [](actors::status_atom) { return actors::answer_to<find_job>{fail(errc::internal)}; },
          [](const actors::job_changed&) {},
          [](const actors::batch_outcome&) {},
          [](const actors::retry_batch&) {},
          [](const actors::retry_end&) {},
          [](actors::drain_atom) {}};
}

// Job actors that die: the factory is the test's.
class DyingJobTest : public SupervisorTest {
 protected:
  int spawned_ = 0;

  actors::supervisor_actor supervisor_whose_jobs_die(int times) {
    auto& cast = running_->cast();
    auto spawn = [this, times, &cast](const actors::supervisor_actor& supervisor,
                                      const job_type* type, claimed_job job) -> actors::job_actor {
      if (spawned_++ < times) {
        return running_->system().spawn(dying_job, 0);
      }
      return running_->system().spawn(
          actors::run_job,
          actors::job_surroundings{supervisor, cast.pool(), cast.store(), &running_->time, {}},
          type, std::move(job));
    };
    return running_->system().spawn(actors::run_supervisor,
                                    actors::supervisor_surroundings{cast.store(),
                                                                    cast.readers(),
                                                                    spawn,
                                                                    &set_.types,
                                                                    &running_->time,
                                                                    &running_->chance,
                                                                    &running_->log,
                                                                    {}});
  }

  job_view outcome_with_deaths(int times) {
    auto supervisor = supervisor_whose_jobs_die(times);
    const auto receipt = running_->ask(supervisor, generation_of(set_.types, 1));
    running_->run_with_time();
    const auto job =
        running_->ask(running_->cast().readers()[0], find_job{receipt->job.id}).value();
    EXPECT_TRUE(running_->ask(supervisor, find_job{job.id}).has_value()) << "the supervisor lives";
    caf::anon_send_exit(supervisor, caf::exit_reason::user_shutdown);
    running_->run();
    return job;
  }
};

TEST_F(DyingJobTest, AJobWhoseActorDiesIsTakenUpAgainAndEndsWell) {
  const auto job = outcome_with_deaths(2);
  EXPECT_EQ(job.state, job_state::completed);
  EXPECT_EQ(job.totals.done, 12);
  EXPECT_EQ(spawned_, 3);
  EXPECT_EQ(told().size(), 1U);
}

TEST_F(DyingJobTest, AJobWhoseActorDiesAgainAndAgainFailsWithAReason) {
  const auto job = outcome_with_deaths(100);
  EXPECT_EQ(job.state, job_state::failed);
  EXPECT_FALSE(job.error.empty());
  EXPECT_EQ(spawned_, 3);
  ASSERT_EQ(told().size(), 1U);
  EXPECT_EQ(told()[0].type, "auto-tasks-error");
}

}  // namespace
}  // namespace mutirao::testing
