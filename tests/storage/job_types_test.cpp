// What jobs other than the generation store: companies, tasks taken back, and what their requests
// brought.
#include "domain/jobs/import_companies.hpp"
#include "domain/jobs/remove_unit_tasks.hpp"
#include "tests/storage/world.hpp"

namespace mutirao::storage {
namespace {

/// One company a line: its cnpj. Nothing is read from a file here.
text_table lines(const std::vector<std::string>& cnpjs) {
  text_table table{{"cnpj", "razao_social", "nome_fantasia", "data_renovacao"}, {}};
  std::size_t line = 1;
  for (const auto& cnpj : cnpjs) {
    table.rows.push_back({++line, {cnpj, "Empresa " + cnpj, "Nome", "2020-06-15"}, {}});
  }
  return table;
}

class stored_job_types : public world {
 protected:
  stored_job_types() {
    types_.add(std::make_unique<remove_unit_tasks>());
    types_.add(std::make_unique<import_companies>([this](std::string_view) { return csv_; }));
  }
  void SetUp() override {
    world::SetUp();
    fill(3);
  }

  insert_job asked(std::uint64_t number, std::string_view kind, const argument_reader& given) {
    auto request = types_.find(kind)->validate(given, administrator(), today).value();
    auto made = submission(number);
    made.kind = kind;
    made.arguments = request.arguments;
    made.payload = request.payload;
    return made;
  }
  insert_job import_of(std::uint64_t number, const std::vector<std::string>& cnpjs,
                       const std::string& unit = "1") {
    csv_ = lines(cnpjs);
    std::string csv;  // equal requests are one job
    for (const auto& cnpj : cnpjs) csv += cnpj + "\n";
    return asked(number, import_companies::name,
                 {{"csv", csv + "x"}, {"unit", unit}, {"generate", "true"}});
  }
  batch_plan planned(const job_view& job, const std::vector<item_id>& of) {
    return reads_->plan(*types_.find(job.kind), job.id, job.arguments, of).value();
  }
  job_view run(const insert_job& what) {
    const auto made = commit(what).value();
    return commit(advance_job{made.job.id, made.job.fence, planned(made.job, made.todo), noon})
        .value()
        .job;
  }
  job_view generated() {
    auto made = commit(submission(100)).value();
    return commit(batch(made.job, made.todo)).value().job;
  }

  text_table csv_;
};

TEST_F(stored_job_types, AnImportStoresCompaniesWithTheirTasksInTheOrderOfTheLines) {
  const auto job = run(import_of(1, {"11222333000181", "11444777000161"}));
  EXPECT_EQ(job.state, job_state::completed);
  EXPECT_EQ(job.totals.created, 2);
  EXPECT_EQ(number("SELECT count(*) FROM empresas"), 5);
  EXPECT_EQ(number("SELECT count(*) FROM tarefas t JOIN empresas e ON e.id = t.empresa_id"
                   " WHERE e.cnpj = '11222333000181' AND t.unidade_id = 1"),
            1);
  EXPECT_EQ(number("SELECT count(*) FROM agenda"), 2);
  EXPECT_EQ(number("SELECT sum(created) FROM job_items"), 2);
}

TEST_F(stored_job_types, WhatIsTakenOrOfNoUnitIsAFailedLine) {
  run(import_of(1, {"11222333000181"}));
  const auto job = run(import_of(2, {"11222333000181", "11444777000161", "11444777000161"}));
  EXPECT_EQ(job.state, job_state::completed);
  EXPECT_EQ(job.totals.created, 1);
  EXPECT_EQ(job.totals.failed, 2);
  auto found = ask(find_result{job.id});
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].error, "CNPJ já cadastrado: 11222333000181");
  EXPECT_EQ(found[1].error, "");
  EXPECT_EQ(found[2].error, "CNPJ já cadastrado: 11444777000161") << "twice in one file";
  EXPECT_EQ(commit(import_of(3, {"12345678000195"}, "77")).error().code, errc::unknown_unit);
}

TEST_F(stored_job_types, AnImportOutlivesACrashAndDoesNoLineTwice) {
  const auto made = commit(import_of(1, {"11222333000181", "11444777000161"})).value();
  ASSERT_TRUE(commit(advance_job{made.job.id, made.job.fence, planned(made.job, {{2}}), noon}));
  crash();
  claim_jobs claim;
  claim.now = noon;
  const auto again = commit(claim).value();
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again[0].todo, (std::vector<item_id>{{3}}));
  const auto& job = again[0].job;
  const auto ended = commit(advance_job{job.id, job.fence, planned(job, {{2}, {3}}), noon}).value();
  EXPECT_EQ(ended.job.state, job_state::completed);
  EXPECT_EQ(ended.job.totals.created, 2);
  EXPECT_EQ(ended.job.totals.failed, 0) << "a line that is done does not fail when planned again";
  EXPECT_EQ(number("SELECT count(*) FROM empresas"), 5);
}

TEST_F(stored_job_types, AnImportWithoutLinesIsDoneAtOnceAndStoresNoPayload) {
  const auto job = commit(import_of(1, {})).value().job;
  EXPECT_EQ(job.state, job_state::completed);
  EXPECT_EQ(job.totals.total, 0);
  EXPECT_EQ(number("SELECT count(*) FROM job_payloads"), 0);
}

