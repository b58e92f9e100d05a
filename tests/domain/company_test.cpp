#include "domain/company.hpp"

#include <gtest/gtest.h>

namespace mutirao {
namespace {

company padaria() {
  company made;
  made.id = {1};
  made.cnpj = "11222333000181";
  made.razao_social = "Padaria Sol Ltda";
  made.nome_fantasia = "Padaria Sol";
  made.periodicidade = 90;
  made.data_renovacao = parse_date("2024-06-30");
  made.tecnico_responsavel = user_id{5};
  made.unidade_responsavel = unit_id{1};
  return made;
}

TEST(CompanyPatch, AbsentLeavesEmptyClearsAndAValueSets) {
  company_patch patch;
  patch.cidade = std::optional<std::string>("Recife");
  patch.periodicidade = std::optional<std::int64_t>();
  patch.active = false;
  const auto after = patched(padaria(), patch);
  EXPECT_EQ(after.cidade, "Recife");
  EXPECT_FALSE(after.periodicidade.has_value());
  EXPECT_FALSE(after.active);
  EXPECT_EQ(after.razao_social, "Padaria Sol Ltda");
  EXPECT_EQ(after.cnpj, "11222333000181");
}

TEST(CompanyChange, OnlyAnotherValueOfTheFourFieldsGeneratesAnew) {
  const auto before = padaria();
  auto renamed = before;
  renamed.razao_social = "Outro Nome";
  renamed.cidade = "Natal";
  renamed.active = false;
  EXPECT_FALSE(regenerates(before, renamed));
  EXPECT_FALSE(regenerates(before, before));

  auto changed = before;
  changed.periodicidade = 91;
  EXPECT_TRUE(regenerates(before, changed));
  changed = before;
  changed.data_renovacao.reset();
  EXPECT_TRUE(regenerates(before, changed));
  changed = before;
  changed.tecnico_responsavel = user_id{6};
  EXPECT_TRUE(regenerates(before, changed));
  changed = before;
  changed.unidade_responsavel.reset();
  EXPECT_TRUE(regenerates(before, changed));
}

TEST(CompanyChange, GeneratesAsFarAsTheRemovedTasksReached) {
  const auto today = *parse_date("2026-11-23");
  EXPECT_EQ(future_years_after_change(today, 0, std::nullopt), 0);
  EXPECT_EQ(future_years_after_change(today, 0, parse_date("2029-01-01")), 3);
  EXPECT_EQ(future_years_after_change(today, 5, parse_date("2029-01-01")), 5);
  EXPECT_EQ(future_years_after_change(today, 1, parse_date("2026-12-31")), 1);
}

TEST(RenderedTasks, CarryTheCompanyAndItsWords) {
  const auto tasks = render_tasks(padaria(), {{purpose::routine, *parse_date("2026-12-01")}});
  ASSERT_EQ(tasks.size(), 1U);
  EXPECT_EQ(tasks[0].company, company_id{1});
  EXPECT_EQ(tasks[0].unit, unit_id{1});
  EXPECT_EQ(tasks[0].technician, user_id{5});
  EXPECT_EQ(tasks[0].event.title, "Rotina (Padaria Sol Ltda)");
}

}  // namespace
}  // namespace mutirao
