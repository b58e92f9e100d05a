#include "domain/jobs/remove_unit_tasks.hpp"

#include "domain/argument_text.hpp"
#include "domain/counted.hpp"
#include "domain/jobs/unit_companies.hpp"

namespace mutirao {
namespace {

constexpr std::string_view earliest = "0001-01-01";

expected<item_plan> plan_company(company_directory& directory, std::optional<unit_id> unit,
                                 const company& of, date from) {
  item_plan planned{.item = {of.id.value}, .tasks = {}, .error = {}};
  planned.made_from = of.id;
  if (of.unidade_responsavel != unit) {
    planned.state = item_state::skipped;
    return planned;
  }
  auto tasks = directory.automatic_tasks(of, from);
  if (!tasks) return tl::unexpected(std::move(tasks.error()));
  planned.removed = *std::move(tasks);
  return planned;
}

}  // namespace

const job_description& remove_unit_tasks::about() const {
  static const job_description all{
      .title = {"Remover tarefas automáticas de uma unidade", "Remove a unit's automatic tasks"},
      .says = {"Remove as tarefas com status \"Automático\", com seus eventos de agenda, de cada "
               "empresa da unidade, ativa ou não.",
               "Removes the tasks whose status is still \"Automático\", with their agenda events, "
               "of every company of the unit, active or not."},
      .arguments = {unit_argument,
                    {.name = "from",
                     .form = argument_form::day,
                     .says = {"Só tarefas com prazo a partir deste dia; sem ele, todas.",
                              "Only tasks due on this day or later; without it, all."}}},
      .item = "empresaId",
      .nothing = "Nenhuma empresa nesta unidade."};
  return all;
}

expected<job_request> remove_unit_tasks::validate(const argument_reader& given, const caller&,
                                                  date) const {
  const std::string unit_text(given_or(given, "unit"));
  const auto unit = unit_in(unit_text);
  if (!unit) return fail(errc::invalid_id, unit_text);
  const std::string from(given_or(given, "from", earliest));
  if (!parse_date(from)) return fail(errc::invalid_field, "from");
  const auto text = "unit=" + std::to_string(unit->value) + " from=" + from;
  return job_request{{unit, text, text}, nullptr};
}

expected<std::vector<item_id>> remove_unit_tasks::list(company_directory& directory,
                                                       const job_arguments& arguments) const {
  if (!arguments.unit) return fail(errc::unknown_unit);
  return directory.companies_of(*arguments.unit);
}

expected<std::vector<item_plan>> remove_unit_tasks::plan(company_directory& directory,
                                                         const job_arguments& arguments,
                                                         std::span<const item_id> items) const {
  const auto from = parse_date(stored_argument(arguments.text, "from").value_or(""));
  if (!from) return fail(errc::internal, "arguments of remove-auto-tasks-unit: " + arguments.text);
  return plan_companies(directory, items, [&](const planning_company& of) {
    return plan_company(directory, arguments.unit, of.data, *from);
  });
}

job_ending remove_unit_tasks::conclude(const job_arguments& arguments, const job_totals& totals,
                                       notice tells) const {
  auto ending = ending_of_unit(arguments);
  if (tells == notice::failure) {
    ending.type = "auto-tasks-removal-error";
    ending.title = "Erro ao Remover Tarefas Automáticas";
    ending.body = "Ocorreu um erro ao remover tarefas automáticas. Por favor, tente novamente.";
    return ending;
  }
  ending.type = "auto-tasks-removed";
  ending.title = "Tarefas Automáticas Removidas";
  ending.body = counted(totals.created, "tarefa automática foi removida",
                        "tarefas automáticas foram removidas") +
                " de " + counted(totals.done, "empresa", "empresas") + " da unidade.";
  return ending;
}

std::vector<named_number> remove_unit_tasks::result(const job_arguments&,
                                                    const job_totals& totals) const {
  return {{"removedTotal", totals.created}};
}

}  // namespace mutirao
