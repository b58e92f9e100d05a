#include "domain/jobs/remove_unit_tasks.hpp"

#include <gtest/gtest.h>

#include "tests/domain/today.hpp"
#include "tests/support/empty_directory.hpp"

namespace mutirao {
namespace {

const caller member{{7}, false, {{1}}};
const remove_unit_tasks type;

class two_companies final : public testing::empty_directory {
 public:
  expected<std::vector<item_id>> companies_of(unit_id) override {
    return std::vector<item_id>{{1}, {2}};
  }
  expected<std::vector<planning_company>> companies(std::span<const item_id>) override {
    std::vector<planning_company> found(2);
    found[0].data.id = {1};
    found[0].data.unidade_responsavel = unit_id{1};
    found[0].data.active = false;
    found[1].data.id = {2};
    found[1].data.unidade_responsavel = unit_id{2};
    return found;
  }
  expected<std::vector<task_id>> automatic_tasks(const company& of, date day) override {
    from = day;
    return std::vector<task_id>{{of.id.value * 10}, {of.id.value * 10 + 1}};
  }
  date from;
};

TEST(RemoveUnitTasks, TakesBackWhatTheCompaniesOfTheUnitHaveActiveOrNot) {
  two_companies directory;
  const auto request = type.validate({{"unit", "1"}}, member, today).value();
  const auto items = type.list(directory, request.arguments).value();
  const std::vector<item_id> with_a_lost_one{{1}, {2}, {3}};
  const auto plans = type.plan(directory, request.arguments, with_a_lost_one).value();
  ASSERT_EQ(plans.size(), 3U);
  EXPECT_EQ(items.size(), 2U);
  EXPECT_EQ(plans[0].removed, (std::vector<task_id>{{10}, {11}}));
  EXPECT_EQ(plans[0].made_from, company_id{1});
  EXPECT_EQ(plans[0].counted(), 2U);
  EXPECT_EQ(plans[1].state, item_state::skipped) << "it left the unit";
  EXPECT_TRUE(plans[1].removed.empty());
  EXPECT_EQ(plans[2].state, item_state::skipped) << "it is gone";
  EXPECT_EQ(directory.from, *parse_date("0001-01-01"));
}

TEST(RemoveUnitTasks, FromADayOn) {
  two_companies directory;
  const auto request = type.validate({{"unit", "1"}, {"from", "2027-01-01"}}, member, today);
  const std::vector<item_id> one{{1}};
  ASSERT_TRUE(type.plan(directory, request->arguments, one));
  EXPECT_EQ(directory.from, *parse_date("2027-01-01"));
}

TEST(RemoveUnitTasks, RefusesWhatIsNoUnitAndNoDay) {
  EXPECT_EQ(type.validate({}, member, today).error().code, errc::invalid_id);
  EXPECT_EQ(type.validate({{"unit", "0"}}, member, today).error(), (error{errc::invalid_id, "0"}));
  EXPECT_EQ(type.validate({{"unit", "1"}, {"from", "2027-02-30"}}, member, today).error(),
            (error{errc::invalid_field, "from"}));
}

TEST(RemoveUnitTasks, SaysWhatItCounts) {
  const auto arguments = type.validate({{"unit", "1"}}, member, today)->arguments;
  const job_totals totals{3, 3, 12, 0, 0};
  const auto told = type.conclude(arguments, totals, notice::success);
  EXPECT_EQ(told.type, "auto-tasks-removed");
  EXPECT_EQ(told.body, "12 tarefas automáticas foram removidas de 3 empresas da unidade.");
  EXPECT_EQ(type.conclude(arguments, {1, 1, 1, 0, 0}, notice::success).body,
            "1 tarefa automática foi removida de 1 empresa da unidade.");
  const auto result = type.result(arguments, totals);
  ASSERT_EQ(result.size(), 1U);
  EXPECT_EQ(result[0].name, "removedTotal");
  EXPECT_EQ(result[0].value, 12);
}

}  // namespace
}  // namespace mutirao
