// Schedules in virtual time, over a real database: exactly one job for each due time, whatever
// crashes; nothing lost, nothing early.
#include "actors/scheduler.hpp"

#include <algorithm>
#include <map>

#include "app/calendar.hpp"
#include "tests/actors/stage.hpp"

namespace mutirao::testing {
namespace {

using std::chrono::days;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

const caller everybody{{1}, true, {}};
constexpr auto generation_kind = "generate-auto-tasks-unit";

instant utc(const std::string& text) {
  return parse_instant(text).value();
}

/// A process whose clock goes on where the one before ended.
class SchedulerTest : public ::testing::Test {
 protected:
  SchedulerTest() {
    set_.zones = &zones_;
    start();
  }
  void TearDown() override { running_.reset(); }

  void start() {
    auto options = stage::undetached();
    options.scheduler = limits_;
    options.supervisor.admission = admission_;
    running_ = set_.start(options);
    running_->time.advance(now_ - running_->time.now());
    // No process gives a job the id that another gave.
    for (int i = 0; i < 10'000 * starts_; ++i) running_->chance.next();
    ++starts_;
    running_->cast().recover();
    running_->run();
  }
  void end() {
    now_ = running_->time.now();
    running_.reset();
  }
  void restart() {
    end();
    start();
  }
  /// Steps of at most a minute.
  void let_pass(milliseconds time) {
    while (time > milliseconds(0)) {
      const auto step = std::min<milliseconds>(time, minutes(1));
      running_->time.advance(step);
      running_->scheduler().advance_time(step);
      running_->run();
      time -= step;
    }
  }
  void let_pass_until(instant at) { let_pass(at - running_->time.now()); }

  schedule rule(const std::string& cron, std::int64_t user = 7) {
    schedule what;
    what.owner = {{user}, false, {{1}, {2}}};
    what.kind = generation_kind;
    what.arguments = {{"unit", "1"}, {"futureYears", "0"}};
    what.cron = cron;
    what.zone = "America/Sao_Paulo";
    what.created_at = running_->time.now();
    what.next_due =
        next_due(parse_cron(cron).value(), what.zone, running_->time.now(), zones_).value();
    return what;
  }
  schedule once(instant at, std::int64_t user = 7) {
    auto what = rule("@daily", user);
    what.cron.clear();
    what.next_due = at;
    return what;
  }
  schedule add(schedule what) {
    create_schedule asked;
    if (what.cron.empty()) asked.run_at = format_instant(*what.next_due);
    asked.what = std::move(what);
    asked.now = running_->time.now();
    return running_->ask(running_->cast().store(), asked).value().what;
  }
  schedule stored(const schedule& what) {
    return running_->ask(running_->cast().readers().front(), find_schedule{what.id, everybody})
        .value();
  }
  std::vector<job_view> jobs() {
    list_jobs question;
    question.by = everybody;
    question.all = true;
    question.limit = 500;
    auto rows = running_->ask(running_->cast().readers().front(), question).value().rows;
    std::reverse(rows.begin(), rows.end());
    return rows;
  }
  std::vector<std::string> made_at() {
    std::vector<std::string> all;
    for (const auto& job : jobs()) all.push_back(format_instant(job.created_at).substr(0, 16));
    return all;
  }

  app::tz_calendar zones_;
  stage set_{3, 2};
  actors::scheduler_limits limits_;
  admission_limits admission_;
  instant now_ = utc("2026-11-28T12:00:00Z");
  int starts_ = 0;
  std::unique_ptr<process> running_;
};

using texts = std::vector<std::string>;

TEST_F(SchedulerTest, AJobIsMadeWhenItIsDueAndNotBefore) {
  const auto what = add(once(utc("2026-11-28T12:30:00Z")));
  let_pass_until(utc("2026-11-28T12:29:59Z"));
  EXPECT_TRUE(jobs().empty());
  let_pass(seconds(1));
  ASSERT_EQ(jobs().size(), 1U);
  EXPECT_EQ(jobs()[0].state, job_state::completed);
  EXPECT_EQ(jobs()[0].user, user_id{7});
  EXPECT_EQ(jobs()[0].created_at, utc("2026-11-28T12:30:00Z"));
  const auto after = stored(what);
  EXPECT_FALSE(after.next_due);
  EXPECT_EQ(after.job_ids, std::vector{jobs()[0].id});
  let_pass(hours(2));
  EXPECT_EQ(jobs().size(), 1U) << "and never again";
  EXPECT_EQ(running_->log.counted(counter::schedules_fired), 1);
  EXPECT_EQ(running_->log.at(gauge::schedules_oldest_due), 0);
}

TEST_F(SchedulerTest, ARuleComesAgainAndAgain) {
  const auto what = add(rule("0,30 * * * *"));
  let_pass(hours(2));
  EXPECT_EQ(made_at(), (texts{"2026-11-28T12:30", "2026-11-28T13:00", "2026-11-28T13:30",
                              "2026-11-28T14:00"}));
  EXPECT_EQ(stored(what).next_due, utc("2026-11-28T14:30:00Z"));
}

TEST_F(SchedulerTest, ClocksThatArePutForwardAndBackChangeNothing) {
  now_ = utc("2027-03-13T12:00:00Z");
  running_.reset();
  start();
  auto nightly = rule("30 2 * * *");
  nightly.zone = "America/New_York";
  nightly.next_due = next_due(parse_cron(nightly.cron).value(), nightly.zone, now_, zones_).value();
  add(nightly);
  let_pass(days(2));
  EXPECT_EQ(made_at(), (texts{"2027-03-14T07:00", "2027-03-15T06:30"}));
}

TEST_F(SchedulerTest, WhatWasMissedRunsOnceThenAtTheNextTime) {
  const auto what = add(rule("0 * * * *"));
  let_pass(hours(1));
  end();
  now_ += days(3) + minutes(20);
  start();
  EXPECT_EQ(jobs().size(), 2U) << "three days of hours are one job";
  EXPECT_EQ(stored(what).next_due, utc("2026-12-01T14:00:00Z"));
  let_pass(minutes(40));
  EXPECT_EQ(jobs().size(), 3U);
}

TEST_F(SchedulerTest, TheDayOfAJobIsTheZonesWhenItIsMade) {
  add(once(utc("2027-01-01T02:00:00Z")));
  let_pass_until(utc("2027-01-01T02:00:00Z"));
  ASSERT_EQ(jobs().size(), 1U);
  EXPECT_NE(jobs()[0].arguments.text.find("2026-12-31"), std::string::npos)
      << jobs()[0].arguments.text;
}

TEST_F(SchedulerTest, OneForEachUnitMakesOneForEachThatThereIsThen) {
  auto each = rule("0 10 * * *");
  each.arguments.erase("unit");
  each.each_unit = true;
  const auto mine = add(each);
  each.owner = {{8}, true, {}};
  const auto admins = add(each);
  let_pass(hours(2));
  std::map<std::int64_t, std::vector<std::int64_t>> units;
  for (const auto& job : jobs()) units[job.user.value].push_back(job.arguments.unit->value);
  EXPECT_EQ(units[7], (std::vector<std::int64_t>{1, 2})) << "the rights that its maker had";
  EXPECT_EQ(units[8], (std::vector<std::int64_t>{1, 2, 3}));
  EXPECT_EQ(stored(admins).jobs, 3);
  EXPECT_EQ(stored(admins).next_due, utc("2026-11-29T13:00:00Z"));
  import_rows fourth;
  fourth.units.push_back({{4}, "Nova"});
  ASSERT_TRUE(running_->ask(running_->cast().store(), fourth));
  let_pass(days(1));
  EXPECT_EQ(stored(admins).jobs, 4);
  EXPECT_EQ(stored(mine).jobs, 2);
}

TEST_F(SchedulerTest, WhatIsRefusedForGoodIsSaidAndTheNextTimeComes) {
  auto foreign = rule("0 10 * * *");
  foreign.arguments["unit"] = "3";
  const auto forbidden = add(foreign);
  auto wrong = rule("0 10 * * *");
  wrong.arguments["futureYears"] = "9";
  const auto invalid = add(wrong);
  auto gone = rule("0 10 * * *");
  gone.owner.admin = true;
  gone.arguments["unit"] = "99";
  const auto unknown = add(gone);
  auto strange = rule("0 10 * * *");
  strange.kind = "of another version";
  const auto untyped = add(strange);
  let_pass(hours(2));
  EXPECT_TRUE(jobs().empty());
  const auto check = [&](const schedule& what, errc why) {
    const auto after = stored(what);
    ASSERT_TRUE(after.refusal);
    EXPECT_EQ(after.refusal->code, why);
    EXPECT_EQ(after.next_due, utc("2026-11-29T13:00:00Z"));
    EXPECT_EQ(after.last_due, utc("2026-11-28T13:00:00Z"));
  };
  check(forbidden, errc::forbidden_unit);
  check(invalid, errc::invalid_future_years);
  check(unknown, errc::unknown_unit);
  check(untyped, errc::unknown_job_type);
  EXPECT_EQ(running_->log.counted(counter::schedules_refused), 4);
}

// Another process on the database may know it.
TEST_F(SchedulerTest, ATypeThatIsNotKnownHereIsLeftToOthersWhereThereMayBeSome) {
  limits_.leaves_unknown_types = true;
  restart();
  auto strange = rule("0 10 * * *");
  strange.kind = "of another version";
  const auto untyped = add(strange);
  const auto known = add(rule("0 10 * * *"));
  let_pass(hours(2));
  EXPECT_FALSE(stored(untyped).refusal);
  EXPECT_EQ(stored(untyped).next_due, utc("2026-11-28T13:00:00Z"));
  EXPECT_EQ(stored(known).jobs, 1);
}

TEST_F(SchedulerTest, AUnitThatIsRefusedHoldsUpNoOther) {
  auto each = once(utc("2026-11-28T13:00:00Z"));
  each.each_unit = true;
  each.arguments = {{"futureYears", "9"}};
  const auto what = add(each);
  let_pass(hours(2));
  const auto after = stored(what);
  EXPECT_FALSE(after.next_due);
  EXPECT_EQ(after.jobs, 0);
  EXPECT_EQ(after.refusal->unit, unit_id{2}) << "the last one";
  EXPECT_EQ(running_->log.counted(counter::schedules_refused), 2);
}

TEST_F(SchedulerTest, ALimitIsWaitedForAndHoldsUpNoOtherUser) {
  admission_ = {1, 100};
  restart();
  const auto pause = [&](const job_view& job, job_trigger on) {
    request_change wanted{job.id, everybody, on, std::nullopt, running_->time.now()};
    return running_->ask(running_->cast().supervisor(), wanted);
  };
  const auto click =
      running_->ask_and_stop(running_->cast().supervisor(), generation_of(set_.types, 2));
  ASSERT_TRUE(pause(click->job, job_trigger::pause));
  const auto waits = add(once(utc("2026-11-28T12:10:00Z")));
  const auto other = add(once(utc("2026-11-28T12:11:00Z"), 8));
  let_pass(minutes(30));
  EXPECT_EQ(stored(waits).next_due, utc("2026-11-28T12:10:00Z"));
  EXPECT_FALSE(stored(other).next_due);
  EXPECT_GE(running_->log.at(gauge::schedules_oldest_due), 60);
  const auto told = running_->log.events();
  EXPECT_LE(std::count(told.begin(), told.end(), "schedule_put_off"), 40) << "with pauses";
  ASSERT_TRUE(pause(click->job, job_trigger::resume));
  let_pass(minutes(2));
  EXPECT_EQ(stored(waits).jobs, 1);
  EXPECT_FALSE(stored(waits).refusal);
}

TEST_F(SchedulerTest, ManyThatMeetALimitAtOnceAreOneRefusal) {
  admission_ = {0, 100};
  restart();
  const auto refusals = [&] {
    const auto told = running_->log.events();
    return std::count(told.begin(), told.end(), "schedule_put_off");
  };
  for (int i = 0; i < 20; ++i) add(once(utc("2026-11-28T12:10:00Z")));
  let_pass_until(utc("2026-11-28T12:10:00Z"));
  const auto first = refusals();
  EXPECT_GE(first, 1);
  running_->time.advance(seconds(2));
  running_->scheduler().advance_time(seconds(2));
  running_->run();
  EXPECT_GT(refusals(), first) << "asked again after the first pause, not the longest";
}

TEST_F(SchedulerTest, AClickNeverJoinsWhatIsNotDueAndCountsOnceItIs) {
  const auto what = add(once(utc("2026-11-28T13:00:00Z")));
  const auto click = running_->ask(running_->cast().supervisor(), generation_of(set_.types, 1));
  EXPECT_EQ(click->how, insert_job::outcome::created);
  let_pass(hours(1));
  EXPECT_EQ(jobs().size(), 2U) << "the first one had ended";
  EXPECT_NE(stored(what).job_ids.at(0), click->job.id);
}

TEST_F(SchedulerTest, WhatIsDeletedWhileItIsDueMakesNothing) {
  const auto what = add(once(utc("2026-11-28T13:00:00Z")));
  let_pass_until(utc("2026-11-28T12:59:59Z"));
  running_->time.advance(seconds(1));
  ASSERT_TRUE(
      running_->ask_and_stop(running_->cast().store(), delete_schedule{what.id, everybody}));
  let_pass(hours(1));
  EXPECT_TRUE(jobs().empty());
}

TEST_F(SchedulerTest, AClockThatIsPutBackMakesNothingTwice) {
  const auto what = add(rule("0 10 * * *"));
  let_pass(hours(1));
  ASSERT_EQ(jobs().size(), 1U);
  running_->time.advance(-minutes(30));
  let_pass(hours(1));
  EXPECT_EQ(jobs().size(), 1U);
  EXPECT_EQ(stored(what).next_due, utc("2026-11-29T13:00:00Z"));
}

TEST_F(SchedulerTest, AClockThatJumpsForwardIsSeenWithinAMinute) {
  add(once(utc("2026-11-29T12:00:00Z")));
  running_->time.advance(days(2));
  let_pass(minutes(1));
  EXPECT_EQ(jobs().size(), 1U);
}

TEST_F(SchedulerTest, SchedulesThatComeAndGoLeaveNoTimersBehind) {
  for (int i = 0; i < 200; ++i) {
    const auto what = add(once(running_->time.now() + seconds(59 - i % 59)));
    running_->ask(running_->cast().store(), delete_schedule{what.id, everybody}).value();
  }
  let_pass(minutes(5));
  int timers = 0;
  const auto end = running_->scheduler().clock().now() + minutes(1);
  while (running_->scheduler().trigger_timeout() && running_->scheduler().clock().now() <= end) {
    ++timers;
    running_->run();
  }
  EXPECT_LE(timers, 3);
}

TEST_F(SchedulerTest, ManyAtOnceAreAllMade) {
  limits_.at_once = 3;
  restart();
  for (int user = 100; user < 150; ++user) add(once(utc("2026-11-28T13:00:00Z"), user));
  let_pass_until(utc("2026-11-28T13:00:00Z"));
  EXPECT_EQ(jobs().size(), 50U);
}

TEST_F(SchedulerTest, ADrainStopsItFirst) {
  add(once(utc("2026-11-28T12:00:30Z")));
  const auto supervisor = running_->cast().supervisor();
  running_->ask(supervisor, actors::drain{});
  running_->time.advance(minutes(1));
  running_->scheduler().advance_time(minutes(1));
  running_->run();
  EXPECT_TRUE(jobs().empty());
  restart();
  EXPECT_EQ(jobs().size(), 1U) << "at the next start it is made up for";
}

/// Every command of the group is answered with this error.
std::vector<command_answer> all_failed(std::span<const command> group, errc why) {
  std::vector<command_answer> answers;
  for (const auto& one : group) {
    answers.push_back(std::visit(
        [&]<class Command>(const Command&) {
          return command_answer(std::in_place_index<command_index<Command>>, fail(why));
        },
        one));
  }
  return answers;
}

/// What strikes commits: each process dies at its commit number `lives`, before it is on disk or
/// behind it. And the first `refusals` firings are answered with an error.
struct doom {
  int lives = 100'000;
  bool before = false;
  bool alternates = false;
  int commits = 0;  // of this process
  bool dead = false;
  int refusals = 0;
  errc why = errc::disk_full;
};

class doomed_store final : public job_store {
 public:
  doomed_store(std::unique_ptr<job_store> inner, doom& fate)
      : inner_(std::move(inner)), fate_(fate) {}

