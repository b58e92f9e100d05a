#include "domain/company.hpp"

#include <algorithm>

namespace mutirao {

company patched(company before, const company_patch& patch) {
  const auto set = [](auto& field, const auto& given) {
    if (given) field = *given;
  };
  set(before.cnpj, patch.cnpj);
  set(before.caepf, patch.caepf);
  set(before.razao_social, patch.razao_social);
  set(before.nome_fantasia, patch.nome_fantasia);
  set(before.cidade, patch.cidade);
  set(before.telefone, patch.telefone);
  set(before.periodicidade, patch.periodicidade);
  set(before.data_renovacao, patch.data_renovacao);
  set(before.tecnico_responsavel, patch.tecnico_responsavel);
  set(before.unidade_responsavel, patch.unidade_responsavel);
  set(before.active, patch.active);
  return before;
}

bool regenerates(const company& before, const company& after) {
  return before.periodicidade != after.periodicidade ||
         before.data_renovacao != after.data_renovacao ||
         before.tecnico_responsavel != after.tecnico_responsavel ||
         before.unidade_responsavel != after.unidade_responsavel;
}

int future_years_after_change(date today, int requested, std::optional<date> last_removed) {
  return last_removed ? std::max(requested, year_of(*last_removed) - year_of(today)) : requested;
}

std::vector<new_task> render_tasks(const company& of, const std::vector<generated_task>& tasks) {
  std::vector<new_task> rendered;
  rendered.reserve(tasks.size());
  for (const auto& task : tasks) {
    rendered.push_back({of.id, of.unidade_responsavel, of.tecnico_responsavel, task.kind, task.due,
                        render_event(task, of.razao_social)});
  }
  return rendered;
}

}  // namespace mutirao
