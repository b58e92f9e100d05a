// Questions: pages, filters, what a caller may see, and which index answers.
#include <algorithm>
#include <set>

#include "tests/storage/world.hpp"

namespace mutirao::storage {
namespace {

class questions : public world {
 protected:
  void SetUp() override {
    world::SetUp();
    fill(10);
    fill(5, 2, 101);
    auto stray = a_company(200, 1);
    stray.unidade_responsavel.reset();
    stray.active = false;
    commit(import_rows{{}, {}, {stray}}).value();
  }
  void generate(std::int64_t unit, std::uint64_t number, std::int64_t user = 7) {
    const auto [how, job, todo] = commit(submission(number, user, unit)).value();
    commit(batch(job, todo)).value();
  }
  template <class Question>
  std::vector<std::int64_t> all_pages(Question question) {
    std::vector<std::int64_t> ids;
    for (int pages = 0; pages < 200; ++pages) {
      const auto answer = ask(question);
      for (const auto& row : answer.rows) ids.push_back(row.id.value);
      EXPECT_LE(std::ssize(answer.rows), question.limit);
      if (!answer.next) return ids;
      question.after = answer.next;
    }
    ADD_FAILURE() << "pages without end";
    return ids;
  }
  std::string plan_of(const std::string& sql) {
    auto on = sqlite::connection::open(file(), sqlite::access::read);
    std::string plan;
    sqlite3_exec(
        on->handle(), ("EXPLAIN QUERY PLAN " + sql).c_str(),
        [](void* into, int, char** values, char**) {
          *static_cast<std::string*>(into) += std::string(values[3]) + "\n";
          return 0;
        },
        &plan, nullptr);
    return plan;
  }
};

TEST_F(questions, a_unit_lists_its_active_companies_ascending) {
  edit_company off{administrator(), {3}, {}, 0, today, noon};
  off.patch.active = false;
  commit(off).value();
  EXPECT_EQ(reads_->list_items_of(type(), arguments(1)).value(),
            (std::vector<item_id>{{1}, {2}, {4}, {5}, {6}, {7}, {8}, {9}, {10}}));
  EXPECT_TRUE(reads_->list_items_of(type(), arguments(3)).value().empty());
  EXPECT_EQ(reads_->list_items_of(type(), arguments(9)).error().code, errc::unknown_unit);
}

TEST_F(questions, a_plan_names_the_revision_of_its_picture) {
  const auto before = reads_->plan(type(), job_id{}, arguments(1), items(1, 3)).value();
  ASSERT_EQ(before.items.size(), 3U);
  EXPECT_GT(before.made_at, 0U);
  generate(1, 1);
  const auto after = reads_->plan(type(), job_id{}, arguments(1), items(1, 3)).value();
  EXPECT_GT(after.made_at, before.made_at);
  EXPECT_TRUE(after.items[0].tasks.empty());
}

TEST_F(questions, unknown_jobs_are_unknown) {
  EXPECT_EQ(refusal(find_job{job_number(9)}), errc::unknown_job);
  EXPECT_EQ(refusal(find_result{job_number(9)}), errc::unknown_job);
  EXPECT_EQ(refusal(list_items{job_number(9), {}, 10, {}}), errc::unknown_job);
}

TEST_F(questions, jobs_are_listed_newest_first_with_filters_and_pages) {
  for (std::uint64_t n = 1; n <= 5; ++n) {
    auto asked = submission(n, n == 3 ? 8 : 7, n == 5 ? 2 : 1, false);
    asked.arguments.request += std::to_string(n);
    commit(asked).value();
  }
  commit(request_change{job_number(2), member(7), job_trigger::cancel, {}, noon}).value();
  const auto questioned = [](caller by, bool all = false) {
    list_jobs made;
    made.by = std::move(by);
    made.all = all;
    return made;
  };
  const auto listed = [&](const list_jobs& question) {
    std::vector<job_id> ids;
    const auto answer = ask(question);
    for (const auto& job : answer.rows) ids.push_back(job.id);
    return ids;
  };
  auto own = questioned(member(7));
  EXPECT_EQ(listed(own), (std::vector{job_number(5), job_number(4), job_number(2), job_number(1)}));
  own.limit = 2;
  const auto first = ask(own);
  ASSERT_TRUE(first.next);
  own.after = first.next;
  EXPECT_EQ(listed(own), (std::vector{job_number(2), job_number(1)}));
  EXPECT_FALSE(ask(own).next);
  auto filtered = questioned(member(7));
  filtered.states = {job_state::cancelled};
  EXPECT_EQ(listed(filtered), std::vector{job_number(2)});
  filtered = questioned(member(7));
  filtered.unit = unit_id{2};
  EXPECT_EQ(listed(filtered), std::vector{job_number(5)});
  filtered.kind = "other";
  EXPECT_TRUE(listed(filtered).empty());
  EXPECT_EQ(listed(questioned(administrator(), true)).size(), 5U);
  const auto counts = ask(count_jobs{});
  EXPECT_EQ(counts[static_cast<std::size_t>(job_state::pending)], 4);
  EXPECT_EQ(counts[static_cast<std::size_t>(job_state::cancelled)], 1);
}

TEST_F(questions, items_are_the_ledger_and_what_it_lacks) {
  const auto job = commit(submission(1)).value().job;
  commit(batch(job, {{2}, {3}, {7}})).value();
  std::vector<std::int64_t> seen;
  list_items question{job.id, std::nullopt, 3, std::nullopt};
  for (;;) {
    const auto answer = ask(question);
    for (const auto& row : answer.rows) {
      seen.push_back(row.item.value);
      const bool ended = row.item.value == 2 || row.item.value == 3 || row.item.value == 7;
      EXPECT_EQ(row.state, ended ? item_state::done : item_state::pending);
      EXPECT_EQ(row.ended_at.has_value(), ended);
      EXPECT_EQ(row.attempts, ended ? 1 : 0);
    }
    if (!answer.next) break;
    question.after = answer.next;
  }
  EXPECT_EQ(seen, (std::vector<std::int64_t>{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}));
  EXPECT_EQ(ask(list_items{job.id, item_state::done, 10, {}}).rows.size(), 3U);
  const auto rest = ask(list_items{job.id, item_state::pending, 3, item_id{3}.value});
  ASSERT_EQ(rest.rows.size(), 3U);
  EXPECT_EQ(rest.rows[0].item.value, 4);
  EXPECT_EQ(rest.next, 6);
}

TEST_F(questions, companies_are_shown_to_those_who_may_see_them) {
  const auto listed = [&](caller by, std::optional<unit_id> unit = {}) {
    return ask(list_companies{std::move(by), unit, 500, {}});
  };
  EXPECT_EQ(listed(administrator()).companies.rows.size(), 16U);
  EXPECT_EQ(listed(administrator()).total, 16);
  EXPECT_EQ(listed(member(7)).total, 10);
  EXPECT_EQ(listed(member(7, {{2}, {1}, {2}})).total, 15);
  EXPECT_EQ(listed(member(7, {})).total, 0);
  EXPECT_EQ(listed(member(7, {{1}, {2}}), unit_id{2}).companies.rows.at(0).data.id.value, 101);
  EXPECT_EQ(listed(member(7), unit_id{2}).total, 0) << "a list never refuses";
  EXPECT_EQ(refusal(list_companies{administrator(), unit_id{9}, 10, {}}), errc::unknown_unit);
  EXPECT_EQ(listed(member(7, {{9}}), unit_id{9}).total, 0);
  const auto row = listed(member(7)).companies.rows.at(0);
  EXPECT_EQ(row.data, a_company(1, 1));
  EXPECT_EQ(row.unit_name, "Unidade 1");
  EXPECT_EQ(row.technician_name, "Ana");
}

TEST_F(questions, companies_come_in_pages_over_several_units) {
  fill(5, 1, 150);  // the units' ids interleave
  for (const auto& by : {member(7, {{2}, {1}}), administrator()}) {
    for (const std::int64_t limit : {1, 4, 20}) {
      std::vector<std::int64_t> ids;
      list_companies question{by, {}, limit, {}};
      for (;;) {
        const auto answer = ask(question);
        for (const auto& row : answer.companies.rows) ids.push_back(row.data.id.value);
        if (!answer.companies.next) break;
        question.after = answer.companies.next;
      }
      EXPECT_TRUE(std::is_sorted(ids.begin(), ids.end()));
      EXPECT_EQ(ids.size(), by.admin ? 21U : 20U);
      EXPECT_EQ(std::set(ids.begin(), ids.end()).size(), ids.size());
    }
  }
}

TEST_F(questions, one_company_by_id_or_registration) {
  EXPECT_EQ(ask(find_company{member(7), company_id{2}, {}}).data, a_company(2, 1));
  EXPECT_EQ(ask(find_company{member(7), {}, a_company(2, 1).cnpj}).data.id.value, 2);
  EXPECT_EQ(refusal(find_company{member(7), company_id{101}, {}}), errc::forbidden_unit);
  EXPECT_EQ(refusal(find_company{member(7), company_id{200}, {}}), errc::forbidden_unit);
  EXPECT_EQ(refusal(find_company{member(7), company_id{99}, {}}), errc::unknown_company);
  EXPECT_EQ(refusal(find_company{member(7), {}, "nobody"}), errc::unknown_company);
  EXPECT_EQ(ask(list_units{member(7, {{2}, {9}})}), (std::vector<named_unit>{{{2}, "Unidade 2"}}));
}

TEST_F(questions, tasks_come_in_pages_with_filters) {
  generate(1, 1);
  generate(2, 2);
  const auto total = number("SELECT count(*) FROM tarefas");
  const auto of_unit_1 = number("SELECT count(*) FROM tarefas WHERE unidade_id = 1");
  for (const std::int64_t limit : {1, 7, 500}) {
    EXPECT_EQ(std::ssize(all_pages(list_tasks{administrator(), {}, limit, {}})), total);
    EXPECT_EQ(std::ssize(all_pages(list_agenda{administrator(), {}, limit, {}})), total);
    EXPECT_EQ(std::ssize(all_pages(list_tasks{member(7), {}, limit, {}})), of_unit_1);
  }
  task_filter filter;
  filter.unit = unit_id{2};
  EXPECT_EQ(std::ssize(all_pages(list_tasks{administrator(), filter, 10, {}})), total - of_unit_1);
  EXPECT_TRUE(all_pages(list_tasks{member(7), filter, 10, {}}).empty());
  filter = {};
  filter.company = company_id{101};
  EXPECT_EQ(std::ssize(all_pages(list_tasks{administrator(), filter, 1, {}})),
            number("SELECT count(*) FROM tarefas WHERE empresa_id = 101"));
  EXPECT_TRUE(all_pages(list_tasks{member(7), filter, 10, {}}).empty());
  filter.company = company_id{999};
  EXPECT_TRUE(all_pages(list_tasks{administrator(), filter, 10, {}}).empty());
  filter = {};
  filter.from = filter.to = parse_date("2026-06-15");
  EXPECT_EQ(std::ssize(all_pages(list_tasks{administrator(), filter, 4, {}})), 15);
  filter.status = "progress";
  EXPECT_TRUE(all_pages(list_tasks{administrator(), filter, 4, {}}).empty());
}

TEST_F(questions, tasks_of_a_small_unit_are_found_behind_those_of_a_large_one) {
  generate(1, 1);
  // Far behind: a list that read along all tasks only would still find them, one that stopped at
  // its first window would not.
  ASSERT_TRUE(place_.change(
      "WITH RECURSIVE n(x) AS (SELECT 100000 UNION ALL SELECT x + 1 FROM n WHERE x < 145000)"
      "INSERT INTO tarefas SELECT x, 1, 4, 'Normal', 'x', '2030-01-01', 2, NULL, 1, 1, 0 FROM n;"
      "INSERT INTO tarefas SELECT 200000 + id, id, 4, 'Normal', 'y', '2030-01-01', 2, NULL, 1, 2, 0"
      " FROM empresas WHERE unidade_responsavel = 2"));
  EXPECT_EQ(all_pages(list_tasks{member(7, {{2}}), {}, 2, {}}),
            (std::vector<std::int64_t>{200101, 200102, 200103, 200104, 200105}));
  EXPECT_EQ(ask(list_tasks{member(7, {{2}, {1}}), {}, 2, 145000}).rows.size(), 2U);
  task_filter rare;
  rare.status = "y";
  EXPECT_EQ(all_pages(list_tasks{administrator(), rare, 2, {}}).size(), 5U);
}

TEST_F(questions, the_agenda_of_a_technician_is_by_start_and_inclusive) {
  generate(1, 1);
  generate(2, 2);
  const auto all = ask(technician_agenda{administrator(), {40}, {}, {}});
  EXPECT_EQ(std::ssize(all), number("SELECT count(*) FROM agenda"));
  EXPECT_TRUE(std::is_sorted(all.begin(), all.end(), [](const auto& a, const auto& b) {
    return std::tie(a.start, a.id) < std::tie(b.start, b.id);
  }));
  const auto day = parse_date("2026-06-15");
  EXPECT_EQ(ask(technician_agenda{administrator(), {40}, day, day}).size(), 15U);
  EXPECT_EQ(ask(technician_agenda{member(7, {{2}}), {40}, day, day}).size(), 5U);
  EXPECT_TRUE(ask(technician_agenda{administrator(), {41}, {}, {}}).empty());
  EXPECT_EQ(refusal(company_tasks{member(7), {101}}), errc::forbidden_unit);
  EXPECT_EQ(refusal(company_tasks{member(7), {999}}), errc::unknown_company);
}

TEST_F(questions, hot_ones_are_answered_by_an_index_without_sorting) {
  const auto uses = [&](const std::string& sql, const std::string& index) {
    const auto plan = plan_of(sql);
    EXPECT_NE(plan.find(index), std::string::npos) << sql << "\n" << plan;
    EXPECT_EQ(plan.find("TEMP B-TREE"), std::string::npos) << sql << "\n" << plan;
    EXPECT_EQ(plan.find("SCAN"), std::string::npos) << sql << "\n" << plan;
  };
  uses("SELECT id FROM empresas WHERE unidade_responsavel = 1 AND ativo = 1 ORDER BY id",
       "COVERING INDEX empresas_da_unidade");
  uses("SELECT id FROM empresas WHERE unidade_responsavel = 1 AND id > 5 ORDER BY id LIMIT 9",
       "COVERING INDEX empresas_da_unidade");
  uses("SELECT prazo FROM tarefas WHERE unidade_id IS 1 AND empresa_id = 2",
       "COVERING INDEX tarefas_no_lugar");
  uses(
      "SELECT no FROM jobs WHERE state <= 3 AND state = 0 AND not_before <= 5"
      " ORDER BY priority DESC, turn, no LIMIT 9",
      "INDEX jobs_unfinished");
  uses("SELECT 1 FROM jobs WHERE dedupe_key = 'x' AND state <= 2", "INDEX jobs_equal");
  uses("SELECT 1 FROM jobs WHERE user_id = 1 AND no < 9 ORDER BY no DESC LIMIT 9",
       "INDEX jobs_of_user");
  uses("SELECT 1 FROM jobs WHERE id = x'00'", "sqlite_autoindex_jobs_1");
  uses("SELECT id FROM notificacoes WHERE user_id = 1 ORDER BY id DESC LIMIT 9",
       "INDEX notificacoes_do_usuario");
  uses("SELECT max(seq) FROM job_events WHERE user_id = 1", "PRIMARY KEY");
}

}  // namespace
}  // namespace mutirao::storage
