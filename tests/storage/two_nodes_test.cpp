// Two nodes that want the same jobs at once.
#include <future>

#include "tests/storage/world.hpp"
#include "tests/support/socket_client.hpp"

namespace mutirao::storage {
namespace {

/// Job 1 is this node's and somebody has its row; job 2 is of a node that has died.
class on_postgres_two_nodes : public world {
 protected:
  void SetUp() override {
    world::SetUp();
    fill(3);
    ours_ = commit(submission(1)).value().job;
    auto other = open_database(url(), types_, {.create = false, .owner = "other"}).value();
    ASSERT_TRUE(storage::commit(*other->writer().value(), submission(2, 8)));
    ASSERT_TRUE(place_.change("UPDATE nodes SET lease_until = 0 WHERE owner = 'other'"));
    somebody_ = place_.connect();
    somebody_takes_job_1();
  }
  void somebody_takes_job_1() {
    ASSERT_TRUE(somebody_->begin_writing());
    ASSERT_TRUE(holds(*somebody_, 1));
  }
  static bool holds(sql::connection& on, int job) {
    return on
        .execute(
            ("SELECT 1 FROM jobs WHERE user_id = " + std::to_string(6 + job) + " FOR UPDATE NOWAIT")
                .c_str())
        .has_value();
  }
  /// At last, somebody does that.
  std::vector<command_answer> while_somebody_has_job_1(std::vector<command> group,
                                                       const char* at_last = "SELECT 1") {
    auto answers = std::async(std::launch::async, [this, &group] { return store_->commit(group); });
    EXPECT_TRUE(tests::eventually([&] {
      return number("SELECT count(*) FROM pg_locks WHERE NOT granted") > 0;
    })) << "it waits";
    EXPECT_TRUE(holds(*somebody_, 2)) << "who waits holds nothing that somebody may want";
    EXPECT_TRUE(somebody_->execute(at_last));
    EXPECT_TRUE(somebody_->commit());
    return answers.get();
  }

  job_view ours_;
  std::unique_ptr<sql::connection> somebody_;
};

TEST_F(on_postgres_two_nodes, a_claim_takes_what_it_lost_before_what_others_left) {
  claim_jobs all{.most = 5, .now = noon};
  all.in_hand.emplace();
  const auto answers = while_somebody_has_job_1({all});
  const auto& taken = answer_at<claim_jobs>(answers, 0);
  ASSERT_TRUE(taken) << taken.error().detail;
  EXPECT_EQ(taken->size(), 2U);
}

TEST_F(on_postgres_two_nodes, a_claim_comes_after_the_jobs_that_a_group_names) {
  const claim_jobs all{.most = 5, .now = noon};
  const auto answers =
      while_somebody_has_job_1({all, end_run{ours_.id, ours_.fence, job_trigger::fail, "", noon}});
  const auto& taken = answer_at<claim_jobs>(answers, 0);
  ASSERT_TRUE(taken) << taken.error().detail;
  EXPECT_EQ(taken->size(), 1U);
  EXPECT_TRUE(answer_at<end_run>(answers, 1));
}

TEST_F(on_postgres_two_nodes, a_callback_is_not_bound_to_a_job_that_ends_at_that_moment) {
  auto equal = submission(3);
  equal.callback_url = "https://example.com/told";
  const auto answers = while_somebody_has_job_1(
      {equal}, "UPDATE jobs SET state = 4, owner = NULL, done = total WHERE user_id = 7");
  const auto& made = answer_at<insert_job>(answers, 0);
  ASSERT_TRUE(made) << made.error().detail;
  EXPECT_EQ(made->how, insert_job::outcome::created);
  EXPECT_NE(made->job.id, ours_.id);
  EXPECT_EQ(number("SELECT count(*) FROM job_callbacks c JOIN jobs j ON j.no = c.job_no"
                   " WHERE j.state <= 2"),
            1);
}

TEST_F(on_postgres_two_nodes, a_job_that_is_retried_at_that_moment_is_not_pruned) {
  ASSERT_TRUE(somebody_->rollback());
  ASSERT_TRUE(
      place_.change("UPDATE jobs SET state = 5, owner = NULL, completed_at = 1 WHERE user_id = 7"));
  somebody_takes_job_1();
  const auto answers =
      while_somebody_has_job_1({prune{.ended_before = noon, .keys_before = noon}},
                               "UPDATE jobs SET state = 0, completed_at = NULL WHERE user_id = 7");
  const auto& pruned = answer_at<prune>(answers, 0);
  ASSERT_TRUE(pruned) << pruned.error().detail;
  EXPECT_TRUE(pruned->jobs.empty());
  EXPECT_EQ(number("SELECT count(*) FROM jobs WHERE user_id = 7"), 1);
}

}  // namespace
}  // namespace mutirao::storage
