#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "http/cursor.hpp"
#include "tests/http/samples.hpp"
#include "tests/http/site_fixture.hpp"

namespace mutirao::http {
namespace {

using nlohmann::json;

class tasks_route_test : public site_test {};

TEST_F(tasks_route_test, units) {
  plays->on<list_units>([](const list_units&) { return list_units::answer{{{1}, "Matriz"}}; });
  EXPECT_EQ(body_of(ask("GET", "/api/unidades")), R"({"unidades":[{"id":1,"nome":"Matriz"}]})");
  EXPECT_EQ(plays->asked<list_units>()[0].by.user, user_id{7});
}

TEST_F(tasks_route_test, tasks_and_agenda_take_the_same_filters) {
  plays->on<list_tasks>([](const list_tasks&) { return list_tasks::answer{{}, 9}; });
  plays->on<list_agenda>([](const list_agenda&) { return list_agenda::answer{{}, 9}; });
  const std::string filters =
      "?empresa_id=5&unidade_id=1&status=Autom%C3%A1tico&de=2026-01-01&ate=2026-12-31&limit=500"
      "&cursor=" +
      encode_cursor(3);
  EXPECT_EQ(body_of(ask("GET", "/api/tarefas" + filters)),
            R"({"tasks":[],"nextCursor":")" + encode_cursor(9) + "\"}");
  EXPECT_EQ(body_of(ask("GET", "/api/agenda" + filters)),
            R"({"events":[],"nextCursor":")" + encode_cursor(9) + "\"}");
  const auto check = [](const auto& asked) {
    EXPECT_EQ(asked.by.user, user_id{7});
    EXPECT_EQ(asked.filter.company, company_id{5});
    EXPECT_EQ(asked.filter.unit, unit_id{1});
    EXPECT_EQ(asked.filter.status, "Automático");
    EXPECT_EQ(asked.filter.from, parse_date("2026-01-01"));
    EXPECT_EQ(asked.filter.to, parse_date("2026-12-31"));
    EXPECT_EQ(asked.limit, 500);
    EXPECT_EQ(asked.after, 3);
  };
  check(plays->asked<list_tasks>().at(0));
  check(plays->asked<list_agenda>().at(0));
}

TEST_F(tasks_route_test, a_page_is_100_unless_told) {
  plays->on<list_tasks>([](const list_tasks&) { return list_tasks::answer{}; });
  EXPECT_EQ(body_of(ask("GET", "/api/tarefas")), R"({"tasks":[]})");
  EXPECT_EQ(plays->asked<list_tasks>()[0].limit, 100);
}

TEST_F(tasks_route_test, filters_that_mean_nothing_are_refused) {
  for (const std::string query : {"empresa_id=0", "unidade_id=-1", "de=2026-1-1", "ate=2026-02-30",
                                  "limit=501", "limit=0", "cursor=x"}) {
    EXPECT_EQ(ask("GET", "/api/tarefas?" + query).status, 400) << query;
    EXPECT_EQ(ask("GET", "/api/agenda?" + query).status, 400) << query;
  }
  EXPECT_EQ(parsed(ask("GET", "/api/tarefas?de=x"))["message"],
            "O valor do campo de não é válido.");
}

TEST_F(tasks_route_test, all_tasks_of_a_company) {
  plays->on<company_tasks>([](const company_tasks&) { return company_tasks::answer{}; });
  EXPECT_EQ(body_of(ask("GET", "/api/tarefas/empresa/5")), R"({"tasks":[],"total":0})");
  EXPECT_EQ(plays->asked<company_tasks>()[0].company, company_id{5});
  plays->on<company_tasks>([](const company_tasks&) { return fail(errc::forbidden_unit); });
  EXPECT_EQ(ask("GET", "/api/tarefas/empresa/5").status, 403);
  EXPECT_EQ(ask("GET", "/api/tarefas/empresa/5x").status, 400);
}

