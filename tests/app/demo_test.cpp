#include <gtest/gtest.h>

#include <set>

#include "app/demo/data.hpp"
#include "domain/registration.hpp"
#include "tests/app/program_call.hpp"
#include "tests/support/temporary_folder.hpp"

namespace mutirao::app {
namespace {

// FNV-1a over every field, in order.
class row_hash {
 public:
  void take(const std::string& text) {
    for (const char c : text) step(static_cast<unsigned char>(c));
    step(0x1f);
  }
  void take_number(std::int64_t number) { take(std::to_string(number)); }
  void take_text(const std::optional<std::string>& text) { take(text.value_or("-")); }
  std::uint64_t value() const { return value_; }

 private:
  void step(std::uint64_t byte) { value_ = (value_ ^ byte) * 0x100000001b3U; }
  std::uint64_t value_ = 0xcbf29ce484222325U;
};

std::uint64_t hash_of(const import_rows& rows) {
  row_hash hash;
  for (const named_unit& unit : rows.units) {
    hash.take_number(unit.id.value);
    hash.take(unit.name);
  }
  for (const named_user& user : rows.users) {
    hash.take_number(user.id.value);
    hash.take(user.name);
    hash.take(user.surname);
    hash.take(user.email);
  }
  for (const company& each : rows.companies) {
    hash.take_number(each.id.value);
    hash.take_text(each.cnpj);
    hash.take_text(each.caepf);
    hash.take(each.razao_social);
    hash.take(each.nome_fantasia);
    hash.take_text(each.cidade);
    hash.take_text(each.telefone);
    hash.take_number(each.periodicidade.value_or(0));
    hash.take(each.data_renovacao ? format_date(*each.data_renovacao) : std::string("-"));
    hash.take_number(each.tecnico_responsavel.value_or(user_id{}).value);
    hash.take_number(each.unidade_responsavel.value_or(unit_id{}).value);
    hash.take_number(each.active ? 1 : 0);
  }
  return hash.value();
}

TEST(Demo, TheSameSeedGivesTheSameDataOnEveryMachine) {
  EXPECT_EQ(hash_of(make_demo_data({3, 150}, 1)), 17804770634762059258U);
}

TEST(Demo, AnotherSeedGivesOtherData) {
  EXPECT_NE(hash_of(make_demo_data({3, 150}, 1)), hash_of(make_demo_data({3, 150}, 2)));
}

TEST(Demo, CompaniesAreCountedByUnit) {
  const import_rows rows = make_demo_data({4, 25}, 1);
  EXPECT_EQ(rows.units.size(), 4U);
  ASSERT_EQ(rows.companies.size(), 100U);
  for (std::size_t i = 0; i < 100; ++i) {
    EXPECT_EQ(rows.companies[i].id.value, static_cast<std::int64_t>(i + 1));
    EXPECT_EQ(rows.companies[i].unidade_responsavel->value, static_cast<std::int64_t>(i / 25 + 1));
  }
}

TEST(Demo, EveryRegistrationIsValidAndItsOwn) {
  const import_rows rows = make_demo_data({10, 5000}, 7);
  std::set<std::string> seen;
  std::size_t with_letters = 0;
  std::size_t caepf = 0;
  for (const company& each : rows.companies) {
    ASSERT_NE(each.cnpj.has_value(), each.caepf.has_value());
    const std::string number = each.cnpj ? *each.cnpj : *each.caepf;
    const auto normal = each.cnpj ? normalize_cnpj(number) : normalize_caepf(number);
    ASSERT_EQ(normal, number);
    ASSERT_TRUE(seen.insert(number).second) << number;
    if (each.caepf) ++caepf;
    if (each.cnpj && number.find_first_not_of("0123456789") != number.npos) ++with_letters;
  }
  EXPECT_GT(with_letters, rows.companies.size() / 50);
  EXPECT_GT(caepf, rows.companies.size() / 50);
}

TEST(Demo, SomeCompaniesLackWhatCompaniesMayLack) {
  std::size_t inactive = 0;
  std::size_t without_technician = 0;
  std::size_t without_renewal = 0;
  std::size_t without_period = 0;
  std::size_t technicians = 0;
  const import_rows rows = make_demo_data({3, 150}, 1);
  std::set<std::int64_t> users;
  for (const named_user& user : rows.users) users.insert(user.id.value);
  for (const company& each : rows.companies) {
    if (!each.active) ++inactive;
    if (!each.tecnico_responsavel) ++without_technician;
    if (!each.data_renovacao) ++without_renewal;
    if (!each.periodicidade) ++without_period;
    if (each.tecnico_responsavel) technicians += users.count(each.tecnico_responsavel->value);
  }
  for (const std::size_t count : {inactive, without_technician, without_renewal, without_period}) {
    EXPECT_GT(count, 0U);
    EXPECT_LT(count, rows.companies.size() / 5);
  }
  EXPECT_EQ(technicians, rows.companies.size() - without_technician);
}

TEST(Demo, AUnitOf150CompaniesGetsAboutThreeTasksACompany) {
  const import_rows rows = make_demo_data({1, 150}, 1);
  std::size_t tasks = 0;
  const generation run{*parse_date("2026-11-23"), 0};
  for (const company& each : rows.companies) {
    tasks += plan_auto_tasks(run, {each.data_renovacao, each.periodicidade}, {}).size();
  }
  EXPECT_GT(tasks, 350U);
  EXPECT_LT(tasks, 550U);
}

TEST(Demo, ASecondTimeSaysSoAndChangesNothing) {
  const testing::temporary_folder folder;
  const std::string url = "--database=sqlite:" + (folder / "a.db").string();
  const program_call first = call({"demo", url, "--units=2", "--companies=5"});
  EXPECT_EQ(first.code, 0) << first.err;
  EXPECT_EQ(first.out, "stored 2 units with 10 companies and 12 users\n");
  const program_call second = call({"demo", url, "--units=9", "--companies=9"});
  EXPECT_EQ(second.code, 0) << second.err;
  EXPECT_EQ(second.out, "nothing to do: the database holds 2 units and 10 companies already\n");
}

}  // namespace
}  // namespace mutirao::app
