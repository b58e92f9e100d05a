// A store that commits and then answers with an error: what was stored without anybody knowing is
// found, and goes on.
#include <gtest/gtest.h>

#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include "actors/job.hpp"
#include "actors/supervisor.hpp"
#include "tests/actors/stage.hpp"

namespace mutirao::testing {
namespace {

struct losses {
  std::size_t of = 0;  // index of the command
  int left = 0;
};

/// The store, but for the answers that are lost.
template <class... Commands>
actors::store_actor spawn_forgetful_store(caf::actor_system& system,
                                          const actors::store_actor& real, losses* lost,
                                          std::variant<Commands...>*) {
  const auto run = [](actors::store_actor::pointer self, const actors::store_actor& behind,
                      losses* some) -> actors::store_actor::behavior_type {
    return {[=](Commands& what) {
              auto promise = self->make_response_promise<actors::answer_to<Commands>>();
              if (some->of != command_index<Commands> || some->left == 0) {
                promise.delegate(behind, std::move(what));
                return promise;
              }
              --some->left;
              self->request(behind, caf::infinite, std::move(what))
                  .then([promise](const actors::answer_to<Commands>& answer) mutable {
                    EXPECT_TRUE(answer.value.has_value());
                    promise.deliver(actors::answer_to<Commands>{fail(errc::deadline)});
                  });
              return promise;
            }...,
            [](const actors::hear_first&) {}, [](actors::flush_atom) {}};
  };
  return system.spawn(run, real, lost);
}

class LostAnswerTest : public ::testing::Test {
 protected:
  stage set_{2, 12};
  std::unique_ptr<process> running_ = set_.start();
  losses lost_;
  actors::store_actor store_;
  actors::supervisor_actor supervisor_;

  void SetUp() override {
    auto& cast = running_->cast();
    store_ = spawn_forgetful_store(running_->system(), cast.store(), &lost_,
                                   static_cast<command*>(nullptr));
    // So that a job has batches left when a cancel comes.
    run_limits few_at_a_time;
    few_at_a_time.batch_items = 4;
    few_at_a_time.batches_out = 1;
    auto spawn = [this, &cast, few_at_a_time](const actors::supervisor_actor& supervisor,
                                              const job_type* type, claimed_job job) {
      return running_->system().spawn(
          actors::run_job,
          actors::job_surroundings{supervisor, cast.pool(), store_, &running_->time,
                                   &running_->chance, &running_->log, few_at_a_time},
          type, std::move(job));
    };
    actors::supervisor_limits limits;
    limits.live_jobs = 1;
    supervisor_ = running_->system().spawn(
        actors::run_supervisor,
        actors::supervisor_surroundings{store_, cast.readers(), spawn, &set_.types, &running_->time,
                                        &running_->chance, &running_->log, limits});
  }

  void TearDown() override {
    caf::anon_send_exit(supervisor_, caf::exit_reason::user_shutdown);
    caf::anon_send_exit(store_, caf::exit_reason::user_shutdown);
    running_->run();
    supervisor_ = nullptr;
    store_ = nullptr;
  }

  template <class Command>
  void lose_answer_to() {
    lost_ = {command_index<Command>, 1};
  }

  std::vector<job_view> stored() {
    list_jobs his;
    his.by = owner;
    return running_->ask(running_->cast().readers()[0], his).value().rows;
  }
  expected<request_change::answer> change(job_id job, job_trigger on) {
    return running_->ask(supervisor_,
                         request_change{job, owner, on, std::nullopt, running_->time.now()});
  }
  job_view view(job_id job) { return running_->ask(supervisor_, find_job{job}).value(); }
};

TEST_F(LostAnswerTest, AJobWhoseInsertWasAnsweredWithAnErrorRunsAndEnds) {
  lose_answer_to<insert_job>();
  EXPECT_EQ(running_->ask(supervisor_, generation_of(set_.types, 1)).error().code, errc::deadline);
  ASSERT_EQ(stored().size(), 1U);
  EXPECT_EQ(stored()[0].state, job_state::running) << "claimed, and in nobody's hand";
  running_->run_with_time();
  EXPECT_EQ(stored()[0].state, job_state::completed);
  EXPECT_EQ(stored()[0].fence, 2);
}

TEST_F(LostAnswerTest, JobsWhoseClaimWasAnsweredWithAnErrorAreClaimedAgain) {
  running_->ask_and_stop(supervisor_, generation_of(set_.types, 1));
  running_->ask_and_stop(supervisor_, generation_of(set_.types, 2));
  lose_answer_to<claim_jobs>();
  running_->run();
  ASSERT_EQ(stored().size(), 2U);
  EXPECT_EQ(stored()[0].state, job_state::running);
  EXPECT_EQ(stored()[1].state, job_state::completed);
  running_->run_with_time();
  EXPECT_EQ(stored()[0].state, job_state::completed);
  EXPECT_EQ(stored()[0].fence, 2);
  EXPECT_EQ(stored()[1].fence, 1) << "a job in hand is left alone";
}

TEST_F(LostAnswerTest, ARetryThatWasAnsweredWithAnErrorIsClaimed) {
  const auto id = running_->ask_and_stop(supervisor_, generation_of(set_.types, 1))->job.id;
  change(id, job_trigger::cancel);
  running_->run();
  ASSERT_EQ(stored()[0].state, job_state::cancelled);
  lose_answer_to<request_change>();
  EXPECT_FALSE(change(id, job_trigger::retry));
  EXPECT_EQ(view(id).state, job_state::pending)
      << "the store answers, not the actor of the old run";
  running_->run_with_time();
  EXPECT_EQ(view(id).state, job_state::completed);
}

TEST_F(LostAnswerTest, AJobWhoseLastCommitWasAnsweredWithAnErrorIsAnsweredAsItIsStored) {
  const auto id = running_->ask_and_stop(supervisor_, generation_of(set_.types, 1))->job.id;
  lose_answer_to<end_run>();
  change(id, job_trigger::cancel);
  running_->run_with_time();
  ASSERT_EQ(lost_.left, 0);
  ASSERT_EQ(stored()[0].state, job_state::cancelled);
  EXPECT_EQ(view(id).state, job_state::cancelled);
}

}  // namespace
}  // namespace mutirao::testing