  std::vector<command_answer> commit(std::span<const command> group) override {
    if (fires(group) && fate_.refusals > 0) {
      --fate_.refusals;
      return all_failed(group, fate_.why);
    }
    const bool dies = !fate_.dead && ++fate_.commits >= fate_.lives;
    if (!fate_.dead && !(dies && fate_.before)) {
      auto answers = inner_->commit(group);
      if (!dies) return answers;
    }
    fate_.dead = true;
    return all_failed(group, errc::store_failed);
  }
  committed take_committed() override {
    return fate_.dead ? committed{} : inner_->take_committed();
  }

 private:
  static bool fires(std::span<const command> group) {
    return std::any_of(group.begin(), group.end(), [](const command& one) {
      const auto* insert = std::get_if<insert_job>(&one);
      return insert && insert->fires;
    });
  }

  std::unique_ptr<job_store> inner_;
  doom& fate_;
};

class doomed_database final : public storage::database {
 public:
  doomed_database(std::unique_ptr<storage::database> inner, doom& fate)
      : inner_(std::move(inner)), fate_(fate) {}

  expected<std::unique_ptr<job_store>> writer() override {
    return std::unique_ptr<job_store>(
        std::make_unique<doomed_store>(inner_->writer().value(), fate_));
  }
  expected<std::unique_ptr<reads>> reader() override { return inner_->reader(); }
  const storage::schema_report& schema() const override { return inner_->schema(); }
  std::int64_t interrupted() const override { return inner_->interrupted(); }

