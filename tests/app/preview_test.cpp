#include "app/preview.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/app/program_call.hpp"
#include "tests/support/places.hpp"
#include "tests/support/service_process.hpp"

namespace mutirao::app {
namespace {

using nlohmann::json;

TEST(Preview, TheProgramPlansEveryGoldenCaseAsTheOldSystemDid) {
  const std::string golden = testing::in_source("tests/data/golden/auto-tarefas.json");
  testing::program_process program({.arguments = {"preview"}, .input = golden});
  const json printed = json::parse(program.read_all(), nullptr, false);
  EXPECT_EQ(program.wait(), 0);
  std::ifstream file(golden);
  const json cases = json::parse(file);
  ASSERT_EQ(cases.size(), 285U);
  ASSERT_EQ(printed.size(), cases.size());
  for (std::size_t i = 0; i < cases.size(); ++i) {
    EXPECT_EQ(printed[i], cases[i]["expected"]) << "case " << i + 1;
  }
}

TEST(Preview, WhatMayBeAbsentMayBeAbsent) {
  EXPECT_EQ(preview("[]"), "[\n]\n");
  EXPECT_EQ(preview(R"([{"today":"2026-01-01","company":{}}])"), "[\n{\"tasks\":[]}\n]\n");
  EXPECT_EQ(preview(R"([{"today":"2026-01-01","company":{"data_renovacao":"2025-03-01",
                         "periodicidade":null}}])"),
            "[\n{\"tasks\":[[2,\"2026-03-01\"]]}\n]\n");
}

TEST(Preview, ABadCaseIsNamed) {
  const auto problem = [](std::string_view cases) {
    const auto made = preview(cases);
    return made ? "" : made.error().detail;
  };
  EXPECT_EQ(problem("{}"), "stdin holds no JSON array of cases");
  EXPECT_EQ(problem("[1]"), "case 1: no object");
  EXPECT_EQ(problem(R"([{"company":{}}])"), "case 1: today is missing");
  EXPECT_EQ(problem(R"([{"today":"2026-02-30","company":{}}])"),
            "case 1: today is no date YYYY-MM-DD");
  EXPECT_EQ(problem(R"([{"today":"2026-01-01","company":{}},{"today":"2026-01-01"}])"),
            "case 2: company is missing");
  EXPECT_EQ(problem(R"([{"today":"2026-01-01","company":{"periodicidade":1.5}}])"),
            "case 1: periodicidade is no whole number");
  EXPECT_EQ(problem(R"([{"today":"2026-01-01","company":{},"futureYears":-1}])"),
            "case 1: futureYears is not 0 to 10000");
  EXPECT_EQ(problem(R"([{"today":"2026-01-01","company":{},"existingTasks":["x"]}])"),
            "case 1: existingTasks is no date YYYY-MM-DD");
}

TEST(Preview, AFailureLeavesStdoutEmpty) {
  const program_call done = call({"preview"}, {}, "not json");
  EXPECT_EQ(done.code, 1);
  EXPECT_EQ(done.out, "");
  EXPECT_EQ(done.err, "mutirao preview: stdin holds no JSON array of cases\n");
}

}  // namespace
}  // namespace mutirao::app
