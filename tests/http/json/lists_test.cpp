#include <gtest/gtest.h>

#include "http/cursor.hpp"
#include "http/json/company.hpp"
#include "http/json/notification.hpp"
#include "http/json/task.hpp"
#include "tests/http/samples.hpp"

namespace mutirao::http::json {
namespace {

TEST(notification_json_test, nine_fields_with_null_where_nothing_is_known) {
  notification told;
  told.id = {1'000'001};
  told.user = {7};
  told.type = "auto-tasks-generated";
  told.title = "Tarefas Automáticas Geradas";
  told.body = "450 tarefas automáticas foram geradas para 150 empresas da unidade.";
  told.entity_type = "unit";
  told.entity_id = 1;
  told.job = job_id::parse(sample_id);
  told.processed = 150;
  told.created = 450;
  told.created_at = at_second(9);
  const std::string head =
      R"({"notifications":[{"id":1000001,"user_id":7,"type":"auto-tasks-generated","entity":"unit",)";
  const std::string tail = R"("processed":150,"createdTotal":450},)"
                           R"("created_at":"2026-11-23T12:00:09.000Z",)";
  EXPECT_EQ(
      render_notifications({{told}, 120}),
      head +
          R"("entity_id":1,)"
          R"("message":"450 tarefas automáticas foram geradas para 150 empresas da unidade.",)"
          R"("metadata":{"title":"Tarefas Automáticas Geradas","link":"/empresas",)"
          R"("jobId":"6f9619ff-8b86-4011-b42d-00c04fc964ff",)" +
          tail + R"("read_at":null}],"unread":120})");

  told.entity_id.reset();
  told.job.reset();
  told.body = "x";
  told.title = "y";
  told.read_at = at_second(10);
  EXPECT_EQ(render_notifications({{told}}),
            head +
                R"("entity_id":null,"message":"x",)"
                R"("metadata":{"title":"y","link":"/empresas","jobId":null,)" +
                tail + R"("read_at":"2026-11-23T12:00:10.000Z"}],"unread":0})");
}

TEST(notification_json_test, an_empty_list_is_a_list) {
  EXPECT_EQ(render_notifications({}), R"({"notifications":[],"unread":0})");
}

TEST(company_json_test, every_field_and_the_names) {
  EXPECT_EQ(render_company(sample_company()),
            R"({"id":5,"cnpj":"11222333000181","razao_social":"Padaria Sol Ltda",)"
            R"("nome_fantasia":"Padaria Sol","nome":"Padaria Sol","cidade":"Campinas",)"
            R"("telefone":"(19) 5550-1005","periodicidade":30,"data_renovacao":"2025-03-10",)"
            R"("tecnico_responsavel":11,"tecnico_nome":"Bia Reis","unidade_responsavel":1,)"
            R"("unidade_id":1,"unidade_nome":"Matriz","status":"ativo"})");
}

TEST(company_json_test, what_is_absent_is_left_out) {
  company_row row;
  row.data.id = {6};
  row.data.caepf = "12345678909";
  row.data.razao_social = "Sítio Ipê";
  row.data.nome_fantasia = "Ipê";
  row.data.active = false;
  EXPECT_EQ(render_company(row),
            R"({"id":6,"caepf":"12345678909","razao_social":"Sítio Ipê","nome_fantasia":"Ipê",)"
            R"("nome":"Ipê","status":"inativo"})");
}

TEST(company_json_test, a_page_has_the_total_where_it_was_counted) {
  list_companies::answer page;
  page.total = 80;
  page.companies.next = 5;
  EXPECT_EQ(render_companies(page, true),
            R"({"companies":[],"total":80,"nextCursor":")" + encode_cursor(5) + "\"}");
  EXPECT_EQ(render_companies(page, false),
            R"({"companies":[],"nextCursor":")" + encode_cursor(5) + "\"}");
}

task_row sample_task() {
  task_row task;
  task.id = {31};
  task.company = {5};
  task.kind = purpose::initial_inspection;
  task.due = *parse_date("2026-03-10");
  task.priority = "Normal";
  task.status = "Automático";
  task.technician = user_id{11};
  task.unit = unit_id{1};
  task.created_at = at_second(3);
  task.company_name = "Padaria Sol";
  task.unit_name = "Matriz";
  task.technician_name = "Bia Reis";
  return task;
}

TEST(task_json_test, stored_fields_and_names) {
  EXPECT_EQ(render_task(sample_task()),
            R"({"id":31,"empresa_id":5,"finalidade_id":1,"prazo":"2026-03-10",)"
            R"("prioridade":"Normal","status":"Automático","setor_id":2,"responsavel_id":11,)"
            R"("unidade_id":1,"created_by":1,"created_at":"2026-11-23T12:00:03.000Z",)"
            R"("empresa":"Padaria Sol","unidade":"Matriz","finalidade":"Inspeção Inicial",)"
            R"("setor":"Visita","responsavel":"Bia Reis"})");
}

TEST(task_json_test, a_task_of_nobody_in_another_sector) {
  auto task = sample_task();
  task.technician.reset();
  task.technician_name.reset();
  task.unit.reset();
  task.unit_name.reset();
  task.sector = 9;
  EXPECT_EQ(render_task(task), R"({"id":31,"empresa_id":5,"finalidade_id":1,"prazo":"2026-03-10",)"
                               R"("prioridade":"Normal","status":"Automático","setor_id":9,)"
                               R"("created_by":1,"created_at":"2026-11-23T12:00:03.000Z",)"
                               R"("empresa":"Padaria Sol","finalidade":"Inspeção Inicial"})");
}

TEST(task_json_test, pages_have_a_cursor_and_whole_lists_a_total) {
  list_tasks::answer page{{}, 31};
  EXPECT_EQ(render_task_page(page), R"({"tasks":[],"nextCursor":")" + encode_cursor(31) + "\"}");
  page.next.reset();
  EXPECT_EQ(render_task_page(page), R"({"tasks":[]})");
  EXPECT_EQ(render_all_tasks({}), R"({"tasks":[],"total":0})");
}

TEST(agenda_json_test, times_have_no_zone) {
  agenda_row event;
  event.id = {31};
  event.title = "Rotina (Padaria Sol Ltda)";
  event.description = "Rotina a ser realizada na empresa Padaria Sol Ltda";
  event.color = "rgb(1 120 90)";
  event.start = "2026-03-10 08:00:00";
  event.end = "2026-03-10 08:30:00";
  event.kind = purpose::routine;
  const std::string events =
      R"x({"events":[{"id":31,"tarefa_id":31,"title":"Rotina (Padaria Sol Ltda)",)x"
      R"x("description":"Rotina a ser realizada na empresa Padaria Sol Ltda",)x"
      R"x("color":"rgb(1 120 90)","start_date":"2026-03-10 08:00:00",)x"
      R"x("end_date":"2026-03-10 08:30:00","tipo_tarefa_id":4}])x";
  EXPECT_EQ(render_events({&event, 1}), events + "}");
  EXPECT_EQ(render_event_page({{event}, 31}),
            events + R"(,"nextCursor":")" + encode_cursor(31) + "\"}");
}

TEST(unit_json_test, units) {
  const named_unit unit{{1}, "Matriz"};
  EXPECT_EQ(render_units({&unit, 1}), R"({"unidades":[{"id":1,"nome":"Matriz"}]})");
}

}  // namespace
}  // namespace mutirao::http::json
