#include "http/json/task.hpp"

#include "http/cursor.hpp"

namespace mutirao::http::json {
namespace {

constexpr std::int64_t visit_sector = 2;

void write_task(writer& out, const task_row& of) {
  out.begin_object()
      .field("id", of.id.value)
      .field("empresa_id", of.company.value)
      .field("finalidade_id", static_cast<int>(of.kind))
      .field("prazo", of.due)
      .field("prioridade", of.priority)
      .field("status", of.status)
      .field("setor_id", of.sector);
  if (of.technician) out.field("responsavel_id", of.technician->value);
  if (of.unit) out.field("unidade_id", of.unit->value);
  out.field("created_by", of.created_by)
      .field("created_at", of.created_at)
      .field("empresa", of.company_name)
      .field("unidade", of.unit_name)
      .field("finalidade", purpose_text(of.kind));
  if (of.sector == visit_sector) out.field("setor", "Visita");
  out.field("responsavel", of.technician_name).end_object();
}

/// The agenda's times stand as they are: without zone.
void write_event(writer& out, const agenda_row& of) {
  out.begin_object()
      .field("id", of.id.value)
      .field("tarefa_id", of.id.value)
      .field("title", of.title)
      .field("description", of.description)
      .field("color", of.color)
      .field("start_date", of.start)
      .field("end_date", of.end)
      .field("tipo_tarefa_id", static_cast<int>(of.kind))
      .end_object();
}

template <class Row>
void write_list(writer& out, std::string_view name, std::span<const Row> list,
                void (*write)(writer&, const Row&)) {
  out.key(name).begin_array();
  for (const auto& row : list) write(out, row);
  out.end_array();
}

template <class Row>
std::string render_page(std::string_view name, const page<Row>& of,
                        void (*write)(writer&, const Row&)) {
  writer out;
  out.begin_object();
  write_list<Row>(out, name, of.rows, write);
  if (of.next) out.field("nextCursor", encode_cursor(*of.next));
  out.end_object();
  return out.take();
}

}  // namespace

std::string render_task(const task_row& of) {
  writer out;
  write_task(out, of);
  return out.take();
}

std::string render_task_page(const list_tasks::answer& of) {
  return render_page("tasks", of, write_task);
}

std::string render_all_tasks(std::span<const task_row> list) {
  writer out;
  out.begin_object();
  write_list(out, "tasks", list, write_task);
  out.field("total", list.size()).end_object();
  return out.take();
}

std::string render_events(std::span<const agenda_row> list) {
  writer out;
  out.begin_object();
  write_list(out, "events", list, write_event);
  out.end_object();
  return out.take();
}

std::string render_event_page(const list_agenda::answer& of) {
  return render_page("events", of, write_event);
}

std::string render_units(std::span<const named_unit> list) {
  writer out;
  out.begin_object().key("unidades").begin_array();
  for (const auto& unit : list) {
    out.begin_object().field("id", unit.id.value).field("nome", unit.name).end_object();
  }
  out.end_array().end_object();
  return out.take();
}

}  // namespace mutirao::http::json