 private:
  std::unique_ptr<storage::database> inner_;
  doom& fate_;
};

/// Processes that die, one after the other, on one clock.
class dying_process : private deterministic_system {
 public:
  dying_process(const stage& set, const calendar& zones, doom& fate, fixed_clock& time,
                counted_randomness& chance, milliseconds longest_sleep)
      : fate_(fate), time_(time) {
    auto opened = storage::open_database(set.url(), set.types);
    database_ = std::make_unique<doomed_database>(std::move(opened).value(), fate);
    auto options = stage::undetached();
    options.scheduler.longest_sleep = longest_sleep;
    wiring_ = app::wiring::start(
                  system_, {database_.get(), &set.types, &time, &chance, &log_, &zones}, options)
                  .value();
    wiring_->recover();
  }
  ~dying_process() {
    fate_.dead = true;
    wiring_->stop();
    scheduler_.run();
    scheduler_.clock().cancel_all();
    scheduler_.run();
  }

  std::vector<std::string> told() const { return log_.events(); }

  /// Until it dies, or `end` has come and nobody has anything to do.
  void live(instant end) {
    while (!fate_.dead) {
      if (scheduler_.try_run_once()) continue;
      if (time_.now() >= end) return;
      const auto before = scheduler_.clock().now();
      if (!scheduler_.trigger_timeout()) return;
      time_.advance(std::chrono::ceil<milliseconds>(scheduler_.clock().now() - before));
    }
  }

