// What every type of job must stand: whoever registers one says here how it is asked for, and it is
// crashed, retried, cancelled and paused at every step.
#include <gtest/gtest.h>

#include <caf/send.hpp>
#include <map>

#include "tests/actors/stage.hpp"

namespace mutirao::testing {
namespace {

const caller admin_owner{{7}, true, {}};

/// How a type is asked for, over companies 1..9 of unit 1.
struct sample {
  argument_reader given;
  bool needs_tasks = false;  // the unit's tasks are generated first, by somebody else
  std::int64_t items = 9;
  std::int64_t failing = 0;  // items that can only fail
  bool creates = true;
};

const std::map<std::string, sample, std::less<>>& samples() {
  static const std::string csv =
      "cnpj,razao_social,nome_fantasia,data_renovacao,unidade_responsavel\n"
      "11222333000181,A,A,2020-05-10,1\n"
      "11444777000161,B,B,2020-05-10,1\n"
      "errado,C,C,,1\n"
      "12345678000195,D,D,,1\n"
      "12345678000195,E,E,,1\n";
  static const std::map<std::string, sample, std::less<>> all{
      {"generate-auto-tasks-unit", {.given = {{"unit", "1"}}}},
      {"remove-auto-tasks-unit", {.given = {{"unit", "1"}}, .needs_tasks = true}},
      {"import-companies",
       {.given = {{"csv", csv}, {"generate", "true"}}, .items = 5, .failing = 2}},
      {"noop", {.given = {{"items", "9"}}, .creates = false}},
  };
  return all;
}

/// What is stored in the end, beside the job.
struct outcome {
  job_totals totals;
  std::int64_t tasks = 0;
  std::int64_t companies = 0;
  friend bool operator==(const outcome&, const outcome&) = default;
};

std::string text(const outcome& of) {
  return std::to_string(of.totals.done) + "/" + std::to_string(of.totals.total) + " created " +
         std::to_string(of.totals.created) + " failed " + std::to_string(of.totals.failed) +
         " tasks " + std::to_string(of.tasks) + " companies " + std::to_string(of.companies);
}

/// One job of one type, played to its end.
class play {
 public:
  explicit play(const std::string& kind) : what_(samples().at(kind)), kind_(kind) {
    set_.types = app::registered_job_types(true);
    running_ = set_.start();
    if (what_.needs_tasks) ask(generation_of(set_.types, 1, 8));
  }

  actors::submit request() const {
    const auto* type = set_.types.find(kind_);
    auto made = type->validate(what_.given, admin_owner, *parse_date("2026-11-23")).value();
    return {type, admin_owner.user, made.arguments, std::nullopt, {}, made.payload};
  }
  job_id submit() {
    return running_->ask_and_stop(running_->cast().supervisor(), request())->job.id;
  }
  /// Fewer where there is nothing more to do.
  bool take_steps(int most) {
    int taken = 0;
    while (taken < most && running_->scheduler().try_run_once()) ++taken;
    return taken == most;
  }
  void run() { running_->run_with_time(); }
  void crash() {
    running_.reset();
    running_ = set_.start();
    running_->cast().recover();
    run();
  }
  expected<request_change::answer> change(job_id id, job_trigger on) {
    return running_->ask_and_stop(
        running_->cast().supervisor(),
        request_change{id, admin_owner, on, std::nullopt, running_->time.now()});
  }
  job_view view(job_id id) {
    return running_->ask(running_->cast().supervisor(), find_job{id}).value();
  }

  /// After all has run: the outcome, held to what every type owes.
  outcome end_of(job_id id) {
    const auto job = view(id);
    EXPECT_EQ(job.state, job_state::completed) << to_string(job.state) << " " << job.error;
    EXPECT_EQ(job.totals.total, what_.items);
    EXPECT_EQ(job.totals.done, what_.items);
    EXPECT_EQ(job.totals.failed, what_.failing);
    const auto ledger = read(find_result{id});
    EXPECT_EQ(std::ssize(ledger), what_.items);
    std::int64_t created = 0;
    for (const auto& row : ledger) created += row.created;
    EXPECT_EQ(created, job.totals.created) << "the ledger and the counters differ";
    list_companies companies;
    companies.by = admin_owner;
    list_tasks tasks;
    tasks.by = admin_owner;
    tasks.limit = 500;
    return {job.totals, std::ssize(read(tasks).rows), read(companies).total};
  }
  std::int64_t told() { return std::ssize(read(list_notifications{admin_owner.user, 30}).rows); }
  const sample& what() const { return what_; }

 private:
  template <class Message>
  void ask(Message what) {
    ASSERT_TRUE(running_->ask(running_->cast().supervisor(), std::move(what)));
  }
  template <class Question>
  typename Question::answer read(const Question& question) {
    return running_->ask(running_->cast().readers()[0], question).value();
  }

