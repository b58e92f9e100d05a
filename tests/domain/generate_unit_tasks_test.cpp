#include "domain/jobs/generate_unit_tasks.hpp"

#include <gtest/gtest.h>

#include "tests/domain/today.hpp"
#include "tests/support/empty_directory.hpp"

namespace mutirao {
namespace {

class fake_directory final : public testing::empty_directory {
 public:
  expected<std::vector<planning_company>> companies(std::span<const item_id> ids) override {
    std::vector<planning_company> found;
    for (const auto& one : stored) {
      for (const auto id : ids) {
        if (one.data.id.value == id.value) found.push_back(one);
      }
    }
    return found;
  }
  std::vector<planning_company> stored;
};

expected<job_arguments> validated(const argument_reader& given, date day = today) {
  auto made = generate_unit_tasks().validate(given, {{7}, false, {}}, day);
  if (!made) return tl::unexpected(made.error());
  return std::move(made->arguments);
}

planning_company in_unit(std::int64_t id, std::int64_t unit) {
  planning_company made;
  made.data.id = {id};
  made.data.razao_social = "Padaria Sol";
  made.data.data_renovacao = parse_date("2020-02-29");
  made.data.periodicidade = 180;
  made.data.unidade_responsavel = unit_id{unit};
  return made;
}

TEST(GenerateUnitTasks, AcceptsWholeYearsFromZeroToFiveAndNothingElse) {
  for (const auto* good : {"0", "1", "5"}) {
    EXPECT_TRUE(validated({{"unit", "1"}, {"futureYears", good}}).has_value()) << good;
  }
  for (const auto* bad : {"-1", "6", "1.5", "abc", "NaN", "1e21", "", "00", "+1", " 1", "1 "}) {
    const auto result = validated({{"unit", "1"}, {"futureYears", bad}});
    ASSERT_FALSE(result.has_value()) << bad;
    EXPECT_EQ(result.error(), (error{errc::invalid_future_years, bad}));
  }
}

TEST(GenerateUnitTasks, WithoutYearsItIsThisYearOnly) {
  const generate_unit_tasks type;
  const auto arguments = validated({{"unit", "3"}});
  ASSERT_TRUE(arguments.has_value());
  EXPECT_EQ(arguments->unit, unit_id{3});
  const auto years = [&](const job_arguments& of) { return type.result(of, {}).at(0); };
  EXPECT_EQ(years(*arguments).name, "yearsProcessed");
  EXPECT_EQ(years(*arguments).value, 1);
  EXPECT_EQ(years(*validated({{"unit", "3"}, {"futureYears", "5"}})).value, 6);
}

TEST(GenerateUnitTasks, RefusesUnitsThatAreNoIds) {
  for (const auto* bad : {"", "0", "-1", "1.0", "x", "99999999999999999999"}) {
    const auto result = validated({{"unit", bad}});
    ASSERT_FALSE(result.has_value()) << bad;
    EXPECT_EQ(result.error().code, errc::invalid_id);
  }
}

TEST(GenerateUnitTasks, EqualRequestsOfDifferentDaysAreEqual) {
  const auto one = validated({{"unit", "1"}});
  const auto other = validated({{"unit", "1"}, {"futureYears", "0"}}, today + std::chrono::days(1));
  EXPECT_EQ(one->request, other->request);
  EXPECT_NE(one->text, other->text);
}

TEST(GenerateUnitTasks, SkipsCompaniesThatAreGoneInactiveOrElsewhere) {
  const generate_unit_tasks type;
  fake_directory directory;
  directory.stored = {in_unit(1, 1), in_unit(2, 2), in_unit(4, 1), in_unit(5, 1)};
  directory.stored[2].data.active = false;
  const std::vector<item_id> items{{1}, {2}, {3}, {4}, {5}};
  const auto plans = type.plan(directory, *validated({{"unit", "1"}}), items);
  ASSERT_TRUE(plans.has_value());
  ASSERT_EQ(plans->size(), 5U);
  for (const std::size_t skipped : {1U, 2U, 3U}) {
    EXPECT_EQ((*plans)[skipped].state, item_state::skipped);
    EXPECT_TRUE((*plans)[skipped].tasks.empty());
  }
  for (const std::size_t planned : {0U, 4U}) {
    EXPECT_EQ((*plans)[planned].item, items[planned]);
    EXPECT_EQ((*plans)[planned].state, item_state::done);
    EXPECT_FALSE((*plans)[planned].tasks.empty());
  }
  EXPECT_EQ((*plans)[0].tasks[0].event.title, "Renovação (Padaria Sol)");
}

TEST(GenerateUnitTasks, PlansTheDayOfTheRequestNotTheDayOfTheWork) {
  const generate_unit_tasks type;
  fake_directory directory;
  directory.stored = {in_unit(1, 1)};
  const auto arguments = validated({{"unit", "1"}}, *parse_date("2024-12-31"));
  const std::vector<item_id> items{{1}};
  const auto plans = type.plan(directory, *arguments, items);
  ASSERT_FALSE((*plans)[0].tasks.empty());
  for (const auto& task : (*plans)[0].tasks) EXPECT_EQ(year_of(task.due), 2024);
}

TEST(GenerateUnitTasks, TellsItsOwnerInTheWordsOfTheSpecification) {
  const generate_unit_tasks type;
  const auto arguments = *validated({{"unit", "1"}});
  const job_totals totals{150, 150, 450, 0, 0};
  const auto good = type.conclude(arguments, totals, notice::success);
  EXPECT_EQ(good.type, "auto-tasks-generated");
  EXPECT_EQ(good.title, "Tarefas Automáticas Geradas");
  EXPECT_EQ(good.body, "450 tarefas automáticas foram geradas para 150 empresas da unidade.");
  EXPECT_EQ(good.entity_type, "unit");
  EXPECT_EQ(good.entity_id, 1);
  const auto bad = type.conclude(arguments, totals, notice::failure);
  EXPECT_EQ(bad.type, "auto-tasks-error");
  EXPECT_EQ(bad.title, "Erro ao Gerar Tarefas Automáticas");
  EXPECT_EQ(bad.body, "Ocorreu um erro ao gerar tarefas automáticas. Por favor, tente novamente.");
}

TEST(GenerateUnitTasks, ArgumentsThatAreNotItsOwnAreAnError) {
  const generate_unit_tasks type;
  fake_directory directory;
  const auto plans = type.plan(directory, {unit_id{1}, "rubbish", "rubbish"}, {});
  ASSERT_FALSE(plans.has_value());
  EXPECT_EQ(plans.error().code, errc::internal);
}

}  // namespace
}  // namespace mutirao
