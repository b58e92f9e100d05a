// The type of job of docs/job-types.md, taken out of the page by the build, run like any other.
#include <gtest/gtest.h>

#include "domain/jobs/check_unit_companies.hpp"
#include "tests/actors/stage.hpp"

namespace mutirao::testing {
namespace {

TEST(ExampleType, AJobOfTheTypeInTheDocumentationRunsThroughStoreAndActors) {
  stage set(1, 10);
  job_types& types = set.types;
#include "line"
  const auto* type = types.find("check-companies-unit");
  ASSERT_NE(type, nullptr);
  auto running = set.start();
  edit_company without_date;
  without_date.by = owner;
  without_date.id = {4};
  without_date.patch.data_renovacao.emplace(std::nullopt);
  without_date.today = running->time.today();
  ASSERT_TRUE(running->ask(running->cast().store(), without_date));

  auto request = type->validate({{"unit", "1"}}, owner, running->time.today()).value();
  const auto receipt = running->ask(running->cast().supervisor(),
                                    actors::submit{type, owner.user, request.arguments, {}});
  ASSERT_TRUE(receipt);
  running->run_with_time();
  const auto job = running->ask(running->cast().supervisor(), find_job{receipt->job.id}).value();
  EXPECT_EQ(job.state, job_state::completed);
  EXPECT_EQ(job.totals, (job_totals{10, 10, 0, 1, 0}));
  const auto told =
      running->ask(running->cast().readers()[0], list_notifications{owner.user, 30}).value().rows;
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].body, "1 de 10 empresas estão sem data de renovação.");
  const auto items = running->ask(running->cast().readers()[0], find_result{job.id}).value();
  EXPECT_EQ(items.at(3).error, "Sem data de renovação.");
}

}  // namespace
}  // namespace mutirao::testing
