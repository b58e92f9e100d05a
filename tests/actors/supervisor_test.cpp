#include "actors/supervisor.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <set>

#include "actors/job.hpp"
#include "tests/actors/stage.hpp"

namespace mutirao::testing {
namespace {

using actors::submit;

const caller member{{8}, false, {{1}}};
const caller stranger{{9}, false, {}};

/// Items 1..n; planning item `bad` throws, every time.
class throwing_type final : public job_type {
 public:
  std::string_view kind() const override { return "throws"; }
  expected<job_request> validate(const argument_reader&, const caller&, date) const override {
    return job_request{{unit_id{1}, "", "throws"}, nullptr};
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
};

/// Four items, each with 900 tasks for company 1.
class wide_type final : public job_type {
 public:
  std::string_view kind() const override { return "wide"; }
  expected<job_request> validate(const argument_reader&, const caller&, date) const override {
    return job_request{{unit_id{1}, "", "wide"}, nullptr};
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
    return running_->ask(running_->cast().readers()[0], list_notifications{{7}, 30}).value().rows;
  }
};

TEST_F(SupervisorTest, ATypeThatThrowsCostsItsItemAndNotTheJob) {
  set_.types.add(std::make_unique<throwing_type>());
  const auto* type = set_.types.find("throws");
  const auto receipt =
      running_->ask(running_->cast().supervisor(),
                    submit{type, {7}, type->validate({}, owner, date{})->arguments, std::nullopt});
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

/// Asks for the job as soon as it hears of its end.
actors::listener_actor::behavior_type ask_at_the_end(actors::listener_actor::pointer self,
                                                     actors::supervisor_actor supervisor,
                                                     std::vector<job_state>* told) {
  return {[self, supervisor, told](const actors::news& what) {
    if (!what.job || !ended(what.job->state)) return;
    self->request(supervisor, caf::infinite, find_job{what.job->id})
        .then([told](const actors::answer_to<find_job>& answer) {
          told->push_back(answer.value->state);
        });
  }};
}

TEST_F(SupervisorTest, WhoeverHasHeardOfAnEndIsNotToldOfAnEarlierState) {
  const auto& supervisor = running_->cast().supervisor();
  const auto& notifier = running_->cast().notifier();
  std::vector<job_state> told;
  const auto listener = running_->system().spawn(ask_at_the_end, supervisor, &told);
  caf::anon_send(notifier, actors::subscribe{user_id{7}, listener, {7}});
  running_->run();
  submit_and_stop_after_answer();
  // The news go faster than the batch's outcome, which takes the way over its worker.
  auto& scheduler = running_->scheduler();
  do {
    scheduler.prioritize(listener);
    scheduler.prioritize(supervisor);
    scheduler.prioritize(notifier);
  } while (scheduler.try_run_once());
  EXPECT_EQ(told, std::vector{job_state::completed});
  caf::anon_send_exit(listener, caf::exit_reason::user_shutdown);
  running_->run();
}

/// Another process on the same database: it writes, and its news come later.
class BesideAnotherTest : public SupervisorTest {
 protected:
  void hear(const job_view& of, bool missed = false) {
    auto what = std::make_shared<heard_news>();
    what->missed = missed;
    if (!missed) what->jobs.push_back({of.id, of.user, {}, of.state, of.totals.done, {}, 0});
    caf::anon_send(running_->cast().supervisor(), actors::distant_news{what});
  }
  template <class Command>
  auto elsewhere(Command what) {
    return running_->ask_and_stop(running_->cast().store(), std::move(what)).value();
  }
};

TEST_F(BesideAnotherTest, WhatItPausedIsNotTakenForRunning) {
  for (const bool missed : {false, true}) {
    const auto id = submit_and_stop_after_answer();
    const auto paused =
        elsewhere(request_change{id, owner, job_trigger::pause, {}, running_->time.now()}).job;
    EXPECT_EQ(paused.state, job_state::paused);
    hear(paused, missed);
    running_->run();
    EXPECT_EQ(view(id).state, job_state::paused) << missed;
    EXPECT_EQ(running_->log.at(gauge::live_jobs), 0);
    ASSERT_TRUE(change(id, owner, job_trigger::cancel).has_value());
    running_->run();
  }
}

TEST_F(BesideAnotherTest, WhatItLeavesWaitingIsTakenUp) {
  auto request = generation_of(set_.types, 1);
  insert_job what{job_id::from_random(5, 5),
                  "generate-auto-tasks-unit",
                  {7},
                  request.arguments,
                  std::nullopt,
                  {},
                  false,
                  running_->time.now()};
  const auto waiting = elsewhere(what).job;
  running_->run();
  EXPECT_EQ(view(waiting.id).state, job_state::pending) << "nobody said anything";
  hear(waiting);
  running_->run();
  EXPECT_EQ(view(waiting.id).state, job_state::completed);
}

TEST_F(SupervisorTest, ABatchWithManyTasksIsCommittedInParts) {
  set_.types.add(std::make_unique<wide_type>());
  const auto* type = set_.types.find("wide");
  const auto before = running_->log.counted(counter::commits);
  const auto receipt =
      running_->ask(running_->cast().supervisor(),
                    submit{type, {7}, type->validate({}, owner, date{})->arguments, std::nullopt});
  ASSERT_TRUE(receipt.has_value());
  const auto job = view(receipt->job.id);
  EXPECT_EQ(job.state, job_state::completed);
  EXPECT_EQ(job.totals.created, 3600);
  EXPECT_EQ(running_->log.counted(counter::commits) - before, 5) << "the insert and four parts";
}

TEST_F(SupervisorTest, ThePartsOfABatchAreSeenAsProgress) {
  set_.types.add(std::make_unique<wide_type>());
  const auto* type = set_.types.find("wide");
  const auto& supervisor = running_->cast().supervisor();
  const auto id =
      running_
          ->ask_and_stop(
              supervisor,
              submit{type, {7}, type->validate({}, owner, date{})->arguments, std::nullopt})
          ->job.id;
  std::set<std::int64_t> seen;
  do {
    seen.insert(running_->ask_and_stop(supervisor, find_job{id})->totals.done);
  } while (running_->scheduler().try_run_once());
  EXPECT_EQ(seen, (std::set<std::int64_t>{0, 1, 2, 3, 4}));
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

TEST_F(SupervisorTest, ADrainEndsAlsoWhereASlotWasKeptInVain) {
  // The job of an empty unit ends in its insert. Every number of steps after which the stop comes.
  bool inserted = false;
  for (int steps = 0; !inserted; ++steps) {
    stage set(1, 0);
    auto running = set.start();
    const auto& supervisor = running->cast().supervisor();
    caf::anon_send(supervisor, generation_of(set.types, 1));
    int taken = 0;
    while (taken < steps && running->scheduler().try_run_once()) ++taken;
    inserted = taken < steps;
    EXPECT_TRUE(running->ask(supervisor, actors::drain{}).has_value()) << steps << " steps";
  }
}

// The argument is for the sanitizers: see http/askers.cpp.
actors::job_actor::behavior_type dying_job(actors::job_actor::pointer self, int) {
  return {[self](actors::start_atom) { self->quit(caf::exit_reason::unhandled_exception); },
          [](actors::status_atom) { return actors::answer_to<find_job>{fail(errc::internal)}; },
          [](const actors::job_changed&) {},
          [](const actors::batch_outcome&) {},
          [](const actors::retry_batch&) {},
          [](const actors::retry_end&) {},
          [](actors::tick_atom) {},
          [](const lease_renewed&) {},
          [](actors::drain_atom) {}};
}

// Commands about jobs whose actor died.
bool settles(const claim_jobs& what) {
  return what.again.has_value();
}
bool settles(const end_run&) {
  return true;
}
template <class Command>
bool settles(const Command&) {
  return false;
}

struct refusals {
  std::size_t of;  // index of the command
  errc why;
  int left;
};

/// The store, but for the refusals.
template <class... Commands>
actors::store_actor spawn_refusing_store(caf::actor_system& system, const actors::store_actor& real,
                                         refusals* refused, std::variant<Commands...>*) {
  const auto run = [](actors::store_actor::pointer self, const actors::store_actor& behind,
                      refusals* some) -> actors::store_actor::behavior_type {
    return {[=](Commands& what) {
              auto promise = self->make_response_promise<actors::answer_to<Commands>>();
              if (settles(what) && some->of == command_index<Commands> && some->left > 0) {
                --some->left;
                promise.deliver(actors::answer_to<Commands>{fail(some->why)});
              } else {
                promise.delegate(behind, std::move(what));
              }
              return promise;
            }...,
            [](const actors::hear_first&) {}, [](actors::flush_atom) {}};
  };
  return system.spawn(run, real, refused);
}

// Job actors that die and a store that refuses to hear of it: both are the test's.
class DyingJobTest : public SupervisorTest {
 protected:
  int spawned_ = 0;
  refusals refused_{command_index<claim_jobs>, errc::store_busy, 0};
  actors::store_actor store_;
  actors::supervisor_actor supervisor_;

  void start_supervisor_whose_jobs_die(int times, actors::supervisor_limits limits = {}) {
    auto& cast = running_->cast();
    store_ = spawn_refusing_store(running_->system(), cast.store(), &refused_,
                                  static_cast<command*>(nullptr));
    auto spawn = [this, times, &cast](const actors::supervisor_actor& supervisor,
                                      const job_type* type, claimed_job job) -> actors::job_actor {
      if (spawned_++ < times) {
        return running_->system().spawn(dying_job, 0);
      }
      return running_->system().spawn(actors::run_job,
                                      actors::job_surroundings{supervisor,
                                                               cast.pool(),
                                                               cast.store(),
                                                               &running_->time,
                                                               &running_->chance,
                                                               &running_->log,
                                                               {}},
                                      type, std::move(job));
    };
    supervisor_ = running_->system().spawn(
        actors::run_supervisor,
        actors::supervisor_surroundings{store_, cast.readers(), spawn, &set_.types, &running_->time,
                                        &running_->chance, &running_->log, limits});
  }

  void stop_supervisor() {
    caf::anon_send_exit(supervisor_, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(store_, caf::exit_reason::user_shutdown);
    running_->run();
    supervisor_ = nullptr;
    store_ = nullptr;
  }

  job_id submit(std::int64_t user = 7) {
    return running_->ask(supervisor_, generation_of(set_.types, 1, user))->job.id;
  }

  job_view stored(job_id id) {
    return running_->ask(running_->cast().readers()[0], find_job{id}).value();
  }

  job_view outcome_with_deaths(int times) {
    start_supervisor_whose_jobs_die(times);
    const auto id = submit();
    running_->run_with_time();
    EXPECT_TRUE(running_->ask(supervisor_, find_job{id}).has_value()) << "the supervisor lives";
    return stored(id);
  }

  job_view outcome_in_another_process(job_id id) {
    stop_supervisor();
    running_.reset();
    running_ = set_.start();
    EXPECT_EQ(stored(id).state, job_state::pending);
    running_->cast().recover();
    running_->run();
    return stored(id);
  }

  void TearDown() override {
    if (supervisor_) stop_supervisor();
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

TEST_F(DyingJobTest, AJobThatWaitsToBeClaimedAgainIsGivenBackByADrain) {
  refused_.left = 1000;
  start_supervisor_whose_jobs_die(1);
  const auto id = submit();
  EXPECT_EQ(running_->ask(supervisor_, actors::drain{}), 1);
  EXPECT_EQ(outcome_in_another_process(id).state, job_state::completed);
}

TEST_F(DyingJobTest, AJobThatWaitsToBeFailedIsGivenBackByADrain) {
  refused_ = {command_index<end_run>, errc::disk_full, 1000};
  start_supervisor_whose_jobs_die(100);
  const auto id = submit();
  EXPECT_EQ(running_->ask(supervisor_, actors::drain{}), 1);
  EXPECT_EQ(outcome_in_another_process(id).state, job_state::completed);
}

TEST_F(DyingJobTest, AJobThatTheStoreRefusesDuringADrainIsGivenBack) {
  refused_.left = 1000;
  start_supervisor_whose_jobs_die(1);
  const auto id = running_->ask_and_stop(supervisor_, generation_of(set_.types, 1))->job.id;
  const auto died = [&] {
    const auto events = running_->log.events();
    return std::count(events.begin(), events.end(), "job_actor_died") == 1;
  };
  while (!died() && running_->scheduler().try_run_once()) {
  }
  EXPECT_EQ(refused_.left, 1000) << "the store has not been asked yet";
  EXPECT_EQ(running_->ask(supervisor_, actors::drain{}), 1);
  EXPECT_EQ(outcome_in_another_process(id).state, job_state::completed);
}

TEST_F(DyingJobTest, AJobThatIsPausedBeforeItIsClaimedAgainWaitsForItsOwner) {
  refused_.left = 1;
  start_supervisor_whose_jobs_die(1);
  const auto id = submit();
  const auto ask_for = [&](job_trigger on) {
    running_->ask(supervisor_, request_change{id, owner, on, std::nullopt, running_->time.now()});
    running_->run_with_time();
  };
  ask_for(job_trigger::pause);
  EXPECT_EQ(stored(id).state, job_state::paused);
  EXPECT_EQ(spawned_, 1);
  ask_for(job_trigger::resume);
  EXPECT_EQ(stored(id).state, job_state::completed);
  EXPECT_EQ(spawned_, 2);
}

TEST_F(DyingJobTest, TheSlotOfAJobThatCouldNotBeFailedAtOnceGoesToTheNextInTheEnd) {
  refused_ = {command_index<end_run>, errc::store_busy, 2};
  actors::supervisor_limits limits;
  limits.live_jobs = 1;
  start_supervisor_whose_jobs_die(3, limits);
  const auto first = submit(7);
  const auto second = submit(8);
  EXPECT_EQ(stored(second).state, job_state::pending);
  running_->run_with_time();
  EXPECT_EQ(stored(first).state, job_state::failed);
  EXPECT_EQ(stored(second).state, job_state::completed);
}

// The argument is for the sanitizers: see http/askers.cpp.
actors::job_actor::behavior_type idle_job(actors::job_actor::pointer, int) {
  return {[](actors::start_atom) {},
          [](actors::status_atom) { return actors::answer_to<find_job>{fail(errc::internal)}; },
          [](const actors::job_changed&) {},
          [](const actors::batch_outcome&) {},
          [](const actors::retry_batch&) {},
          [](const actors::retry_end&) {},
          [](actors::tick_atom) {},
          [](const lease_renewed&) {},
          [](actors::drain_atom) {}};
}

// Three jobs were out when the process died; their actors do only what the test says for them.
class SuspectTest : public SupervisorTest {
 protected:
  std::vector<claimed_job> taken_;
  actors::supervisor_actor supervisor_;
  bool shared_ = false;

  void SetUp() override {
    for (std::int64_t user = 7; user <= 9; ++user) {
      const auto asked = generation_of(set_.types, 1, user);
      running_->ask(running_->cast().store(),
                    insert_job{.id = job_id::from_random(1, static_cast<std::uint64_t>(user)),
                               .kind = std::string(asked.type->kind()),
                               .user = asked.user,
                               .arguments = asked.arguments,
                               .key = std::nullopt,
                               .limits = {},
                               .claim = true,
                               .now = running_->time.now()});
    }
    running_.reset();
    running_ = set_.start();
    auto& cast = running_->cast();
    auto spawn = [this](const actors::supervisor_actor&, const job_type*,
                        claimed_job job) -> actors::job_actor {
      taken_.push_back(std::move(job));
      return running_->system().spawn(idle_job, 0);
    };
    supervisor_ = running_->system().spawn(actors::run_supervisor,
                                           actors::supervisor_surroundings{cast.store(),
                                                                           cast.readers(),
                                                                           spawn,
                                                                           &set_.types,
                                                                           &running_->time,
                                                                           &running_->chance,
                                                                           &running_->log,
                                                                           {},
                                                                           shared_});
    caf::anon_send(cast.store(), actors::hear_first{supervisor_});
    caf::anon_send(supervisor_, actors::recover_atom::value);
    running_->run();
  }

  void commit_a_company_of(claimed_job& run) {
    const auto next = run.todo.back();
    run.todo.pop_back();
    const auto answer =
        running_->ask(running_->cast().store(),
                      advance_locked{run.job.id, run.job.fence, {next}, running_->time.now()});
    EXPECT_TRUE(answer) << (answer ? "" : answer.error().detail);
  }

  template <class Message>
  void say(Message what) {
    caf::anon_send(supervisor_, what);
    running_->run();
  }

  void TearDown() override {
    caf::anon_send_exit(supervisor_, caf::exit_reason::user_shutdown);
    running_->run();
    supervisor_ = nullptr;
  }
};

TEST_F(SuspectTest, RunOneAtATimeEachUntilTheStoreHasACommitOfIt) {
  ASSERT_EQ(taken_.size(), 1U);
  EXPECT_TRUE(taken_[0].suspect);
  auto stored = std::make_shared<committed>();
  stored->jobs = {taken_[0].job};
  say(actors::committed_news{stored});
  EXPECT_EQ(taken_.size(), 1U) << "nothing of its work";
  commit_a_company_of(taken_[0]);
  ASSERT_EQ(taken_.size(), 2U) << "its actor has said nothing";
  commit_a_company_of(taken_[0]);
  EXPECT_EQ(taken_.size(), 2U) << "it was cleared already";
}

TEST_F(SuspectTest, OrUntilTheirRunIsOver) {
  ASSERT_EQ(taken_.size(), 1U);
  say(actors::slot_free{taken_[0].job.id, taken_[0].job.fence});
  ASSERT_EQ(taken_.size(), 2U);
  say(actors::slot_free{taken_[1].job.id, taken_[1].job.fence});
  EXPECT_EQ(taken_.size(), 3U);
}

TEST_F(SuspectTest, DoNotHoldUpJobsThatNothingSpeaksAgainst) {
  const auto receipt = running_->ask(supervisor_, generation_of(set_.types, 1, 20));
  ASSERT_TRUE(receipt.has_value());
  EXPECT_EQ(receipt->job.state, job_state::running);
  EXPECT_EQ(taken_.size(), 2U);
}

class LeaseTest : public SupervisorTest {
 protected:
  void SetUp() override {
    auto limits = stage::undetached();
    limits.supervisor.heartbeat = std::chrono::seconds(2);
    limits.supervisor.lease = std::chrono::seconds(10);
    running_.reset();
    running_ = set_.start(limits);
  }

  /// What the job shows of it before it ends.
  std::optional<instant> lease_shown_by(job_id id) {
    std::optional<instant> lease;
    do {
      const auto job = running_->ask_and_stop(running_->cast().supervisor(), find_job{id});
      if (job && job->state == job_state::running && job->lease_until) lease = job->lease_until;
    } while (running_->scheduler().try_run_once());
    return lease;
  }

  double measured() const { return running_->log.at(gauge::lease_until); }
};

TEST_F(LeaseTest, IsRenewedAndShownWhileAJobRuns) {
  const auto id = submit_and_stop_after_answer();
  running_->scheduler().advance_time(std::chrono::seconds(2));
  EXPECT_EQ(lease_shown_by(id), running_->time.now() + std::chrono::seconds(10));
}

TEST_F(LeaseTest, IsNotHandedFromAJobToOneThatBeginsLongAfter) {
  const auto first = submit_and_stop_after_answer();
  running_->scheduler().advance_time(std::chrono::seconds(2));
  ASSERT_TRUE(lease_shown_by(first));
  EXPECT_EQ(measured(), 0);
  running_->time.advance(std::chrono::minutes(1));
  EXPECT_EQ(lease_shown_by(submit_and_stop_after_answer()), std::nullopt);
  EXPECT_EQ(measured(), 0);
}

TEST_F(LeaseTest, AtEachBeatARunLooksWhetherItsTimeIsUp) {
  auto limits = stage::undetached();
  limits.run.deadline = std::chrono::minutes(1);
  running_.reset();
  running_ = set_.start(limits);
  const auto id = submit_and_stop_after_answer();
  for (int steps = 0; steps < 4; ++steps) running_->scheduler().try_run_once();
  running_->time.advance(std::chrono::minutes(1));
  running_->scheduler().advance_time(limits.supervisor.heartbeat);
  running_->run();
  const auto job = view(id);
  EXPECT_EQ(job.state, job_state::failed);
  EXPECT_NE(job.error.find("1 min"), std::string::npos) << job.error;
  EXPECT_LT(job.totals.done, 12);
}

TEST_F(LeaseTest, ARunThatHasUsedUpItsTimeInEarlierClaimsFailsAtItsNext) {
  auto limits = stage::undetached();
  limits.run.deadline = std::chrono::minutes(1);
  running_.reset();
  running_ = set_.start(limits);
  const auto id = submit_and_stop_after_answer();
  for (int steps = 0; steps < 4; ++steps) running_->scheduler().try_run_once();
  running_->time.advance(std::chrono::minutes(2));
  ASSERT_TRUE(change(id, owner, job_trigger::pause).has_value());
  running_->run();
  const auto paused = view(id);
  ASSERT_EQ(paused.state, job_state::paused);
  ASSERT_TRUE(change(id, owner, job_trigger::resume).has_value());
  running_->run();
  const auto job = view(id);
  EXPECT_EQ(job.state, job_state::failed) << "without waiting for a beat";
  EXPECT_NE(job.error.find("1 min"), std::string::npos) << job.error;
  EXPECT_EQ(job.totals.done, paused.totals.done);
}

TEST_F(LeaseTest, NoTimerOutlivesAJobForLongAndKeepsItsActor) {
  const auto before = running_->scheduler().clock().now();
  submit_and_stop_after_answer();
  running_->run_with_time();
  EXPECT_LT(running_->scheduler().clock().now() - before, std::chrono::minutes(5));
}

class RefusingStoreTest : public DyingJobTest,
                          public ::testing::WithParamInterface<std::pair<errc, int>> {
 protected:
  void refuse(std::size_t command) { refused_ = {command, GetParam().first, GetParam().second}; }
};

TEST_P(RefusingStoreTest, AJobIsClaimedAgainOnceTheStoreLetsIt) {
  refuse(command_index<claim_jobs>);
  const auto job = outcome_with_deaths(1);
  EXPECT_EQ(refused_.left, 0);
  EXPECT_EQ(job.state, job_state::completed);
  EXPECT_EQ(job.totals.done, 12);
  EXPECT_EQ(spawned_, 2);
  EXPECT_EQ(told().size(), 1U);
}

TEST_P(RefusingStoreTest, AJobIsFailedOnceTheStoreLetsIt) {
  refuse(command_index<end_run>);
  const auto job = outcome_with_deaths(100);
  EXPECT_EQ(refused_.left, 0);
  EXPECT_EQ(job.state, job_state::failed);
  EXPECT_EQ(spawned_, 3);
  EXPECT_EQ(told().size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(
    Passing, RefusingStoreTest,
    ::testing::Values(std::pair(errc::store_busy, 1), std::pair(errc::store_busy, 7),
                      std::pair(errc::disk_full, 3), std::pair(errc::overloaded, 1),
                      std::pair(errc::store_failed, 2)),
    [](const auto& one) {
      return std::string(to_string(one.param.first)) + "_" + std::to_string(one.param.second);
    });

class SharedStoreTest : public SuspectTest {
 protected:
  SharedStoreTest() { shared_ = true; }
};

// Another process may have gone on with it, and told somebody.
TEST_F(SharedStoreTest, SaysHowAJobStandsAndNotTheActorThatRunsItHere) {
  ASSERT_EQ(taken_.size(), 1U);
  const auto found = running_->ask(supervisor_, find_job{taken_[0].job.id});
  ASSERT_TRUE(found.has_value()) << found.error().detail;
  EXPECT_EQ(found->state, job_state::running);
}

}  // namespace
}  // namespace mutirao::testing
