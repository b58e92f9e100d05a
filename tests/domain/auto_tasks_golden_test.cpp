// Answers of the system that this one replaces, case by case.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "domain/auto_tasks.hpp"
#include "tests/support/places.hpp"

namespace mutirao {
namespace {

using nlohmann::json;

json golden(const std::string& name) {
  std::ifstream file(testing::in_source("tests/data/golden/" + name));
  return json::parse(file);
}

date to_date(const json& text) {
  const auto day = parse_date(text.get<std::string>());
  if (!day) throw std::invalid_argument("no date: " + text.dump());
  return *day;
}

struct question {
  generation run;
  renewal_cycle cycle;
  std::vector<date> existing;
};

question read_question(const json& row) {
  const json& company = row.at("company");
  question asked{{to_date(row.at("today")), row.at("futureYears").get<int>()}, {}, {}};
  if (!company.at("data_renovacao").is_null()) {
    asked.cycle.renewal = to_date(company.at("data_renovacao"));
  }
  if (!company.at("periodicidade").is_null()) {
    asked.cycle.period_days = company.at("periodicidade").get<std::int64_t>();
  }
  for (const json& day : row.at("existingTasks")) asked.existing.push_back(to_date(day));
  return asked;
}

std::vector<generated_task> answer(const question& asked) {
  return plan_auto_tasks(asked.run, asked.cycle, asked.existing);
}

json as_pairs(const std::vector<generated_task>& tasks) {
  json pairs = json::array();
  for (const auto& task : tasks) {
    pairs.push_back({static_cast<int>(task.kind), format_date(task.due)});
  }
  return pairs;
}

std::size_t created_on_second_run(question asked, const std::vector<generated_task>& first) {
  for (const auto& task : first) asked.existing.push_back(task.due);
  return answer(asked).size();
}

TEST(auto_tasks_golden, gives_the_old_answer_in_all_285_cases) {
  const json rows = golden("auto-tarefas.json");
  ASSERT_EQ(rows.size(), 285U);
  std::size_t tasks = 0;
  for (const json& row : rows) {
    const auto planned = answer(read_question(row));
    EXPECT_EQ(as_pairs(planned), row.at("expected").at("tasks")) << row.dump();
    tasks += planned.size();
  }
  EXPECT_EQ(tasks, 6943U);
}

TEST(auto_tasks_golden, creates_nothing_the_second_time_in_all_285_cases) {
  for (const json& row : golden("auto-tarefas.json")) {
    const question asked = read_question(row);
    EXPECT_EQ(created_on_second_run(asked, answer(asked)), 0U) << row.dump();
  }
}

TEST(auto_tasks_golden, does_not_depend_on_the_order_of_existing_tasks) {
  for (const json& row : golden("auto-tarefas.json")) {
    question asked = read_question(row);
    const auto planned = answer(asked);
    std::reverse(asked.existing.begin(), asked.existing.end());
    const auto once = asked.existing;
    asked.existing.insert(asked.existing.end(), once.begin(), once.end());
    EXPECT_EQ(answer(asked), planned) << row.dump();
  }
}

json as_event(const event_texts& event) {
  return {{"title", event.title},
          {"description", event.description},
          {"color", std::string(event.color)},
          {"start", event.start},
          {"end", event.end}};
}

TEST(auto_tasks_golden, stores_the_old_texts_in_the_6_full_cases) {
  const json rows = golden("auto-tarefas-full.json");
  ASSERT_EQ(rows.size(), 6U);
  for (const json& row : rows) {
    const question asked = read_question(row);
    const json& company = row.at("company");
    const json& expected = row.at("expected").at("tasks");
    ASSERT_FALSE(expected.empty());

    const auto planned = answer(asked);
    json made = json::array();
    for (const auto& task : planned) {
      made.push_back(
          {{"finalidade_id", static_cast<int>(task.kind)},
           {"prazo", format_date(task.due)},
           {"prioridade", std::string(automatic_priority)},
           {"status", std::string(automatic_status)},
           {"setor_id", automatic_sector},
           {"responsavel_id", company.at("tecnico_responsavel")},
           {"unidade_id", company.at("unidade_responsavel")},
           {"event", as_event(render_event(task, company.at("razao_social").get<std::string>()))}});
    }
    EXPECT_EQ(made, expected);
    EXPECT_EQ(created_on_second_run(asked, planned),
              row.at("expected").at("createdOnSecondRun").get<std::size_t>());
  }
}

}  // namespace
}  // namespace mutirao
