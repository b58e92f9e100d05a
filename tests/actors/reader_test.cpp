#include "actors/reader.hpp"

#include <gtest/gtest.h>

#include "domain/jobs/generate_unit_tasks.hpp"
#include "tests/actors/stage.hpp"

namespace mutirao::testing {
namespace {

class listing_that_throws final : public job_type {
 public:
  std::string_view kind() const override { return "throws"; }
  expected<job_request> validate(const argument_reader&, const caller&, date) const override {
    return {};
  }
  expected<std::vector<item_id>> list(company_directory&, const job_arguments&) const override {
    throw std::runtime_error("no");
  }
  expected<std::vector<item_plan>> plan(company_directory&, const job_arguments&,
                                        std::span<const item_id>) const override {
    return std::vector<item_plan>{};
  }
  job_ending conclude(const job_arguments&, const job_totals&, notice) const override { return {}; }
};

TEST(ReaderActor, ARehearsalSaysWhatTheJobThenCreates) {
  stage set(1, 30);
  auto running = set.start();
  const auto request = generation_of(set.types, 1, 7, 2);
  const auto rehearsed =
      running->ask(running->cast().readers()[0], actors::rehearse{request.type, request.arguments});
  ASSERT_TRUE(rehearsed.has_value());
  const auto receipt = running->ask(running->cast().supervisor(), request);
  const auto job = running->ask(running->cast().supervisor(), find_job{receipt->job.id}).value();
  EXPECT_EQ(rehearsed->processed, job.totals.done);
  EXPECT_EQ(rehearsed->created, job.totals.created);
  EXPECT_EQ(rehearsed->sample.size(), 10U);
  ASSERT_EQ(rehearsed->per_year.size(), 3U);
  std::int64_t sum = 0;
  for (const auto& [year, count] : rehearsed->per_year) sum += count;
  EXPECT_EQ(sum, rehearsed->created);
  EXPECT_EQ(rehearsed->per_year[0].first, 2026);
}

TEST(ReaderActor, ARehearsalStoresNothing) {
  stage set(1, 5);
  auto running = set.start();
  const auto request = generation_of(set.types, 1);
  const actors::rehearse question{request.type, request.arguments};
  const auto first = running->ask(running->cast().readers()[0], question);
  const auto second = running->ask(running->cast().readers()[0], question);
  EXPECT_EQ(first->created, second->created);
  EXPECT_GT(second->created, 0);
}

TEST(ReaderActor, AQuestionThatThrowsIsAnsweredAndTheReaderLives) {
  stage set(1, 5);
  auto running = set.start();
  const listing_that_throws type;
  const auto& reader = running->cast().readers()[0];
  const auto answer = running->ask(reader, actors::rehearse{&type, {}});
  ASSERT_FALSE(answer.has_value());
  EXPECT_EQ(answer.error().code, errc::internal);
  EXPECT_TRUE(running->ask(reader, list_units{{{1}, true, {}}}).has_value());
}

}  // namespace
}  // namespace mutirao::testing
