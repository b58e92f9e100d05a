#include "http/json/company.hpp"

#include "http/cursor.hpp"

namespace mutirao::http::json {
namespace {

void write_fields(writer& out, const company_row& of) {
  const auto& data = of.data;
  if (data.id.value != 0) out.field("id", data.id.value);
  out.field("cnpj", data.cnpj)
      .field("caepf", data.caepf)
      .field("razao_social", data.razao_social)
      .field("nome_fantasia", data.nome_fantasia)
      .field("nome", data.nome_fantasia)
      .field("cidade", data.cidade)
      .field("telefone", data.telefone)
      .field("periodicidade", data.periodicidade)
      .field("data_renovacao", data.data_renovacao);
  if (data.tecnico_responsavel) out.field("tecnico_responsavel", data.tecnico_responsavel->value);
  out.field("tecnico_nome", of.technician_name);
  if (data.unidade_responsavel) {
    out.field("unidade_responsavel", data.unidade_responsavel->value)
        .field("unidade_id", data.unidade_responsavel->value);
  }
  out.field("unidade_nome", of.unit_name).field("status", data.active ? "ativo" : "inativo");
}

}  // namespace

void write_company(writer& out, const company_row& of) {
  out.begin_object();
  write_fields(out, of);
  out.end_object();
}

std::string render_company(const company_row& of) {
  writer out;
  write_company(out, of);
  return out.take();
}

std::string render_changed_company(const company_row& of, const edit_company::answer& change) {
  writer out;
  out.begin_object();
  write_fields(out, of);
  out.field("tasksRemoved", change.tasks_removed)
      .field("tasksCreated", change.tasks_created)
      .end_object();
  return out.take();
}

std::string render_companies(const list_companies::answer& of, bool counted) {
  writer out;
  out.begin_object().key("companies").begin_array();
  for (const auto& row : of.companies.rows) write_company(out, row);
  out.end_array();
  if (counted) out.field("total", of.total);
  if (of.companies.next) out.field("nextCursor", encode_cursor(*of.companies.next));
  out.end_object();
  return out.take();
}

}  // namespace mutirao::http::json