TEST_F(tasks_route_test, the_agenda_of_a_technician) {
  plays->on<technician_agenda>(
      [](const technician_agenda&) { return technician_agenda::answer{}; });
  const std::string path = "/api/tarefas/agenda/responsavel/11";
  EXPECT_EQ(body_of(ask("GET", path + "?from=2026-03-01&to=2026-03-31")), R"({"events":[]})");
  const auto asked = plays->asked<technician_agenda>().at(0);
  EXPECT_EQ(asked.technician, user_id{11});
  EXPECT_EQ(asked.from, parse_date("2026-03-01"));
  EXPECT_EQ(asked.to, parse_date("2026-03-31"));
  EXPECT_EQ(ask("GET", path).status, 200);
  EXPECT_EQ(ask("GET", path + "?from=yesterday").status, 400);
  EXPECT_EQ(ask("GET", path + "?to=").status, 400);
}

TEST_F(tasks_route_test, a_task_is_changed_by_what_is_given) {
  plays->on<edit_task>([](const edit_task& asked) {
    task_row changed;
    changed.id = asked.id;
    changed.status = asked.status.value_or("Automático");
    return changed;
  });
  const auto answer =
      ask("PUT", "/api/tarefas/31", R"({"status":"progress","usuarioId":null,"setorId":3})");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(parsed(answer)["status"], "progress");
  const auto asked = plays->asked<edit_task>().at(0);
  EXPECT_EQ(asked.id, task_id{31});
  EXPECT_EQ(asked.technician, std::nullopt);
  EXPECT_EQ(asked.sector, 3);
  EXPECT_EQ(ask("PUT", "/api/tarefas/31", R"({"status":"gone"})").status, 400);
  EXPECT_EQ(ask("PUT", "/api/tarefas/x", "{}").status, 400);
  plays->on<edit_task>([](const edit_task&) { return fail(errc::unknown_task); });
  EXPECT_EQ(ask("PUT", "/api/tarefas/31", "{}").status, 404);
}

TEST_F(tasks_route_test, notifications_of_the_caller) {
  plays->on<list_notifications>(
      [](const list_notifications&) { return list_notifications::answer{}; });
  EXPECT_EQ(body_of(ask("GET", "/api/notificacoes")), R"({"notifications":[],"unread":0})");
  EXPECT_EQ(ask("GET", "/api/notificacoes?limit=100").status, 200);
  EXPECT_EQ(plays->asked<list_notifications>().at(0).user, user_id{7});
  EXPECT_EQ(plays->asked<list_notifications>().at(0).limit, 30);
  EXPECT_EQ(plays->asked<list_notifications>().at(1).limit, 100);
  EXPECT_EQ(ask("GET", "/api/notificacoes?limit=101").status, 400);
}

TEST_F(tasks_route_test, a_notification_is_marked_read) {
  plays->on<read_notification>([](const read_notification& asked) { return asked.id; });
  EXPECT_EQ(body_of(ask("POST", "/api/notificacoes/1000007/read")),
            R"({"id":1000007,"read":true})");
  EXPECT_EQ(plays->asked<read_notification>().at(0).user, user_id{7});
  const auto bad = ask("POST", "/api/notificacoes/abc/read");
  EXPECT_EQ(bad.status, 400);
  EXPECT_EQ(parsed(bad)["message"], "ID inválido");
  plays->on<read_notification>(
      [](const read_notification&) { return fail(errc::unknown_notification); });
  const auto unknown = ask("POST", "/api/notificacoes/1000007/read");
  EXPECT_EQ(unknown.status, 404);
  EXPECT_EQ(parsed(unknown)["message"], "Notificação não encontrada");
}

TEST_F(tasks_route_test, all_notifications_are_marked_read) {
  plays->on<read_all_notifications>([](const read_all_notifications&) { return 3; });
  EXPECT_EQ(body_of(ask("POST", "/api/notificacoes/read-all")), R"({"updated":3})");
}

}  // namespace
}  // namespace mutirao::http
