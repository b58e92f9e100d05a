// Companies, their tasks, notifications and imports as commands change them.
#include "tests/storage/world.hpp"

namespace mutirao::storage {
namespace {

class companies : public world {
 protected:
  void SetUp() override {
    world::SetUp();
    fill(3);
  }
  edit_company edit(std::int64_t id, company_patch patch, int years = 0) {
    return {administrator(), {id}, std::move(patch), years, today, noon};
  }
  std::vector<task_row> tasks_of(std::int64_t id) {
    return ask(company_tasks{administrator(), {id}});
  }
  create_company newcomer(std::int64_t id = 0) {
    create_company asked{administrator(), a_company(100, 1), today, noon};
    asked.data.id = {id};
    return asked;
  }
};

TEST_F(companies, get_their_tasks_of_this_year_when_created) {
  const auto made = commit(newcomer()).value();
  EXPECT_EQ(made.id.value, 4);
  EXPECT_EQ(ask(find_company{administrator(), made.id, {}}).data, made);
  const auto tasks = tasks_of(4);
  const auto planned = plan_auto_tasks({today, 0}, {made.data_renovacao, made.periodicidade}, {});
  ASSERT_EQ(tasks.size(), planned.size());
  ASSERT_GT(tasks.size(), 1U);
  EXPECT_EQ(tasks[0].due, planned[0].due);
  EXPECT_EQ(tasks[0].technician_name, "Ana");
}

TEST_F(companies, get_their_tasks_also_where_inactive) {
  auto asked = newcomer();
  asked.data.active = false;
  EXPECT_FALSE(tasks_of(commit(asked).value().id.value).empty());
}

TEST_F(companies, keep_an_id_that_was_given) {
  EXPECT_EQ(commit(newcomer(77)).value().id.value, 77);
  auto second = newcomer(77);
  second.data.cnpj = "other";
  EXPECT_EQ(commit(second).error().code, errc::already_registered);
}

TEST_F(companies, are_refused_with_a_reason) {
  auto asked = newcomer();
  asked.data.cnpj = a_company(2, 1).cnpj;
  EXPECT_EQ(commit(asked).error().code, errc::already_registered);
  asked = newcomer();
  asked.data.caepf = "12345678901";
  EXPECT_EQ(commit(asked).error().code, errc::one_registration);
  asked.data.cnpj.reset();
  EXPECT_TRUE(commit(asked));
  EXPECT_EQ(commit(asked).error().code, errc::already_registered);
  asked = newcomer();
  asked.data.unidade_responsavel = unit_id{9};
  EXPECT_EQ(commit(asked).error().code, errc::unknown_unit);
  asked.by = member(7);
  EXPECT_EQ(commit(asked).error().code, errc::forbidden_unit);
  asked.data.unidade_responsavel = unit_id{2};
  EXPECT_EQ(commit(asked).error().code, errc::forbidden_unit);
  asked.data.unidade_responsavel.reset();
  EXPECT_TRUE(commit(asked)) << "without a unit, for an admin to place";
}

TEST_F(companies, a_save_with_equal_values_changes_no_task) {
  commit(newcomer(9)).value();
  const auto before = tasks_of(9);
  const auto same = a_company(100, 1);
  company_patch patch;
  patch.razao_social = same.razao_social;
  patch.periodicidade = same.periodicidade;
  patch.data_renovacao = same.data_renovacao;
  patch.tecnico_responsavel = same.tecnico_responsavel;
  patch.unidade_responsavel = same.unidade_responsavel;
  const auto answer = commit(edit(9, patch, 3)).value();
  EXPECT_EQ(answer.tasks_removed + answer.tasks_created, 0);
  patch.razao_social = "Outro Nome";
  EXPECT_EQ(commit(edit(9, patch, 3)).value().tasks_created, 0);
  const auto after = tasks_of(9);
  ASSERT_EQ(after.size(), before.size());
  for (std::size_t i = 0; i < after.size(); ++i) EXPECT_EQ(after[i].id, before[i].id);
}

TEST_F(companies, a_new_period_generates_anew_from_this_year) {
  commit(newcomer(9)).value();
  const auto before = tasks_of(9);
  company_patch patch;
  patch.periodicidade = std::optional<std::int64_t>(60);
  const auto answer = commit(edit(9, patch)).value();
  EXPECT_EQ(answer.tasks_removed, std::ssize(before));
  const auto after = tasks_of(9);
  EXPECT_EQ(answer.tasks_created, std::ssize(after));
  EXPECT_GT(after.size(), before.size());
  EXPECT_GT(after[0].id.value, before.back().id.value) << "no id is given twice";
  EXPECT_EQ(number("SELECT count(*) FROM agenda"), std::ssize(after)) << "events went with tasks";
}

TEST_F(companies, an_edit_never_shortens_what_was_there) {
  commit(newcomer(9)).value();
  company_patch patch;
  patch.periodicidade = std::optional<std::int64_t>(60);
  commit(edit(9, patch, 4)).value();
  patch.periodicidade = std::optional<std::int64_t>(90);
  commit(edit(9, patch, 1)).value();
  EXPECT_EQ(year_of(tasks_of(9).back().due), 2030);
}

TEST_F(companies, tasks_taken_up_or_of_earlier_years_stay) {
  commit(newcomer(9)).value();
  const auto tasks = tasks_of(9);
  edit_task takes{administrator(), tasks[0].id, "progress", {}, {}};
  commit(takes).value();
  auto on = sqlite::connection::open(file(), sqlite::access::write);
  ASSERT_TRUE(on->execute(
      ("UPDATE tarefas SET prazo = '2025-12-31' WHERE id = " + std::to_string(tasks[1].id.value))
          .c_str()));
  company_patch patch;
  patch.tecnico_responsavel = std::optional(user_id{41});
  const auto answer = commit(edit(9, patch)).value();
  EXPECT_EQ(answer.tasks_removed, std::ssize(tasks) - 2);
  const auto after = tasks_of(9);
  EXPECT_EQ(after[0].id, tasks[0].id);
  EXPECT_EQ(after[1].id, tasks[1].id);
  EXPECT_EQ(after[0].technician, user_id{40});
  ASSERT_GT(after.size(), 2U);
  EXPECT_EQ(after.back().technician, user_id{41});
}

TEST_F(companies, that_change_unit_take_all_their_tasks_along) {
  commit(newcomer(9)).value();
  commit(edit_task{administrator(), tasks_of(9)[0].id, "pendente", {}, {}}).value();
  company_patch patch;
  patch.unidade_responsavel = std::optional(unit_id{2});
  commit(edit(9, patch)).value();
  for (const auto& task : tasks_of(9)) EXPECT_EQ(task.unit, unit_id{2});
  EXPECT_EQ(number("SELECT count(*) FROM tarefas WHERE unidade_id = 1"), 0);
  patch.unidade_responsavel = std::optional<unit_id>();
  commit(edit(9, patch)).value();
  EXPECT_FALSE(tasks_of(9).empty());
  for (const auto& task : tasks_of(9)) EXPECT_FALSE(task.unit);
}

TEST_F(companies, a_cleared_renewal_date_leaves_no_automatic_task) {
  commit(newcomer(9)).value();
  company_patch patch;
  patch.data_renovacao = std::optional<date>();
  EXPECT_EQ(commit(edit(9, patch)).value().tasks_created, 0);
  EXPECT_TRUE(tasks_of(9).empty());
}

TEST_F(companies, changes_are_refused_with_a_reason) {
  company_patch patch;
  EXPECT_EQ(commit(edit(99, patch)).error().code, errc::unknown_company);
  auto asked = edit(1, patch);
  asked.by = member(7, {{2}});
  EXPECT_EQ(commit(asked).error().code, errc::forbidden_unit);
  asked.by = member(7);
  asked.patch.unidade_responsavel = std::optional(unit_id{2});
  EXPECT_EQ(commit(asked).error().code, errc::forbidden_unit) << "where it would go";
  asked.patch.unidade_responsavel = std::optional<unit_id>();
  EXPECT_EQ(commit(asked).error().code, errc::forbidden_unit) << "out of everybody's sight";
  asked = edit(1, {});
  asked.patch.unidade_responsavel = std::optional(unit_id{9});
  EXPECT_EQ(commit(asked).error().code, errc::unknown_unit);
  asked = edit(1, {});
  asked.patch.cnpj = a_company(2, 1).cnpj;
  EXPECT_EQ(commit(asked).error().code, errc::already_registered);
  asked.patch.cnpj = std::optional<std::string>();
  EXPECT_EQ(commit(asked).error().code, errc::one_registration);
  asked.patch.caepf = std::optional<std::string>("12345678901");
  EXPECT_TRUE(commit(asked)) << "one for the other";
}

TEST_F(companies, a_technician_moves_the_task_and_its_event) {
  commit(newcomer(9)).value();
  const auto task = tasks_of(9).at(0);
  EXPECT_EQ(ask(technician_agenda{administrator(), {41}, {}, {}}).size(), 0U);
  const auto changed = commit(edit_task{member(7), task.id, "progress", user_id{41}, 3}).value();
  EXPECT_EQ(changed.status, "progress");
  EXPECT_EQ(changed.sector, 3);
  EXPECT_EQ(changed.technician, user_id{41});
  EXPECT_FALSE(changed.technician_name);
  EXPECT_EQ(ask(technician_agenda{administrator(), {41}, {}, {}}).at(0).id, task.id);
  EXPECT_EQ(commit(edit_task{member(7), task.id, {}, {}, {}}).value().status, "progress");
  EXPECT_EQ(commit(edit_task{member(7, {{2}}), task.id, "x", {}, {}}).error().code,
            errc::forbidden_unit);
  EXPECT_EQ(commit(edit_task{member(7), {999}, "x", {}, {}}).error().code, errc::unknown_task);
}

TEST_F(companies, a_notification_is_read_once_by_its_own_user) {
  for (std::uint64_t n = 1; n <= 3; ++n) {
    auto asked = submission(n);
    asked.arguments = arguments(1, static_cast<int>(n));
    commit(asked).value();
    commit(end_run{job_number(n), 1, job_trigger::fail, "x", noon}).value();
  }
  const notification_id first{1'000'001};
  EXPECT_EQ(commit(read_notification{{8}, first, noon}).error().code, errc::unknown_notification);
  EXPECT_EQ(commit(read_notification{{7}, first, noon}).value(), first);
  EXPECT_EQ(commit(read_notification{{7}, first, noon}).error().code, errc::unknown_notification);
  EXPECT_EQ(ask(list_notifications{{7}, 1}).unread, 2) << "also those beyond the list";
  EXPECT_EQ(ask(list_notifications{{8}}).unread, 0);
  EXPECT_EQ(commit(read_all_notifications{{7}, noon}).value(), 2);
  EXPECT_EQ(ask(list_notifications{{7}, 1}).unread, 0);
  EXPECT_EQ(commit(read_all_notifications{{7}, noon}).value(), 0);
  const auto told = ask(list_notifications{{7}, 2}).rows;
  ASSERT_EQ(told.size(), 2U);
  EXPECT_EQ(told[0].id.value, 1'000'003);
  EXPECT_EQ(told[1].read_at, noon);
}

TEST_F(companies, a_notification_is_missed_until_it_is_pushed_read_or_old) {
  for (std::uint64_t n = 1; n <= 4; ++n) {
    auto asked = submission(n);
    asked.arguments = arguments(1, static_cast<int>(n));
    commit(asked).value();
    commit(end_run{job_number(n), 1, job_trigger::fail, "x", noon}).value();
  }
  const auto missed = [this](instant since, std::int64_t limit = 30) {
    std::vector<std::int64_t> ids;
    for (const auto& one : ask(list_notifications{{7}, limit, since}).rows)
      ids.push_back(one.id.value);
    return ids;
  };
  using ids = std::vector<std::int64_t>;
  EXPECT_EQ(missed(noon), (ids{1'000'004, 1'000'003, 1'000'002, 1'000'001}));
  EXPECT_EQ(commit(mark_pushed{{8}, {{1'000'001}}, noon}).value(), 0) << "another's";
  EXPECT_EQ(commit(mark_pushed{{7}, {{1'000'001}, {1'000'003}, {9}}, noon}).value(), 2);
  EXPECT_EQ(commit(mark_pushed{{7}, {{1'000'001}, {1'000'002}}, noon}).value(), 1) << "once";
  EXPECT_EQ(missed(noon), ids{1'000'004});
  EXPECT_EQ(missed(noon, 1), ids{1'000'004}) << "of the newest";
  EXPECT_EQ(missed(noon + std::chrono::milliseconds(1)), ids{});
  EXPECT_EQ(ask(list_notifications{{7}}).rows.size(), 4U) << "the list shows all";
  commit(read_all_notifications{{7}, noon}).value();
  EXPECT_EQ(missed(noon), ids{});
}

TEST_F(companies, ids_of_notifications_and_jobs_go_on_after_a_start) {
  commit(submission(1)).value();
  commit(end_run{job_number(1), 1, job_trigger::fail, "x", noon}).value();
  crash();
  commit(submission(2)).value();
  commit(end_run{job_number(2), 1, job_trigger::fail, "x", noon}).value();
  EXPECT_EQ(ask(list_notifications{{7}}).rows.at(0).id.value, 1'000'002);
}

TEST_F(companies, import_keeps_given_ids_and_makes_others) {
  import_rows rows;
  rows.units = {{{1}, "Outro nome"}, {{0}, "Nova"}, {{8}, "Oito"}};
  auto fresh = a_company(0, 8);
  fresh.cnpj = "A";
  auto named = a_company(4, 1);
  named.cnpj = "B";
  rows.companies = {fresh, named};
  const auto done = commit(rows).value();
  EXPECT_EQ(done.units, 3);
  EXPECT_EQ(done.companies, 2);
  const auto units = ask(list_units{administrator()});
  EXPECT_EQ(units.at(0).name, "Outro nome");
  EXPECT_EQ(units.at(3), (named_unit{{4}, "Nova"}));
  EXPECT_EQ(ask(find_company{administrator(), company_id{4}, {}}).data.cnpj, "B");
  EXPECT_EQ(ask(find_company{administrator(), company_id{5}, {}}).data.cnpj, "A");
  EXPECT_EQ(number("SELECT count(*) FROM tarefas"), 0);
}

TEST_F(companies, import_stores_all_or_nothing_and_names_the_row) {
  const auto refused = [&](company bad, errc code, const std::string& start) {
    import_rows rows;
    rows.units = {{{8}, "Oito"}};
    rows.companies = {a_company(50, 8), a_company(51, 1), std::move(bad), a_company(52, 1)};
    const auto done = commit(rows);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().code, code);
    EXPECT_EQ(done.error().detail.substr(0, start.size()), start) << done.error().detail;
  };
  auto bad = a_company(1, 1);
  bad.cnpj = "new";
  refused(bad, errc::already_registered, "empresa 3: id 1 ");
  bad = a_company(60, 1);
  bad.cnpj = a_company(2, 1).cnpj;
  refused(bad, errc::already_registered, "empresa 3: " + *bad.cnpj);
  bad.cnpj = a_company(51, 1).cnpj;
  refused(bad, errc::already_registered, "empresa 3: " + *bad.cnpj);
  refused(a_company(60, 9), errc::unknown_unit, "empresa 3: unidade 9");
  bad.caepf = "1";
  refused(bad, errc::one_registration, "empresa 3: ");
  EXPECT_EQ(number("SELECT count(*) FROM empresas"), 3);
  EXPECT_EQ(number("SELECT count(*) FROM unidades"), 3);
}

}  // namespace
}  // namespace mutirao::storage