  sample what_;
  std::string kind_;
  stage set_{1, 9};
  std::unique_ptr<process> running_;
};

class JobTypeContract : public ::testing::TestWithParam<std::string> {
 protected:
  static outcome undisturbed() {
    play one(GetParam());
    const auto id = one.submit();
    one.run();
    return one.end_of(id);
  }
};

TEST_P(JobTypeContract, SaysHowItIsAskedFor) {
  const auto types = app::registered_job_types(true);
  const auto& about = types.find(GetParam())->about();
  for (const auto* text : {&about.title, &about.says}) {
    EXPECT_FALSE(text->portuguese.empty());
    EXPECT_FALSE(text->english.empty());
  }
  EXPECT_FALSE(about.arguments.empty());
  for (const auto& each : about.arguments) {
    EXPECT_FALSE(each.says.portuguese.empty()) << each.name;
    EXPECT_FALSE(each.says.english.empty()) << each.name;
    EXPECT_LE(each.least, each.most) << each.name;
    EXPECT_FALSE(each.required && !each.absent.empty()) << each.name;
  }
}

TEST_P(JobTypeContract, EndsOnceAndTellsOnceAndAgainDoesNothing) {
  play one(GetParam());
  const auto id = one.submit();
  one.run();
  const auto end = one.end_of(id);
  EXPECT_EQ(end.totals.created > 0, one.what().creates);
  EXPECT_EQ(one.told(), 1);
  const auto second = one.submit();
  EXPECT_NE(second, id);
  one.run();
  EXPECT_EQ(one.view(second).totals.created, 0) << "planned again after its commit it did more";
  EXPECT_EQ(one.told(), 2);
}

TEST_P(JobTypeContract, ACrashAnywhereLosesNothingAndDoesNothingTwice) {
  const auto undisturbed_end = undisturbed();
  bool goes_on = true;
  for (int steps = 0; goes_on; steps += 2) {
    SCOPED_TRACE("after " + std::to_string(steps) + " steps");
    play one(GetParam());
    const auto id = one.submit();
    goes_on = one.take_steps(steps);
    one.crash();
    const auto end = one.end_of(id);
    EXPECT_EQ(end, undisturbed_end) << text(end) << ", not " << text(undisturbed_end);
    EXPECT_EQ(one.told(), 1);
    if (HasFailure()) return;
  }
}

TEST_P(JobTypeContract, CancelledAnywhereItEndsAndARetryDoesTheRest) {
  const auto undisturbed_end = undisturbed();
  for (int steps = 0;; steps += 3) {
    SCOPED_TRACE("after " + std::to_string(steps) + " steps");
    play one(GetParam());
    const auto id = one.submit();
    const bool goes_on = one.take_steps(steps);
    if (!one.change(id, job_trigger::cancel)) break;  // it had ended
    one.run();
    EXPECT_EQ(one.view(id).state, job_state::cancelled);
    EXPECT_EQ(one.told(), 0);
    ASSERT_TRUE(one.change(id, job_trigger::retry));
    one.run();
    EXPECT_EQ(one.end_of(id), undisturbed_end);
    EXPECT_EQ(one.view(id).run, 2);
    EXPECT_EQ(one.told(), 1);
    if (!goes_on || HasFailure()) return;
  }
}

TEST_P(JobTypeContract, PausedAnywhereItStandsStillAndResumedItEnds) {
  const auto undisturbed_end = undisturbed();
  for (int steps = 0;; steps += 3) {
    SCOPED_TRACE("after " + std::to_string(steps) + " steps");
    play one(GetParam());
    const auto id = one.submit();
    const bool goes_on = one.take_steps(steps);
    if (!one.change(id, job_trigger::pause)) break;
    one.run();
    EXPECT_EQ(one.view(id).state, job_state::paused);
    ASSERT_TRUE(one.change(id, job_trigger::resume));
    one.run();
    EXPECT_EQ(one.end_of(id), undisturbed_end);
    EXPECT_EQ(one.told(), 1);
    if (!goes_on || HasFailure()) return;
  }
}

TEST_P(JobTypeContract, ARetryDoesAgainWhatFailedAndNothingElse) {
  play one(GetParam());
  const auto id = one.submit();
  one.run();
  const auto end = one.end_of(id);
  const auto again = one.change(id, job_trigger::retry);
  if (one.what().failing == 0) {
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().code, errc::nothing_to_retry);
    return;
  }
  ASSERT_TRUE(again);
  one.run();
  EXPECT_EQ(one.end_of(id), end);
  EXPECT_EQ(one.told(), 2);
}

INSTANTIATE_TEST_SUITE_P(Registered, JobTypeContract,
                         ::testing::ValuesIn(app::registered_job_types(true).kinds()),
                         [](const auto& of) {
                           std::string name = of.param;
                           for (auto& c : name) c = c == '-' ? '_' : c;
                           return name;
                         });

}  // namespace
}  // namespace mutirao::testing