 private:
  doom& fate_;
  fixed_clock& time_;
  recorded_telemetry log_;
  std::unique_ptr<storage::database> database_;
  std::unique_ptr<app::wiring> wiring_;
};

/// A yearly or single schedule of user 1, an admin, stored before anything runs.
schedule planned(const stage& set, const fixed_clock& time, schedule what) {
  auto database = storage::open_database(set.url(), set.types).value();
  auto writer = database->writer().value();
  what.owner = {{1}, true, {}};
  what.kind = generation_kind;
  what.zone = "America/Sao_Paulo";
  what.created_at = time.now();
  create_schedule asked;
  if (what.cron.empty()) asked.run_at = format_instant(*what.next_due);
  asked.what = std::move(what);
  asked.now = time.now();
  const command one = asked;
  auto answers = writer->commit(std::span(&one, 1));
  return std::get<command_index<create_schedule>>(answers.at(0)).value().what;
}

template <class Question>
typename Question::answer read_from(const stage& set, const Question& question) {
  auto database = storage::open_database(set.url(), set.types).value();
  auto reader = database->reader().value();
  return reader->read(question).value();
}

/// A firing that the store refuses, twelve times in a row.
class RefusedFiring : public ::testing::TestWithParam<errc> {
 protected:
  schedule after_refusals(errc why) {
    schedule what;
    what.arguments = {{"unit", "1"}};
    what.next_due = time_.now() + minutes(1);
    what = planned(set_, time_, what);
    doom fate;
    fate.refusals = 12;
    fate.why = why;
    {
      dying_process process(set_, zones_, fate, time_, chance_, minutes(1));
      process.live(time_.now() + hours(1));
      told_ = process.told();
    }
    return read_from(set_, find_schedule{what.id, everybody});
  }