TEST_F(stored_job_types, ABatchReadsOnlyItsChunksAndPruningTakesThemAll) {
  std::vector<std::string> cnpjs(1000, "bad");
  const auto job = run(import_of(1, cnpjs));
  EXPECT_EQ(job.totals.failed, 1000);
  EXPECT_EQ(number("SELECT count(*) FROM job_payloads"), 4);
  generated();
  prune sweep{noon + std::chrono::hours(1), noon, 100'000, 0};
  std::vector<job_id> gone;
  for (std::optional<std::int64_t> next = 0; next;) {
    sweep.after = *next;
    const auto step = commit(sweep).value();
    gone.insert(gone.end(), step.jobs.begin(), step.jobs.end());
    next = step.next;
  }
  EXPECT_EQ(gone, (std::vector<job_id>{job.id}));
  EXPECT_EQ(number("SELECT count(*) FROM job_payloads"), 0);
}

TEST_F(stored_job_types, ARemovalTakesBackTasksAndEventsOnce) {
  const auto made = generated().totals.created;
  ASSERT_GT(made, 3);
  const auto job = run(asked(1, remove_unit_tasks::name, {{"unit", "1"}}));
  EXPECT_EQ(job.state, job_state::completed);
  EXPECT_EQ(job.totals.created, made);
  EXPECT_EQ(number("SELECT count(*) FROM tarefas"), 0);
  EXPECT_EQ(number("SELECT count(*) FROM agenda"), 0);
  EXPECT_EQ(run(asked(2, remove_unit_tasks::name, {{"unit", "1"}})).totals.created, 0);
}

TEST_F(stored_job_types, ARemovalFromADayOnLeavesWhatIsDueBefore) {
  generated();
  const auto before = number("SELECT count(*) FROM tarefas WHERE prazo < '2026-07-01'");
  ASSERT_GT(before, 0);
  run(asked(1, remove_unit_tasks::name, {{"unit", "1"}, {"from", "2026-07-01"}}));
  EXPECT_EQ(number("SELECT count(*) FROM tarefas"), before);
}

TEST_F(stored_job_types, WhatIsTakenUpBetweenPlanAndCommitStaysAndIsNotCounted) {
  const auto all = generated().totals.created;
  const auto made = commit(asked(1, remove_unit_tasks::name, {{"unit", "1"}})).value();
  const auto plan = planned(made.job, made.todo);
  edit_task taken;
  taken.by = administrator();
  taken.id = {1};
  taken.status = "pendente";
  ASSERT_TRUE(commit(taken));
  const auto first = commit(advance_job{made.job.id, made.job.fence, plan, noon}).value();
  EXPECT_EQ(first.stale, (std::vector<item_id>{{1}}));
  const auto again = planned(made.job, first.stale);
  const auto job = commit(advance_job{made.job.id, made.job.fence, again, noon}).value().job;
  EXPECT_EQ(job.state, job_state::completed);
  EXPECT_EQ(job.totals.created, all - 1);
  EXPECT_EQ(number("SELECT sum(created) FROM job_items WHERE job_no = 2"), all - 1);
  EXPECT_EQ(number("SELECT id FROM tarefas"), 1);
}

TEST_F(stored_job_types, ARemovalMakesPlansOfItsCompaniesStaleAndIsItself) {
  generated();
  const auto removal = commit(asked(1, remove_unit_tasks::name, {{"unit", "1"}})).value();
  const auto plan = planned(removal.job, removal.todo);
  const auto generation = commit(submission(2)).value();
  const auto older = batch(generation.job, generation.todo);
  edit_company change;
  change.by = administrator();
  change.id = {2};
  change.patch.periodicidade = std::optional<std::int64_t>(60);
  change.today = today;
  change.now = noon;
  ASSERT_TRUE(commit(change));
  const auto answer = commit(advance_job{removal.job.id, removal.job.fence, plan, noon}).value();
  EXPECT_EQ(answer.stale, (std::vector<item_id>{{2}}));
  EXPECT_EQ(commit(older).value().stale, generation.todo) << "their due dates are others now";
}

TEST_F(stored_job_types, LinesAreNotTakenForTheCompaniesOfTheirNumbers) {
  const auto made = commit(import_of(1, {"11222333000181", "11444777000161"})).value();
  const auto plan = planned(made.job, made.todo);
  edit_company change;
  change.by = administrator();
  change.id = {2};  // as the first line's number
  change.patch.cidade = std::optional<std::string>("Recife");
  change.today = today;
  change.now = noon;
  ASSERT_TRUE(commit(change));
  EXPECT_TRUE(commit(advance_job{made.job.id, made.job.fence, plan, noon}).value().stale.empty());
}

TEST_F(stored_job_types, PlansInsideTheTransactionSeeThePayloadToo) {
  const auto made = commit(import_of(1, {"11222333000181", "bad"})).value();
  const auto ended =
      commit(advance_locked{made.job.id, made.job.fence, made.todo, noon}).value().job;
  EXPECT_EQ(ended.totals.created, 1);
  EXPECT_EQ(ended.totals.failed, 1);
}

TEST_F(stored_job_types, ThePayloadOfOneJobIsNotAnothers) {
  const auto first = commit(import_of(1, {"11222333000181"})).value();
  const auto second = commit(import_of(2, {"11444777000161"})).value();
  EXPECT_EQ(planned(first.job, {{2}}).items[0].new_company->cnpj, "11222333000181");
  EXPECT_EQ(planned(second.job, {{2}}).items[0].new_company->cnpj, "11444777000161");
}

}  // namespace
}  // namespace mutirao::storage
