#include "domain/activity.hpp"

#include <gtest/gtest.h>

namespace mutirao {
namespace {

using kind = job_event::kind;

instant minute(std::int64_t number, std::int64_t second = 0) {
  return instant(std::chrono::minutes(29'000'000 + number)) + std::chrono::seconds(second);
}

caller admin() {
  return {{1}, true, {}};
}
caller member(std::int64_t user, std::vector<unit_id> units) {
  return {{user}, false, std::move(units)};
}

/// A job and what is told of it, commit by commit.
class told_job {
 public:
  told_job(activity_board& board, std::uint64_t number, std::int64_t user,
           std::optional<unit_id> unit)
      : board_(board) {
    job_.id = job_id::from_random(number, number);
    job_.user = {user};
    job_.arguments.unit = unit;
    job_.totals.total = 100;
  }

  void tell(std::vector<kind> events, job_state state, instant at) {
    job_.state = state;
    for (const auto what : events) board_.hear({job_.user, 1, job_.id, 1, what, at}, job_);
    board_.hear(job_);
  }
  void create(instant at) { tell({kind::created}, job_state::pending, at); }
  void start(instant at) { claim(kind::started, at); }
  void claim(kind what, instant at) {
    job_.done_at_claim = job_.totals.done;
    tell({what}, job_state::running, at);
  }
  void advance(std::int64_t items, instant at) {
    job_.totals.done += items;
    job_.advanced_at = at;
    board_.hear(job_);
  }
  void end(kind how, job_state state, instant at) { tell({how}, state, at); }
  job_view& view() { return job_; }

