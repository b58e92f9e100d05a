// Tasks and agenda over HTTP: lists, filters, cursors, dates, taking a task up.
#include <algorithm>

#include "tests/e2e/fixture.hpp"

namespace mutirao::e2e {
namespace {

using names = std::vector<std::string>;

class tasks : public service_test {
 protected:
  void SetUp() override {
    make_database();
    auto stored = db();
    add_companies(stored, {{1, 1, "2020-02-29", 30, 7, "Indústria", true},
                           {2, 1, "2019-05-10", std::nullopt, std::nullopt, "", true},
                           {3, 2, "2021-07-01", 60, 8, "Sul", true}});
    start();
    auto root = admin();
    wait_for_end(root, start_job(root, 1, 1));
    wait_for_end(root, start_job(root, 2, 1));
  }
  /// All pages of a list, by `limit`.
  json walk(http_client& by, const std::string& path, const std::string& name, int limit) {
    auto all = json::array();
    std::string cursor;
    for (int pages = 0; pages < 1000; ++pages) {
      const auto got = by.get(path + (path.find('?') == std::string::npos ? "?" : "&") +
                              "limit=" + std::to_string(limit) + cursor);
      EXPECT_EQ(got.status, 200) << got.body;
      const auto page = got.data();
      EXPECT_LE(page[name].size(), static_cast<std::size_t>(limit));
      for (const auto& each : page[name]) all.push_back(each);
      if (!page.contains("nextCursor")) return all;
      EXPECT_FALSE(page[name].empty()) << "a page with a next one is not empty";
      cursor = "&cursor=" + page["nextCursor"].get<std::string>();
    }
    ADD_FAILURE() << "the cursor leads round in circles";
    return all;
  }
  std::size_t stored_count(const std::string& where) {
    return static_cast<std::size_t>(db().integer("SELECT count(*) FROM tarefas WHERE " + where));
  }
};

TEST_F(tasks, are_listed_by_id_whole_and_with_names) {
  auto root = admin();
  const auto all = walk(root, "/api/tarefas", "tasks", 7);
  ASSERT_EQ(all.size(), stored_count("1"));
  for (std::size_t i = 1; i < all.size(); ++i) EXPECT_LT(all[i - 1]["id"], all[i]["id"]);
  EXPECT_EQ(all, walk(root, "/api/tarefas", "tasks", 500));
  auto stored = db();
  for (const auto& task : all) {
    const auto row = stored.rows(
        "SELECT empresa_id, finalidade_id, prazo, prioridade, status, setor_id, responsavel_id, "
        "unidade_id, created_by FROM tarefas WHERE id = " +
        task["id"].dump())[0];
    EXPECT_EQ(task["empresa_id"].dump(), row[0]);
    EXPECT_EQ(task["finalidade_id"].dump(), row[1]);
    EXPECT_EQ(task["prazo"], row[2]);
    EXPECT_EQ(task["prioridade"], "Normal");
    EXPECT_EQ(task["status"], "Automático");
    EXPECT_EQ(task["setor_id"], 2);
    EXPECT_EQ(task.contains("responsavel_id") ? task["responsavel_id"].dump() : "null", row[6]);
    EXPECT_EQ(task["unidade_id"].dump(), row[7]);
    EXPECT_EQ(task["created_by"], 1);
    EXPECT_TRUE(is_instant(task["created_at"]));
    EXPECT_EQ(task["setor"], "Visita");
    EXPECT_EQ(task["unidade"], task["unidade_id"] == 1 ? "Matriz" : "Filial Sul");
    EXPECT_EQ(task.contains("responsavel"), task.contains("responsavel_id"));
    const auto kind = task["finalidade_id"].get<int>();
    EXPECT_EQ(task["finalidade"], kind == 1   ? "Inspeção Inicial"
                                  : kind == 2 ? "Renovação"
                                              : "Rotina");
    EXPECT_TRUE(task["empresa"].is_string());
  }
}

TEST_F(tasks, filters_narrow_inclusively) {
  auto root = admin();
  const auto year = std::to_string(year_of(noon_date()));
  const auto counted = [&](const std::string& query, const std::string& where) {
    EXPECT_EQ(walk(root, "/api/tarefas?" + query, "tasks", 50).size(), stored_count(where))
        << query;
    EXPECT_EQ(walk(root, "/api/agenda?" + query, "events", 50).size(), stored_count(where))
        << query;
  };
  counted("empresa_id=1", "empresa_id = 1");
  counted("unidade_id=2", "unidade_id = 2");
  counted("empresa_id=1&unidade_id=2", "0");
  counted("empresa_id=999", "0");
  counted("de=" + year + "-05-10&ate=" + year + "-05-10", "prazo = '" + year + "-05-10'");
  EXPECT_GE(stored_count("prazo = '" + year + "-05-10'"), 1U);
  counted("de=" + year + "-07-01", "prazo >= '" + year + "-07-01'");
  counted("ate=" + year + "-07-01", "prazo <= '" + year + "-07-01'");
  counted("status=Autom%C3%A1tico", "1");
  counted("status=pendente", "0");
  counted("status=nunca", "0");
}

TEST_F(tasks, of_a_company_come_all_at_once) {
  const auto got = as().get("/api/tarefas/empresa/1");
  ASSERT_EQ(got.status, 200);
  const auto all = got.data();
  EXPECT_EQ(all["total"], stored_count("empresa_id = 1"));
  EXPECT_EQ(all["tasks"].size(), stored_count("empresa_id = 1"));
  EXPECT_EQ(as().get("/api/tarefas/empresa/3").status, 403);
  EXPECT_EQ(as().get("/api/tarefas/empresa/999").status, 404);
}

TEST_F(tasks, a_caller_sees_those_of_his_units) {
  auto user = as();
  EXPECT_EQ(walk(user, "/api/tarefas", "tasks", 500).size(), stored_count("unidade_id = 1"));
  EXPECT_EQ(walk(user, "/api/tarefas?unidade_id=2", "tasks", 500).size(), 0U);
  EXPECT_EQ(walk(user, "/api/agenda?unidade_id=2", "events", 500).size(), 0U);
  EXPECT_EQ(user.get("/api/tarefas/agenda/responsavel/8").data()["events"].size(), 0U);
  auto stranger = as({9, {}});
  EXPECT_EQ(walk(stranger, "/api/tarefas", "tasks", 500).size(), 0U);
  EXPECT_EQ(walk(stranger, "/api/agenda", "events", 500).size(), 0U);
}

TEST_F(tasks, the_agenda_of_a_technician_has_local_times_and_inclusive_ends) {
  auto stored = db();
  const auto day = stored.text(
      "SELECT prazo FROM tarefas WHERE empresa_id = 1 AND finalidade_id = 2 "
      "ORDER BY prazo LIMIT 1");
  const auto got = as().get("/api/tarefas/agenda/responsavel/7?from=" + day + "&to=" + day);
  ASSERT_EQ(got.status, 200) << got.body;
  const auto events = got.data()["events"];
  ASSERT_EQ(events.size(), 1U);
  EXPECT_EQ(keys_of(events[0]), (names{"color", "description", "end_date", "id", "start_date",
                                       "tarefa_id", "tipo_tarefa_id", "title"}));
  EXPECT_EQ(events[0]["start_date"], day + " 13:00:00");
  EXPECT_EQ(events[0]["end_date"], day + " 14:00:00");
  EXPECT_EQ(events[0]["title"], "Renovação (Indústria)");
  EXPECT_EQ(events[0]["description"], "Renovação a ser realizada na empresa Indústria");
  EXPECT_EQ(events[0]["color"], "rgb(167 150 0)");
  EXPECT_EQ(events[0]["tipo_tarefa_id"], 2);
  EXPECT_EQ(stored.text("SELECT prazo FROM tarefas WHERE id = " + events[0]["tarefa_id"].dump()),
            day);
  EXPECT_EQ(as().get("/api/tarefas/agenda/responsavel/7").data()["events"].size(),
            stored_count("responsavel_id = 7"));
  auto root = admin();
  const auto agenda = walk(root, "/api/agenda", "events", 9);
  EXPECT_EQ(agenda.size(), stored_count("1"));
  const auto nameless = walk(root, "/api/agenda?empresa_id=2", "events", 9);
  ASSERT_FALSE(nameless.empty());
  EXPECT_EQ(nameless[0]["title"], "Renovação (Empresa)");
}

TEST_F(tasks, taking_one_up_moves_its_event) {
  auto stored = db();
  const auto id = stored.text("SELECT min(id) FROM tarefas WHERE empresa_id = 1");
  const auto path = "/api/tarefas/" + id;
  EXPECT_EQ(as({9, {2}}).put(path, {{"status", "pendente"}}).status, 403);
  EXPECT_EQ(as().put("/api/tarefas/99999999", {{"status", "pendente"}}).status, 404);
  const auto row = [&] {
    return stored.lines(
        "SELECT status, responsavel_id, setor_id, usuario_id FROM tarefas JOIN agenda "
        "USING (id) WHERE id = " +
        id)[0];
  };
  EXPECT_EQ(as().put(path, json::object()).status, 200);
  EXPECT_EQ(
      as().put(path, {{"status", nullptr}, {"usuarioId", nullptr}, {"setorId", nullptr}}).status,
      200);
  EXPECT_EQ(row(), "Automático|7|2|7");
  const auto got = as().put(path, {{"status", "progress"}, {"usuarioId", 8}});
  ASSERT_EQ(got.status, 200) << got.body;
  EXPECT_EQ(row(), "progress|8|2|8");
  for (const char* status : {"pendente", "concluída", "Automático"}) {
    EXPECT_EQ(as().put(path, {{"status", status}}).status, 200) << status;
    EXPECT_EQ(row(), std::string(status) + "|8|2|8");
  }
  EXPECT_EQ(as().put(path, {{"setorId", 5}}).status, 200);
  EXPECT_EQ(row(), "Automático|8|5|8");
  EXPECT_EQ(as().get("/api/tarefas/agenda/responsavel/8").data()["events"].size(), 1U);
}

}  // namespace
}  // namespace mutirao::e2e
