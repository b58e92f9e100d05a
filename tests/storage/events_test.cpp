// A user's events, in the order and with the numbers of their commits.
#include "tests/storage/world.hpp"

namespace mutirao::storage {
namespace {

using kind = job_event::kind;

class events : public world {
 protected:
  void SetUp() override {
    world::SetUp();
    fill(3);
  }
  /// Created, started, completed: three events and a notification.
  job_view generate(std::uint64_t number, std::int64_t user = 7, std::int64_t unit = 1) {
    const auto [how, job, todo] = commit(submission(number, user, unit)).value();
    return commit(batch(job, todo)).value().job;
  }
  static std::vector<std::int64_t> numbers_of(const list_events::answer& page) {
    std::vector<std::int64_t> numbers;
    for (const auto& row : page.rows) numbers.push_back(row.event.sequence);
    return numbers;
  }
};

using numbers = std::vector<std::int64_t>;

TEST_F(events, come_with_the_job_and_with_the_notification_that_they_brought) {
  const auto job = generate(1);
  const auto page = ask(list_events{{7}, 0});
  ASSERT_EQ(numbers_of(page), (numbers{1, 2, 3}));
  EXPECT_EQ(page.rows[0].event.what, kind::created);
  EXPECT_EQ(page.rows[1].event.what, kind::started);
  EXPECT_EQ(page.rows[2].event.what, kind::completed);
  for (const auto& row : page.rows) {
    EXPECT_EQ(row.event.job, job.id);
    EXPECT_EQ(row.event.at, noon);
    ASSERT_TRUE(row.job);
    EXPECT_EQ(row.job->state, job_state::completed) << "as it is now";
  }
  EXPECT_FALSE(page.rows[0].told);
  ASSERT_TRUE(page.rows[2].told);
  EXPECT_EQ(page.rows[2].told->job, job.id);
  EXPECT_EQ(page.rows[2].told->id, ask(list_notifications{{7}}).rows.at(0).id);
  EXPECT_FALSE(page.more);
  EXPECT_EQ(page.last, 3);
}

TEST_F(events, of_each_run_bring_that_runs_notification) {
  const auto job = commit(submission(1)).value().job;
  commit(end_run{job.id, job.fence, job_trigger::fail, "porque sim", noon}).value();
  commit(request_change{job.id, member(7), job_trigger::retry, std::nullopt, noon}).value();
  const auto again = commit(claim_jobs{1, std::nullopt, noon}).value().at(0);
  commit(batch(again.job, again.todo)).value();
  const auto page = ask(list_events{{7}, 0});
  std::vector<std::string> told;
  for (const auto& row : page.rows) {
    if (row.told) told.push_back(std::to_string(row.event.run) + " " + row.told->type);
  }
  EXPECT_EQ(told, (std::vector<std::string>{"1 auto-tasks-error", "2 auto-tasks-generated"}));
}

TEST_F(events, are_the_users_own_behind_the_number_given_a_page_at_a_time) {
  generate(1);
  generate(2, 8);
  generate(3);
  const auto first = ask(list_events{{7}, 2, 3});
  EXPECT_EQ(numbers_of(first), (numbers{3, 4, 5}));
  EXPECT_TRUE(first.more);
  const auto rest = ask(list_events{{7}, 5, 3});
  EXPECT_EQ(numbers_of(rest), (numbers{6}));
  EXPECT_FALSE(rest.more);
  EXPECT_EQ(numbers_of(ask(list_events{{8}, 0})), (numbers{1, 2, 3}));
  EXPECT_TRUE(ask(list_events{{7}, 6}).rows.empty());
  EXPECT_TRUE(ask(list_events{{7}, 99}).rows.empty());
}

TEST_F(events, without_a_number_say_only_how_far_they_go) {
  EXPECT_EQ(ask(list_events{{7}}).last, 0);
  generate(1);
  const auto page = ask(list_events{{7}});
  EXPECT_EQ(page.last, 3);
  EXPECT_TRUE(page.rows.empty());
}

TEST_F(events, of_a_job_that_was_pruned_keep_their_notification) {
  fill(3, 2, 101);
  const auto unfinished = commit(submission(1)).value();  // the events behind its own wait for it
  generate(2, 7, 2);
  generate(3, 7, 2);  // the newest job is kept
  prune sweep;
  sweep.ended_before = noon + std::chrono::hours(1);
  sweep.keys_before = noon;
  for (auto step = commit(sweep).value(); step.next; step = commit(sweep).value()) {
    sweep.after = *step.next;
  }
  const auto page = ask(list_events{{7}, 0});
  ASSERT_EQ(numbers_of(page), (numbers{1, 2, 3, 4, 5, 6, 7, 8}));
  for (const auto& row : page.rows) {
    const bool pruned = row.event.sequence >= 3 && row.event.sequence <= 5;
    EXPECT_EQ(row.job.has_value(), !pruned) << row.event.sequence;
    EXPECT_EQ(row.event.job == job_id{}, pruned);
  }
  EXPECT_TRUE(page.rows[4].told);
}

}  // namespace
}  // namespace mutirao::storage