 private:
  activity_board& board_;
  job_view job_;
};

TEST(activity, each_minute_counts_what_was_committed_in_it) {
  activity_board board;
  board.start({}, minute(0));
  told_job job(board, 1, 7, unit_id{1});
  job.create(minute(0));
  job.start(minute(1));
  job.advance(30, minute(1, 59));
  job.advance(70, minute(2));
  job.end(kind::completed, job_state::completed, minute(2));
  told_job other(board, 2, 7, unit_id{1});
  other.create(minute(2, 1));
  other.start(minute(2, 2));
  other.end(kind::failed, job_state::failed, minute(3));
  const auto hour = board.hour(admin(), minute(4, 10));
  ASSERT_EQ(hour.minutes.size(), 60U);
  EXPECT_EQ(hour.since, minute(0));
  EXPECT_EQ(hour.minutes.back().at, minute(4));
  EXPECT_EQ(hour.minutes.front().at, minute(-55));
  const auto at = [&](std::int64_t number) { return hour.minutes.at(55 + number); };
  EXPECT_EQ(at(1).started, 1);
  EXPECT_EQ(at(1).items, 30);
  EXPECT_EQ(at(2).items, 70);
  EXPECT_EQ(at(2).started, 1);
  EXPECT_EQ(at(2).ended, 1);
  EXPECT_EQ(at(2).failed, 0);
  EXPECT_EQ(at(3).ended, 1);
  EXPECT_EQ(at(3).failed, 1);
  EXPECT_EQ(at(4).ended, 0);
  EXPECT_EQ(hour.waiting, 0);
  EXPECT_EQ(hour.running, 0);
}

TEST(activity, what_waits_is_carried_from_minute_to_minute) {
  activity_board board;
  board.start({}, minute(0));
  told_job first(board, 1, 7, unit_id{1});
  told_job second(board, 2, 7, unit_id{1});
  first.create(minute(1));
  second.create(minute(1));
  first.start(minute(5));
  const auto hour = board.hour(admin(), minute(7));
  const auto waiting = [&](std::int64_t number) { return hour.minutes.at(52 + number).waiting; };
  EXPECT_EQ(waiting(0), 0);
  EXPECT_EQ(waiting(1), 2);
  EXPECT_EQ(waiting(4), 2);
  EXPECT_EQ(waiting(5), 1);
  EXPECT_EQ(waiting(7), 1);
  EXPECT_EQ(hour.waiting, 1);
  EXPECT_EQ(hour.running, 1);
  second.tell({kind::paused}, job_state::paused, minute(8));
  EXPECT_EQ(board.hour(admin(), minute(8)).waiting, 0);
  second.tell({kind::continued}, job_state::pending, minute(9));
  EXPECT_EQ(board.hour(admin(), minute(9)).waiting, 1);
}

TEST(activity, an_hour_later_nothing_is_left_but_what_still_waits) {
  activity_board board;
  board.start({}, minute(0));
  told_job job(board, 1, 7, unit_id{1});
  job.create(minute(0));
  job.start(minute(0));
  job.advance(10, minute(0));
  told_job waits(board, 2, 7, unit_id{1});
  waits.create(minute(0));
  const auto still = board.hour(admin(), minute(59));
  EXPECT_EQ(still.minutes.front().items, 10);
  const auto hour = board.hour(admin(), minute(60));
  for (const auto& each : hour.minutes) {
    EXPECT_EQ(each.items + each.started, 0);
    EXPECT_EQ(each.waiting, 1);
  }
  job.advance(5, minute(60));
  EXPECT_EQ(board.hour(admin(), minute(60)).minutes.back().items, 5) << "a place used again";
}

TEST(activity, everybody_sees_their_own) {
  activity_board board;
  board.start({}, minute(0));
  told_job of_one(board, 1, 7, unit_id{1});
  told_job of_two(board, 2, 8, unit_id{2});
  told_job of_none(board, 3, 9, std::nullopt);
  for (auto* job : {&of_one, &of_two, &of_none}) {
    job->create(minute(0));
    job->start(minute(0));
  }
  of_one.advance(1, minute(0));
  of_two.advance(10, minute(0));
  of_none.advance(100, minute(0));
  const auto items = [&](const caller& by) {
    return board.hour(by, minute(0)).minutes.back().items;
  };
  EXPECT_EQ(items(admin()), 111);
  EXPECT_EQ(items(member(5, {{1}})), 1);
  EXPECT_EQ(items(member(5, {{2}, {1}, {1}})), 11) << "a unit that is named twice counts once";
  EXPECT_EQ(items(member(9, {{3}})), 100) << "one's own without unit";
  EXPECT_EQ(items(member(1, {})), 0) << "user 1 is not unit 1";
  EXPECT_EQ(board.hour(member(5, {{2}}), minute(0)).running, 1);
}

TEST(activity, a_process_goes_on_with_what_another_left) {
  activity_board board;
  told_job job(board, 1, 7, unit_id{1});
  job.view().totals.done = 40;
  board.start({{job.view().id, {7}, unit_id{1}, job_state::running, 40},
               {job_id::from_random(2, 2), {7}, unit_id{1}, job_state::pending, 0},
               {job_id::from_random(3, 3), {7}, unit_id{1}, job_state::paused, 5}},
              minute(0));
  EXPECT_EQ(board.hour(admin(), minute(0)).waiting, 1);
  EXPECT_EQ(board.hour(admin(), minute(0)).running, 1);
  job.claim(kind::resumed, minute(0));
  job.advance(10, minute(0));
  job.end(kind::completed, job_state::completed, minute(0));
  const auto now = board.hour(member(5, {{1}}), minute(0));
  EXPECT_EQ(now.minutes.back().items, 10) << "the 40 were somebody else's";
  EXPECT_EQ(now.minutes.back().started, 0) << "it started in an earlier process";
  EXPECT_EQ(now.running, 0);
}

TEST(activity, a_retry_counts_only_what_it_does) {
  activity_board board;
  board.start({}, minute(0));
  told_job job(board, 1, 7, unit_id{1});
  job.create(minute(0));
  job.start(minute(0));
  job.advance(100, minute(0));
  job.end(kind::completed, job_state::completed, minute(0));
  job.view().totals.done = 97;
  job.tell({kind::retried}, job_state::pending, minute(1));
  EXPECT_EQ(board.hour(admin(), minute(1)).waiting, 1);
  job.claim(kind::resumed, minute(1));
  job.advance(3, minute(1));
  job.end(kind::completed, job_state::completed, minute(1));
  EXPECT_EQ(board.hour(admin(), minute(1)).minutes.back().items, 3);
  job.tell({}, job_state::completed, minute(1));
  EXPECT_EQ(board.hour(admin(), minute(1)).minutes.back().items, 3) << "touched and not run";
}

TEST(activity, a_job_whose_whole_life_is_one_commit_counts) {
  activity_board board;
  told_job job(board, 1, 7, unit_id{1});
  job.view().totals.done = 100;
  job.view().advanced_at = minute(0);
  job.tell({kind::created, kind::started, kind::completed}, job_state::completed, minute(0));
  const auto now = board.hour(admin(), minute(0)).minutes.back();
  EXPECT_EQ(now.started, 1);
  EXPECT_EQ(now.ended, 1);
  EXPECT_EQ(now.items, 100);
}

TEST(activity, a_clock_that_is_put_back_loses_nothing) {
  activity_board board;
  board.start({}, minute(30));
  told_job job(board, 1, 7, unit_id{1});
  job.create(minute(30));
  job.start(minute(10));
  job.advance(7, minute(10));
  const auto now = board.hour(admin(), minute(10));
  EXPECT_EQ(now.minutes.back().at, minute(30));
  EXPECT_EQ(now.minutes.back().items, 7);
}

// What many units and users without unit leave is bounded, and the whole stays exact.
TEST(activity, more_units_than_places_count_in_the_whole) {
  activity_board board;
  board.start({}, minute(0));
  std::vector<std::unique_ptr<told_job>> jobs;
  for (int i = 1; i <= 5'000; ++i) {
    auto& job = *jobs.emplace_back(std::make_unique<told_job>(board, i, 7, unit_id{i}));
    job.create(minute(0));
  }
  EXPECT_EQ(board.hour(admin(), minute(0)).waiting, 5'000);
  EXPECT_EQ(board.hour(member(7, {{1}}), minute(0)).waiting, 1);
  EXPECT_EQ(board.hour(member(7, {{5'000}}), minute(0)).waiting, 0);
  for (auto& job : jobs) {
    job->start(minute(1));
    job->end(kind::completed, job_state::completed, minute(1));
  }
  told_job late(board, 6'000, 7, unit_id{5'000});
  late.create(minute(70));
  EXPECT_EQ(board.hour(admin(), minute(70)).waiting, 1);
  EXPECT_EQ(board.hour(member(7, {{5'000}}), minute(70)).waiting, 1) << "quiet ones made room";
}

}  // namespace
}  // namespace mutirao