  const app::tz_calendar zones_;
  stage set_{1, 2};
  fixed_clock time_;
  counted_randomness chance_;
  std::vector<std::string> told_;
};

TEST_P(RefusedFiring, IsAskedForAgainAsLongAsTheStoreIsAway) {
  const auto after = after_refusals(GetParam());
  EXPECT_EQ(after.jobs, 1) << to_string(GetParam());
  EXPECT_FALSE(after.refusal);
  EXPECT_FALSE(after.next_due);
}
INSTANTIATE_TEST_SUITE_P(away, RefusedFiring,
                         ::testing::Values(errc::disk_full, errc::store_busy, errc::disk_failed,
                                           errc::store_read_only, errc::overloaded,
                                           errc::process_limit, errc::user_limit));

class FiringElsewhere : public RefusedFiring {};
TEST_P(FiringElsewhere, IsNoReasonToWarn) {
  EXPECT_EQ(after_refusals(GetParam()).jobs, 1) << "it was not settled, and is asked for again";
  EXPECT_EQ(std::count(told_.begin(), told_.end(), "schedule_put_off"), 0);
}
INSTANTIATE_TEST_SUITE_P(settled, FiringElsewhere, ::testing::Values(errc::already_settled));

class BrokenFiring : public RefusedFiring {};
TEST_P(BrokenFiring, IsGivenUpAfterEightTimesAndThatIsSaid) {
  const auto after = after_refusals(GetParam());
  EXPECT_EQ(after.jobs, 0);
  ASSERT_TRUE(after.refusal);
  EXPECT_EQ(after.refusal->code, GetParam());
  EXPECT_FALSE(after.next_due);
}
INSTANTIATE_TEST_SUITE_P(broken, BrokenFiring,
                         ::testing::Values(errc::store_failed, errc::internal));

class EverySecondOfJanuary : public ::testing::TestWithParam<doom> {};

// "Every 2 January, generate the year for all units": the example of docs/schedules.md.
TEST_P(EverySecondOfJanuary, MakesOneJobForEachUnitAndYearWhateverCrashes) {
  const app::tz_calendar zones;
  stage set(3, 2);
  fixed_clock time;
  counted_randomness chance;
  schedule yearly;
  yearly.each_unit = true;
  yearly.cron = "0 6 2 1 *";
  yearly.next_due =
      next_due(parse_cron(yearly.cron).value(), "America/Sao_Paulo", time.now(), zones).value();
  planned(set, time, yearly);
  const auto end = utc("2029-06-01T00:00:00Z");
  doom fate = GetParam();
  int deaths = 0;
  for (; time.now() < end && deaths < 1'000; ++deaths) {
    fate.dead = false;
    fate.commits = 0;
    if (fate.alternates) fate.before = !fate.before;
    dying_process(set, zones, fate, time, chance, days(30)).live(end);
  }
  EXPECT_GE(deaths, GetParam().lives > 1'000 ? 1 : 6);
  // What is still under way runs to its end.
  auto last = set.start();
  last->cast().recover();
  last->run();
  list_jobs question;
  question.by = everybody;
  question.all = true;
  const auto jobs = last->ask(last->cast().readers().front(), question)->rows;
  std::map<std::pair<std::int64_t, std::string>, int> made;
  for (const auto& job : jobs) {
    EXPECT_EQ(job.state, job_state::completed);
    EXPECT_EQ(job.totals.failed, 0);
    ++made[{job.arguments.unit->value, format_instant(job.created_at).substr(0, 10)}];
  }
  EXPECT_EQ(made.size(), 9U) << "three units, three years";
  for (const auto& [what, times] : made) {
    EXPECT_EQ(times, 1) << "unit " << what.first << " on " << what.second;
    EXPECT_EQ(what.second.substr(4), "-01-02");
  }
}
// The first commit of each process claims what the one before left.
INSTANTIATE_TEST_SUITE_P(doomed, EverySecondOfJanuary,
                         ::testing::Values(doom{100'000}, doom{2}, doom{3, true}, doom{3},
                                           doom{3, true, true}, doom{4, true}, doom{4},
                                           doom{4, true, true}, doom{5, true}));

}  // namespace
}  // namespace mutirao::testing
