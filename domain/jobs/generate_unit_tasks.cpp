#include "domain/jobs/generate_unit_tasks.hpp"

#include <utility>

#include "domain/argument_text.hpp"
#include "domain/jobs/unit_companies.hpp"

namespace mutirao {
namespace {

// The stored form: `today=2026-11-23 futureYears=1`.
constexpr std::string_view today_name = "today=";
constexpr std::string_view years_name = " futureYears=";

std::string encode(const generation& run) {
  std::string text(today_name);
  append_date(text, run.today);
  text += years_name;
  text += std::to_string(run.future_years);
  return text;
}

std::optional<generation> decode(std::string_view text) {
  const auto length = today_name.size() + date_length + years_name.size() + 1;
  if (text.size() != length) return std::nullopt;
  const auto today = parse_date(text.substr(today_name.size(), date_length));
  const int years = text.back() - '0';
  if (!today || years < 0 || years > generate_unit_tasks::most_future_years) return std::nullopt;
  return generation{*today, years};
}

item_plan plan_company(const generation& run, std::optional<unit_id> unit,
                       const planning_company& of) {
  item_plan planned{
      .item = {of.data.id.value}, .state = item_state::done, .tasks = {}, .error = {}};
  planned.made_from = of.data.id;
  if (!of.data.active || of.data.unidade_responsavel != unit) {
    planned.state = item_state::skipped;
    return planned;
  }
  const renewal_cycle cycle{of.data.data_renovacao, of.data.periodicidade};
  planned.tasks = render_tasks(of.data, plan_auto_tasks(run, cycle, of.due_dates));
  return planned;
}

}  // namespace

const job_description& generate_unit_tasks::about() const {
  static const job_description all{
      .title = {"Gerar tarefas automáticas de uma unidade", "Generate a unit's automatic tasks"},
      .says = {"Gera as tarefas automáticas de cada empresa ativa da unidade.",
               "Generates the automatic tasks of every active company of the unit."},
      .arguments = {unit_argument,
                    {.name = "futureYears",
                     .form = argument_form::integer,
                     .most = most_future_years,
                     .absent = "0",
                     .says = {"Anos além do atual.", "Years beyond this one."}}},
      .item = "empresaId",
      .nothing = "Nenhuma empresa ativa nesta unidade.",
      .rehearses = true};
  return all;
}

expected<job_request> generate_unit_tasks::validate(const argument_reader& given, const caller&,
                                                    date today) const {
  const std::string unit_text(given_or(given, "unit"));
  const auto unit = unit_in(unit_text);
  if (!unit) return fail(errc::invalid_id, unit_text);
  const std::string years(given_or(given, "futureYears", "0"));
  if (years.size() != 1 || years[0] < '0' || years[0] > '0' + most_future_years) {
    return fail(errc::invalid_future_years, years);
  }
  return job_request{{unit, encode({today, years[0] - '0'}),
                      "unit=" + std::to_string(unit->value) + " futureYears=" + years},
                     nullptr};
}

expected<std::vector<item_id>> generate_unit_tasks::list(company_directory& directory,
                                                         const job_arguments& arguments) const {
  if (!arguments.unit) return fail(errc::unknown_unit);
  return directory.active_companies(*arguments.unit);
}

expected<std::vector<item_plan>> generate_unit_tasks::plan(company_directory& directory,
                                                           const job_arguments& arguments,
                                                           std::span<const item_id> items) const {
  const auto run = decode(arguments.text);
  if (!run) return fail(errc::internal, "arguments of generate-auto-tasks-unit: " + arguments.text);
  return plan_companies(directory, items, [&](const planning_company& of) -> expected<item_plan> {
    return plan_company(*run, arguments.unit, of);
  });
}

job_ending generate_unit_tasks::conclude(const job_arguments& arguments, const job_totals& totals,
                                         notice tells) const {
  auto ending = ending_of_unit(arguments);
  if (tells == notice::failure) {
    ending.type = "auto-tasks-error";
    ending.title = "Erro ao Gerar Tarefas Automáticas";
    ending.body = "Ocorreu um erro ao gerar tarefas automáticas. Por favor, tente novamente.";
    return ending;
  }
  ending.type = "auto-tasks-generated";
  ending.title = "Tarefas Automáticas Geradas";
  ending.body = std::to_string(totals.created) + " tarefas automáticas foram geradas para " +
                std::to_string(totals.done) + " empresas da unidade.";
  return ending;
}

std::vector<named_number> generate_unit_tasks::result(const job_arguments& arguments,
                                                      const job_totals&) const {
  const auto run = decode(arguments.text);
  return {{"yearsProcessed", run ? run->future_years + 1 : 0}};
}

}  // namespace mutirao
