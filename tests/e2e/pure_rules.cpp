#include "tests/e2e/pure_rules.hpp"

#include <algorithm>

namespace mutirao::e2e {
namespace {

using columns = std::vector<std::string>;

constexpr const char* company_columns =
    "SELECT id, data_renovacao, periodicidade, razao_social, tecnico_responsavel, "
    "unidade_responsavel FROM empresas WHERE ";

std::vector<std::string> lines_of(const columns& company, const generation& run,
                                  const std::vector<date>& existing) {
  renewal_cycle cycle;
  cycle.renewal = parse_date(company[1]);
  if (company[2] != "null") cycle.period_days = std::stoll(company[2]);
  std::vector<std::string> lines;
  for (const auto& task : plan_auto_tasks(run, cycle, existing)) {
    const auto event = render_event(task, company[3]);
    lines.push_back(company[0] + "|" + std::to_string(static_cast<int>(task.kind)) +
                    "|Normal|Automático|" + format_date(task.due) + "|2|" + company[4] + "|1|" +
                    company[5] + "|" + event.title + "|" + event.description + "|" +
                    std::string(event.color) + "|" + event.start + "|" + event.end + "|" +
                    company[4]);
  }
  return lines;
}

}  // namespace

due_dates stored_due_dates(database& in) {
  due_dates all;
  for (const auto& row : in.rows("SELECT empresa_id, prazo FROM tarefas")) {
    if (const auto due = parse_date(row[1])) all[std::stoll(row[0])].push_back(*due);
  }
  return all;
}

std::vector<std::string> planned_lines(database& in, std::int64_t company, const generation& run,
                                       const std::vector<date>& existing) {
  const auto found = in.rows(company_columns + ("id = " + std::to_string(company)));
  return found.empty() ? std::vector<std::string>{} : lines_of(found.front(), run, existing);
}

std::vector<std::string> planned_for_unit(database& in, std::int64_t unit, const generation& run,
                                          const due_dates& existing) {
  std::vector<std::string> all;
  for (const auto& company :
       in.rows(company_columns + ("ativo = 1 AND unidade_responsavel = " + std::to_string(unit)) +
               " ORDER BY id")) {
    const auto had = existing.find(std::stoll(company[0]));
    auto lines = lines_of(company, run, had == existing.end() ? std::vector<date>{} : had->second);
    std::move(lines.begin(), lines.end(), std::back_inserter(all));
  }
  return all;
}

std::vector<std::string> stored_lines(database& in, const std::string& where) {
  return in.lines(
      "SELECT empresa_id, finalidade_id, prioridade, status, prazo, setor_id, responsavel_id, "
      "created_by, unidade_id, title, description, color, start_date, end_date, usuario_id "
      "FROM tarefas LEFT JOIN agenda USING (id) WHERE " +
      where + " ORDER BY empresa_id, id");
}

std::string difference(const std::vector<std::string>& planned,
                       const std::vector<std::string>& stored) {
  const auto sizes =
      std::to_string(planned.size()) + " planned, " + std::to_string(stored.size()) + " stored";
  const auto [p, s] = std::mismatch(planned.begin(), planned.end(), stored.begin(), stored.end());
  if (p == planned.end() && s == stored.end()) return {};
  return sizes + "; planned " + (p == planned.end() ? "nothing" : *p) + " where stored is " +
         (s == stored.end() ? "nothing" : *s);
}

}  // namespace mutirao::e2e
