// A company and what a change of it means. Field names follow the HTTP specification.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "domain/auto_tasks.hpp"
#include "domain/date.hpp"
#include "domain/ids.hpp"

namespace mutirao {

struct company {
  company_id id;
  std::optional<std::string> cnpj;  // normalized, see registration.hpp; this or caepf
  std::optional<std::string> caepf;
  std::string razao_social;
  std::string nome_fantasia;
  std::optional<std::string> cidade;
  std::optional<std::string> telefone;
  std::optional<std::int64_t> periodicidade;  // whole days
  std::optional<date> data_renovacao;
  std::optional<user_id> tecnico_responsavel;
  std::optional<unit_id> unidade_responsavel;
  bool active = true;  // status "ativo" | "inativo"

  friend bool operator==(const company&, const company&) = default;
};

/// Absent: leave as it is. Present but empty: clear.
template <class T>
using change = std::optional<std::optional<T>>;

struct company_patch {
  change<std::string> cnpj;
  change<std::string> caepf;
  std::optional<std::string> razao_social;
  std::optional<std::string> nome_fantasia;
  change<std::string> cidade;
  change<std::string> telefone;
  change<std::int64_t> periodicidade;
  change<date> data_renovacao;
  change<user_id> tecnico_responsavel;
  change<unit_id> unidade_responsavel;
  std::optional<bool> active;
};

/// `before` with the fields of `patch` set.
company patched(company before, const company_patch& patch);

/// Whether the change gives another value to a field that tasks depend on (auto-tarefas, "Changing
/// a company"): periodicidade, data_renovacao, tecnico_responsavel or unidade_responsavel.
bool regenerates(const company& before, const company& after);

/// Years to generate beyond this one: the request's, or as far as the removed tasks reached.
int future_years_after_change(date today, int requested, std::optional<date> last_removed);

/// A task with its agenda event, every text rendered: the store only binds and steps.
struct new_task {
  company_id company;
  std::optional<unit_id> unit;
  std::optional<user_id> technician;
  purpose kind = purpose::routine;
  date due;
  event_texts event;
};

std::vector<new_task> render_tasks(const company&, const std::vector<generated_task>&);

}  // namespace mutirao
