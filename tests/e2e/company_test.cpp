// Companies over HTTP: who sees them, creating, and every rule of changing one.
#include <algorithm>
#include <thread>

#include "tests/e2e/fixture.hpp"

namespace mutirao::e2e {
namespace {

using names = std::vector<std::string>;

class company_routes : public service_test {
 protected:
  void SetUp() override {
    make_database();
    start();
  }
  json new_company(std::int64_t number, json more = json::object()) {
    json body{{"cnpj", cnpj_of(number)},
              {"razao_social", "Indústria " + std::to_string(number)},
              {"nome_fantasia", "Fábrica " + std::to_string(number)}};
    body.update(more);
    return body;
  }
  /// Created by an admin; its id.
  std::int64_t add(std::int64_t number, const json& more) {
    const auto got = admin().post("/api/empresas", new_company(number, more));
    EXPECT_EQ(got.status, 201) << got.body;
    return got.status == 201 ? got.data()["id"].get<std::int64_t>() : 0;
  }
  std::string path(std::int64_t id) { return "/api/empresas/" + std::to_string(id); }
  std::vector<std::string> stored_of(std::int64_t id, const std::string& more = "1") {
    auto stored = db();
    return stored_lines(stored, "empresa_id = " + std::to_string(id) + " AND " + more);
  }
  std::vector<std::string> planned_of(std::int64_t id, int years,
                                      const std::vector<date>& existing = {}) {
    auto stored = db();
    return planned_lines(stored, id, {noon_date(), years}, existing);
  }
  std::string this_year() { return std::to_string(year_of(noon_date())); }
};

TEST_F(company_routes, creating_one_stores_it_and_its_tasks_of_this_year) {
  const auto got = as().post("/api/empresas", new_company(42, {{"periodicidade", 30},
                                                               {"data_renovacao", "2020-05-10"},
                                                               {"tecnico_responsavel", 7},
                                                               {"unidade_responsavel", 1},
                                                               {"cidade", "São José"},
                                                               {"telefone", "(48) 3333-4444"},
                                                               {"unknown", {1, 2}}}));
  ASSERT_EQ(got.status, 201) << got.body;
  const auto made = got.data();
  const std::int64_t id = made["id"];
  EXPECT_EQ(made, (json{{"id", id},
                        {"cnpj", cnpj_of(42)},
                        {"razao_social", "Indústria 42"},
                        {"nome_fantasia", "Fábrica 42"},
                        {"nome", "Fábrica 42"},
                        {"cidade", "São José"},
                        {"telefone", "(48) 3333-4444"},
                        {"periodicidade", 30},
                        {"data_renovacao", "2020-05-10"},
                        {"tecnico_responsavel", 7},
                        {"tecnico_nome", made.value("tecnico_nome", "")},
                        {"unidade_responsavel", 1},
                        {"unidade_id", 1},
                        {"unidade_nome", "Matriz"},
                        {"status", "ativo"}}));
  EXPECT_EQ(made["tecnico_nome"].get<std::string>().substr(0, 3), "Ana");
  EXPECT_EQ(as().get(path(id)).data(), made);
  EXPECT_EQ(as().get("/api/empresas/cnpj/" + cnpj_of(42)).data(), made);
  const auto planned = planned_of(id, 0);
  EXPECT_GT(planned.size(), 5U);
  EXPECT_EQ(difference(planned, stored_of(id)), "");
  for (const auto& line : stored_of(id)) {
    EXPECT_NE(line.find("|" + this_year() + "-"), std::string::npos) << line;
  }
}

TEST_F(company_routes, absent_fields_are_left_out_and_dates_are_plain) {
  const auto id = add(43, {{"status", "inativo"}});
  const auto shown = admin().get(path(id)).data();
  EXPECT_EQ(keys_of(shown),
            (names{"cnpj", "id", "nome", "nome_fantasia", "razao_social", "status"}));
  EXPECT_EQ(shown["status"], "inativo");
  // An unknown technician has no name; a status does not hold the first tasks back.
  const auto other = add(44, {{"tecnico_responsavel", 99},
                              {"unidade_responsavel", 1},
                              {"status", "inativo"},
                              {"data_renovacao", "2020-02-29"}});
  EXPECT_FALSE(admin().get(path(other)).data().contains("tecnico_nome"));
  EXPECT_EQ(stored_of(other).size(), 1U);
  EXPECT_EQ(difference(planned_of(other, 0), stored_of(other)), "");
}

TEST_F(company_routes, registrations_are_checked_normalized_and_unique) {
  auto user = admin();
  const auto digits = cnpj_of(12'345'678);
  const auto written = digits.substr(0, 2) + "." + digits.substr(2, 3) + "." + digits.substr(5, 3) +
                       "/" + digits.substr(8, 4) + "-" + digits.substr(12);
  const auto got = user.post("/api/empresas", new_company(1, {{"cnpj", written}}));
  ASSERT_EQ(got.status, 201) << got.body;
  EXPECT_EQ(got.data()["cnpj"], digits);
  EXPECT_EQ(user.post("/api/empresas", new_company(1, {{"cnpj", digits}})).status, 409);
  // The alphanumeric form of the Receita Federal's own example.
  const auto letters = user.post("/api/empresas", new_company(1, {{"cnpj", "12.ABC.345/01DE-35"}}));
  EXPECT_EQ(letters.status, 201) << letters.body;
  EXPECT_EQ(letters.data()["cnpj"], "12ABC34501DE35");
  EXPECT_EQ(user.get("/api/empresas/cnpj/12ABC34501DE35").status, 200);
  EXPECT_EQ(user.get("/api/empresas/cnpj/12abc34501de35").status, 200);
  EXPECT_EQ(user.get("/api/empresas/cnpj/" + cnpj_of(999)).status, 404);
  EXPECT_EQ(user.get("/api/empresas/cnpj/123").status, 400);
  EXPECT_EQ(user.post("/api/empresas", new_company(1, {{"cnpj", "12ABC34501DE34"}})).status, 400);

  auto farm = new_company(1, {{"caepf", "529.982.247-25"}});
  EXPECT_EQ(user.post("/api/empresas", farm).status, 400) << "both";
  farm.erase("cnpj");
  const auto made = user.post("/api/empresas", farm);
  EXPECT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(made.data()["caepf"], "52998224725");
  EXPECT_EQ(user.post("/api/empresas", farm).status, 409);
  farm["caepf"] = "52998224726";
  EXPECT_EQ(user.post("/api/empresas", farm).status, 400);
  const auto taken = user.put(path(made.data()["id"]), {{"cnpj", digits}, {"caepf", nullptr}});
  EXPECT_EQ(taken.status, 409) << taken.body;
  EXPECT_EQ(user.put(path(made.data()["id"]), {{"caepf", nullptr}}).status, 400);
}

TEST_F(company_routes, a_save_with_equal_values_changes_no_task) {
  const auto id = add(50, {{"periodicidade", 45},
                           {"data_renovacao", "2019-08-20"},
                           {"tecnico_responsavel", 7},
                           {"unidade_responsavel", 1}});
  auto stored = db();
  const auto before = stored.lines("SELECT * FROM tarefas");
  ASSERT_FALSE(before.empty());
  auto whole = as().get(path(id)).data();
  whole["cidade"] = "Outra";
  whole["nome_fantasia"] = "Outro nome";
  whole["status"] = "inativo";
  for (const char* years : {"", "?futureYears=5"}) {
    const auto got = as().put(path(id) + years, whole);
    ASSERT_EQ(got.status, 200) << got.body;
    EXPECT_EQ(got.data()["cidade"], "Outra");
    EXPECT_EQ(got.data()["periodicidade"], 45);
    EXPECT_EQ(got.data()["tasksCreated"], 0);
    EXPECT_EQ(got.data()["tasksRemoved"], 0);
    EXPECT_EQ(stored.lines("SELECT * FROM tarefas"), before);
  }
  EXPECT_EQ(as().put(path(id), json::object()).status, 200);
  EXPECT_EQ(as().put(path(id), {{"razao_social", "Nova razão"}}).status, 200);
  EXPECT_EQ(stored.lines("SELECT * FROM tarefas"), before) << "a name alone plans nothing anew";
}

TEST_F(company_routes, each_of_four_fields_plans_anew) {
  const json changes[] = {{{"periodicidade", 60}},
                          {{"periodicidade", nullptr}},
                          {{"data_renovacao", "2021-03-02"}},
                          {{"tecnico_responsavel", 8}},
                          {{"tecnico_responsavel", nullptr}},
                          {{"unidade_responsavel", 2}},
                          {{"data_renovacao", nullptr}}};
  const auto id = add(51, {{"periodicidade", 30},
                           {"data_renovacao", "2019-08-20"},
                           {"tecnico_responsavel", 7},
                           {"unidade_responsavel", 1}});
  for (const auto& change : changes) {
    const auto last = db().integer("SELECT max(id) FROM tarefas");
    const auto before = stored_of(id).size();
    const auto got = admin().put(path(id), change);
    ASSERT_EQ(got.status, 200) << got.body;
    EXPECT_EQ(difference(planned_of(id, 0), stored_of(id)), "") << change;
    EXPECT_EQ(got.data()["tasksRemoved"], before) << change;
    EXPECT_EQ(got.data()["tasksCreated"], stored_of(id).size()) << change;
    EXPECT_EQ(db().integer("SELECT count(*) FROM tarefas WHERE id <= " + std::to_string(last)), 0)
        << change << ": all are new rows";
  }
  EXPECT_EQ(db().integer("SELECT count(*) FROM tarefas"), 0) << "no renewal, no tasks";
}

TEST_F(company_routes, a_change_reaches_as_far_as_what_was_there_or_was_asked) {
  const auto id = add(52, {{"periodicidade", 90},
                           {"data_renovacao", "2019-08-20"},
                           {"tecnico_responsavel", 7},
                           {"unidade_responsavel", 1}});
  auto user = as();
  wait_for_end(user, start_job(user, 1, 3));
  ASSERT_EQ(user.put(path(id), {{"periodicidade", 120}}).status, 200);
  EXPECT_EQ(difference(planned_of(id, 3), stored_of(id)), "") << "an edit never shortens";
  ASSERT_EQ(user.put(path(id) + "?futureYears=1", {{"periodicidade", 100}}).status, 200);
  EXPECT_EQ(difference(planned_of(id, 3), stored_of(id)), "");
  ASSERT_EQ(user.put(path(id) + "?futureYears=5", {{"periodicidade", 80}}).status, 200);
  EXPECT_EQ(difference(planned_of(id, 5), stored_of(id)), "");
}

TEST_F(company_routes, taken_up_and_past_tasks_stay) {
  const auto id = add(53, {{"periodicidade", 30},
                           {"data_renovacao", "2019-08-20"},
                           {"tecnico_responsavel", 7},
                           {"unidade_responsavel", 1}});
  auto stored = db();
  const auto of_company = " FROM tarefas WHERE empresa_id = " + std::to_string(id);
  const auto taken = stored.text("SELECT id" + of_company + " AND finalidade_id = 4 LIMIT 1");
  const auto renewal = stored.text("SELECT id" + of_company + " AND finalidade_id = 2");
  ASSERT_EQ(as().put("/api/tarefas/" + taken, {{"status", "progress"}}).status, 200);
  ASSERT_EQ(as().put("/api/tarefas/" + renewal, {{"status", "concluída"}}).status, 200);
  stored.run(
      "INSERT INTO tarefas SELECT 900000, empresa_id, finalidade_id, prioridade, 'Automático', "
      "'2015-06-01', setor_id, responsavel_id, created_by, unidade_id, created_at" +
      of_company + " LIMIT 1; INSERT INTO agenda VALUES (900000, 't', 'd', 'c', 's', 'e', 7)");
  const auto kept = stored.lines("SELECT id, status, prazo FROM tarefas WHERE id IN (" + taken +
                                 "," + renewal + ",900000) ORDER BY id");
  ASSERT_EQ(as().put(path(id), {{"periodicidade", 20}, {"tecnico_responsavel", 8}}).status, 200);
  EXPECT_EQ(stored.lines("SELECT id, status, prazo FROM tarefas WHERE id IN (" + taken + "," +
                         renewal + ",900000) ORDER BY id"),
            kept);
  std::vector<date> existing;
  for (const auto& row : kept) existing.push_back(*parse_date(row.substr(row.size() - 10)));
  EXPECT_EQ(difference(planned_of(id, 0, existing),
                       stored_of(id, "tarefas.id NOT IN (" + taken + "," + renewal + ",900000)")),
            "");
}

TEST_F(company_routes, a_move_takes_the_remaining_tasks_along) {
  const auto id = add(54, {{"periodicidade", 30},
                           {"data_renovacao", "2019-08-20"},
                           {"tecnico_responsavel", 7},
                           {"unidade_responsavel", 1}});
  auto stored = db();
  const auto taken = stored.text("SELECT min(id) FROM tarefas");
  auto both = as({7, {1, 2}});
  ASSERT_EQ(both.put("/api/tarefas/" + taken, {{"status", "pendente"}}).status, 200);
  EXPECT_EQ(as().put(path(id), {{"unidade_responsavel", 2}}).status, 403);
  EXPECT_EQ(as().put(path(id), {{"unidade_responsavel", nullptr}}).status, 403);
  EXPECT_EQ(as({7, {2}}).put(path(id), {{"unidade_responsavel", 2}}).status, 403);
  ASSERT_EQ(both.put(path(id), {{"unidade_responsavel", 2}}).status, 200);
  EXPECT_EQ(stored.integer("SELECT count(*) FROM tarefas WHERE unidade_id <> 2"), 0);
  EXPECT_EQ(stored.text("SELECT status FROM tarefas WHERE id = " + taken), "pendente");
  EXPECT_EQ(as().get("/api/tarefas").data()["tasks"].size(), 0U);
  EXPECT_EQ(as({7, {2}}).get("/api/tarefas?limit=500").data()["tasks"].size(),
            static_cast<std::size_t>(stored.integer("SELECT count(*) FROM tarefas")));
  ASSERT_EQ(admin().put(path(id), {{"unidade_responsavel", nullptr}}).status, 200);
  EXPECT_EQ(stored.integer("SELECT count(*) FROM tarefas WHERE unidade_id IS NOT NULL"), 0);
  EXPECT_GT(stored.integer("SELECT count(*) FROM tarefas"), 1);
  EXPECT_EQ(
      difference(
          planned_of(id, 0,
                     {*parse_date(stored.text("SELECT prazo FROM tarefas WHERE id = " + taken))}),
          stored_of(id, "tarefas.id <> " + taken)),
      "");
}

TEST_F(company_routes, deactivating_keeps_tasks_and_jobs_skip_it) {
  const auto id = add(55, {{"data_renovacao", "2019-08-20"}, {"unidade_responsavel", 1}});
  const auto before = stored_of(id);
  ASSERT_EQ(before.size(), 1U);
  const auto got = as().put(path(id), {{"status", "inativo"}});
  EXPECT_EQ(got.data()["status"], "inativo");
  EXPECT_EQ(stored_of(id), before);
  EXPECT_EQ(as().post(job_path(1, "futureYears=2")).status, 200);
  EXPECT_EQ(stored_of(id), before);
}

TEST_F(company_routes, are_seen_by_their_unit_and_without_unit_by_admins) {
  const auto one = add(60, {{"unidade_responsavel", 1}});
  const auto two = add(61, {{"unidade_responsavel", 2}});
  const auto none = add(62, json::object());
  const auto ids = [](const answer& got) {
    std::vector<std::int64_t> all;
    EXPECT_EQ(got.status, 200) << got.body;
    const auto list = got.data();
    for (const auto& each : list["companies"]) all.push_back(each["id"]);
    EXPECT_EQ(list["total"], all.size());
    return all;
  };
  using list = std::vector<std::int64_t>;
  EXPECT_EQ(ids(as().get("/api/empresas")), (list{one}));
  EXPECT_EQ(ids(as({7, {1, 2}}).get("/api/empresas")), (list{one, two}));
  EXPECT_EQ(ids(as({7, {}}).get("/api/empresas")), list{});
  EXPECT_EQ(ids(admin().get("/api/empresas")), (list{one, two, none}));
  EXPECT_EQ(ids(as().get("/api/empresas/unidade/1")), (list{one}));
  EXPECT_EQ(ids(as().get("/api/empresas/unidade/2")), list{});
  EXPECT_EQ(ids(admin().get("/api/empresas/unidade/2")), (list{two}));
  for (const auto hidden : {two, none}) {
    const auto shown = as().get(path(hidden)).status;
    EXPECT_TRUE(shown == 403 || shown == 404) << shown;
    EXPECT_EQ(as().put(path(hidden), {{"cidade", "X"}}).status, 403);
  }
  EXPECT_EQ(as().put(path(999), {{"cidade", "X"}}).status, 404);
  EXPECT_EQ(as().get(path(999)).status, 404);
  EXPECT_EQ(admin().get(path(none)).status, 200);
  EXPECT_EQ(as().post("/api/empresas", new_company(63, {{"unidade_responsavel", 2}})).status, 403);

  std::vector<std::int64_t> walked;
  std::string cursor;
  for (int pages = 0; pages < 5; ++pages) {
    const auto page = admin().get("/api/empresas?limit=2" + cursor).data();
    for (const auto& each : page["companies"]) walked.push_back(each["id"]);
    if (!page.contains("nextCursor")) break;
    cursor = "&cursor=" + page["nextCursor"].get<std::string>();
  }
  EXPECT_EQ(walked, (list{one, two, none}));

  const auto units = [](const answer& got) { return got.data()["unidades"]; };
  EXPECT_EQ(units(as().get("/api/unidades")), json::array({{{"id", 1}, {"nome", "Matriz"}}}));
  EXPECT_EQ(units(admin().get("/api/unidades")),
            json::array({{{"id", 1}, {"nome", "Matriz"}}, {{"id", 2}, {"nome", "Filial Sul"}}}));
}

TEST_F(company_routes, an_edit_during_a_job_gives_what_one_after_the_other_would) {
  {
    auto stored = db();
    add_companies(stored, busy_companies(1, 1000, 400));
  }
  auto user = as();
  const auto job = start_job(user, 1, 3);
  auto editor = as();
  for (std::int64_t id = 1399; id > 1379; --id) {
    ASSERT_EQ(editor.put(path(id) + "?futureYears=3", {{"periodicidade", 40}}).status, 200);
  }
  EXPECT_EQ(wait_for_end(user, job)["status"], "completed");
  auto stored = db();
  auto planned = planned_for_unit(stored, 1, {noon_date(), 3});
  EXPECT_EQ(difference(planned, stored_lines(stored)), "");
}

TEST_F(company_routes, two_clients_that_create_the_same_one_get_it_once) {
  std::vector<int> statuses(16);
  std::vector<std::thread> clients;
  for (auto& status : statuses) {
    clients.emplace_back([&] { status = admin().post("/api/empresas", new_company(70)).status; });
  }
  for (auto& each : clients) each.join();
  EXPECT_EQ(std::count(statuses.begin(), statuses.end(), 201), 1);
  EXPECT_EQ(std::count(statuses.begin(), statuses.end(), 409), 15);
}

}  // namespace
}  // namespace mutirao::e2e
