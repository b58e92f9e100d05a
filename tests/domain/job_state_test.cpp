#include "domain/job_state.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <set>
#include <string>
#include <tuple>

#include "tests/support/places.hpp"

namespace mutirao {
namespace {

using arrow = std::tuple<std::string, std::string, std::string>;  // from, trigger, to

std::set<arrow> arrows_of_table() {
  std::set<arrow> arrows;
  for (const auto& row : job_transitions()) {
    arrows.emplace(to_string(row.from), to_string(row.on), to_string(row.to));
  }
  return arrows;
}

std::set<arrow> arrows_of_drawing() {
  std::ifstream file(testing::in_source("docs/job-states.md"));
  const std::regex line_form(R"(\s+(\w+) --> (\w+): (\w+)\s*)");
  std::set<arrow> arrows;
  for (std::string line; std::getline(file, line);) {
    std::smatch parts;
    if (std::regex_match(line, parts, line_form)) arrows.emplace(parts[1], parts[3], parts[2]);
  }
  return arrows;
}

template <class Visit>
void for_every_pair(Visit visit) {
  for (std::uint8_t from = 0; from < job_state_count; ++from) {
    for (std::uint8_t on = 0; on < job_trigger_count; ++on) {
      visit(static_cast<job_state>(from), static_cast<job_trigger>(on));
    }
  }
}

TEST(JobState, TheDrawingInTheDocsIsTheTable) {
  EXPECT_EQ(arrows_of_drawing(), arrows_of_table());
  EXPECT_EQ(arrows_of_table().size(), 25U);
}

TEST(JobState, EveryPairIsEitherInTheTableOrRefused) {
  const auto arrows = arrows_of_table();
  int allowed = 0;
  for_every_pair([&](job_state from, job_trigger on) {
    const auto result = transition(from, on, 1);
    if (!result) return;
    ++allowed;
    EXPECT_TRUE(arrows.count({std::string(to_string(from)), std::string(to_string(on)),
                              std::string(to_string(result->to))}));
  });
  EXPECT_EQ(allowed, 25);
}

TEST(JobState, ARefusalSaysWhy) {
  for_every_pair([&](job_state from, job_trigger on) {
    const auto result = transition(from, on, 1);
    if (result) return;
    auto why = ended(from) ? errc::already_ended : errc::wrong_state;
    if (on == job_trigger::retry) why = errc::equal_job_unfinished;
    EXPECT_EQ(result.error().code, why) << to_string(from) << " " << to_string(on);
  });
}

TEST(JobState, RetryOfACompletedJobNeedsFailedItems) {
  EXPECT_EQ(transition(job_state::completed, job_trigger::retry, 0).error().code,
            errc::nothing_to_retry);
  EXPECT_EQ(transition(job_state::completed, job_trigger::retry, 1)->to, job_state::pending);
  EXPECT_EQ(transition(job_state::failed, job_trigger::retry, 0)->to, job_state::pending);
  EXPECT_EQ(transition(job_state::cancelled, job_trigger::retry, 0)->to, job_state::pending);
}

TEST(JobState, OnlyAClaimRaisesTheFenceAndOnlyARetryTheRun) {
  for (const auto& row : job_transitions()) {
    EXPECT_EQ(row.effects.raises_fence, row.on == job_trigger::claim);
    EXPECT_EQ(row.effects.stamps_start, row.on == job_trigger::claim);
    EXPECT_EQ(row.effects.raises_run, row.on == job_trigger::retry);
  }
}

TEST(JobState, EveryEndIsStampedAndToldOnceButACancelledJobIsNotTold) {
  for (const auto& row : job_transitions()) {
    const bool ends_here = unfinished(row.from) && ended(row.to);
    EXPECT_EQ(row.effects.stamps_end, ends_here);
    auto told = notice::none;
    if (ends_here && row.to == job_state::completed) told = notice::success;
    if (ends_here && row.to == job_state::failed) told = notice::failure;
    EXPECT_EQ(row.effects.tells, told);
  }
}

TEST(JobState, OnceCancellingAJobEndsCancelled) {
  for_every_pair([](job_state from, job_trigger on) {
    if (from != job_state::cancelling) return;
    const auto result = transition(from, on, 1);
    if (!result) return;
    EXPECT_TRUE(result->to == job_state::cancelling || result->to == job_state::cancelled);
  });
}

TEST(JobState, NamesAreReadBack) {
  for (std::uint8_t state = 0; state < job_state_count; ++state) {
    EXPECT_EQ(parse_job_state(to_string(static_cast<job_state>(state))),
              static_cast<job_state>(state));
  }
  EXPECT_FALSE(parse_job_state("").has_value());
  EXPECT_FALSE(parse_job_state("PENDING").has_value());
}

}  // namespace
}  // namespace mutirao
