#include "http/push/progress_board.hpp"

#include <gtest/gtest.h>

#include "tests/http/samples.hpp"

namespace mutirao::http::push {
namespace {

progress_board::view at(std::uint64_t version, std::int64_t done, std::int64_t run = 1) {
  auto job = running_job();
  job.version = version;
  job.totals.done = done;
  job.run = run;
  return std::make_shared<const job_view>(job);
}

TEST(progress_board, tells_the_newest_once) {
  progress_board board;
  board.offer(at(2, 20));
  board.offer(at(3, 30));
  const auto told = board.take();
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0]->totals.done, 30);
  EXPECT_TRUE(board.take().empty());
}

TEST(progress_board, never_goes_back_within_a_run) {
  progress_board board;
  board.offer(at(5, 50));
  board.offer(at(4, 40));
  EXPECT_EQ(board.take().at(0)->totals.done, 50);
  board.offer(at(4, 45));
  EXPECT_TRUE(board.take().empty());
  board.told(*at(6, 60), std::nullopt);
  board.offer(at(6, 60));
  EXPECT_TRUE(board.take().empty());
  EXPECT_FALSE(board.is_news(*at(6, 60)));
  EXPECT_TRUE(board.is_news(*at(7, 60)));
  board.offer(at(9, 0, 2));
  EXPECT_EQ(board.take().size(), 1U) << "another run";
}

TEST(progress_board, what_ended_is_no_longer_progress_and_is_forgotten_once_heard_of) {
  progress_board board;
  board.offer(at(4, 40));
  board.told(*at(9, 150), 3);
  EXPECT_TRUE(board.take().empty()) << "it has ended";
  board.heard(2);
  board.offer(at(5, 50));
  EXPECT_TRUE(board.take().empty()) << "its end was told, but is still to be heard";
  board.heard(3);
  board.offer(at(12, 0));
  EXPECT_EQ(board.take().size(), 1U) << "it was forgotten";
}

}  // namespace
}  // namespace mutirao::http::push
