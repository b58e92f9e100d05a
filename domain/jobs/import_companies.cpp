#include "domain/jobs/import_companies.hpp"

#include <algorithm>
#include <memory>

#include "domain/argument_text.hpp"
#include "domain/counted.hpp"
#include "domain/jobs/import_rows.hpp"

namespace mutirao {
namespace {

// For telling equal requests of one user apart from others, not against anybody: FNV-1a.
std::string digest(std::string_view text) {
  std::uint64_t sum = 0xcbf29ce484222325U;
  for (const char c : text) sum = (sum ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return std::to_string(text.size()) + "-" + std::to_string(sum);
}

std::string rights_of(const caller& by) {
  if (by.admin) return "all";
  std::string units;
  for (const auto unit : by.units) {
    units += (units.empty() ? "" : ",") + std::to_string(unit.value);
  }
  return units;
}

expected<import_order> decode(const job_arguments& arguments) {
  const auto word = [&](std::string_view of) {
    return stored_argument(arguments.text, of).value_or("");
  };
  const auto today = parse_date(word("today"));
  const auto years = whole_number(word("futureYears"), 0, import_companies::most_future_years);
  if (!today || !years) {
    return fail(errc::internal, "arguments of import-companies: " + arguments.text);
  }
  import_order order{
      {*today, static_cast<int>(*years)}, word("generate") == "true", arguments.unit, {}};
  auto units = word("by");
  order.by.admin = units == "all";
  while (!order.by.admin && !units.empty()) {
    const auto one = units.substr(0, units.find(','));
    units.remove_prefix(std::min(units.size(), one.size() + 1));
    if (const auto unit = unit_in(one)) order.by.units.push_back(*unit);
  }
  return order;
}

}  // namespace

expected<void> import_companies::check_columns(const std::vector<std::string>& columns) {
  for (const auto& column : columns) {
    if (!find_company_field(column)) return fail(errc::unknown_column, column);
  }
  for (const auto* needed : {"razao_social", "nome_fantasia"}) {
    if (std::find(columns.begin(), columns.end(), needed) == columns.end()) {
      return fail(errc::missing_field, needed);
    }
  }
  return {};
}

const job_description& import_companies::about() const {
  static const job_description all{
      .title = {"Importar empresas", "Import companies"},
      .says = {"Cadastra uma empresa por linha de um CSV; uma linha com erro não impede as outras.",
               "Registers a company a row of a CSV; a bad row does not hold up the others."},
      .arguments =
          {{.name = "csv",
            .required = true,
            .least = 1,
            .most = most_bytes,
            .says = {"CSV em UTF-8, até 100.000 linhas e 16 MiB, com cabeçalho: cnpj, caepf, "
                     "razao_social, nome_fantasia, cidade, telefone, periodicidade, "
                     "data_renovacao, tecnico_responsavel, unidade_responsavel, status.",
                     "CSV in UTF-8, up to 100,000 rows and 16 MiB, with a header: cnpj, caepf, "
                     "razao_social, nome_fantasia, cidade, telefone, periodicidade, "
                     "data_renovacao, tecnico_responsavel, unidade_responsavel, status."}},
           {.name = "unit",
            .form = argument_form::integer,
            .least = 1,
            .most = INT64_MAX,
            .says = {"A unidade das linhas sem unidade_responsavel.",
                     "The unit of rows without unidade_responsavel."}},
           {.name = "generate",
            .form = argument_form::boolean,
            .absent = "false",
            .says = {"Gerar também as tarefas automáticas de cada empresa.",
                     "Generate each company's automatic tasks too."}},
           {.name = "futureYears",
            .form = argument_form::integer,
            .most = most_future_years,
            .absent = "0",
            .says = {"Com generate: anos além do atual.",
                     "With generate: years beyond this one."}}},
      .item = "linha",
      .nothing = "Nenhuma linha no CSV."};
  return all;
}

expected<job_request> import_companies::validate(const argument_reader& given, const caller& by,
                                                 date today) const {
  const auto csv = given_or(given, "csv");
  if (csv.empty()) return fail(errc::missing_field, "csv");
  if (csv.size() > std::size_t{most_bytes}) return fail(errc::invalid_field, "csv");
  const auto unit_text = given_or(given, "unit");
  const auto unit = unit_in(unit_text);
  if (!unit && !unit_text.empty()) return fail(errc::invalid_id, std::string(unit_text));
  const std::string generate(given_or(given, "generate", "false"));
  if (generate != "true" && generate != "false") return fail(errc::invalid_field, "generate");
  const std::string years(given_or(given, "futureYears", "0"));
  if (!whole_number(years, 0, most_future_years)) return fail(errc::invalid_future_years, years);

  auto table = read_(csv);
  if (!table) return tl::unexpected(std::move(table.error()));
  if (auto checked = check_columns(table->columns); !checked) {
    return tl::unexpected(std::move(checked.error()));
  }
  if (table->rows.size() > most_rows) {
    return fail(errc::too_many_rows, std::to_string(most_rows));
  }
  const auto options = "generate=" + generate + " futureYears=" + years;
  return job_request{{unit, "today=" + format_date(today) + " " + options + " by=" + rights_of(by),
                      options + " csv=" + digest(csv)},
                     std::make_shared<const job_payload>(pack_rows(*table))};
}

expected<std::vector<item_id>> import_companies::list(company_directory&,
                                                      const job_arguments&) const {
  return std::vector<item_id>{};
}

expected<std::vector<item_plan>> import_companies::plan(company_directory& directory,
                                                        const job_arguments& arguments,
                                                        std::span<const item_id> items) const {
  const auto order = decode(arguments);
  if (!order) return tl::unexpected(order.error());
  if (items.empty()) return std::vector<item_plan>{};
  const auto chunks = directory.payload(items.front(), items.back());
  if (!chunks) return tl::unexpected(chunks.error());
  return plan_rows(*order, *chunks, items);
}

job_ending import_companies::conclude(const job_arguments& arguments, const job_totals& totals,
                                      notice tells) const {
  job_ending ending;
  ending.entity_type = arguments.unit ? "unit" : "job";
  if (arguments.unit) ending.entity_id = arguments.unit->value;
  if (tells == notice::failure) {
    ending.type = "companies-import-error";
    ending.title = "Erro ao Importar Empresas";
    ending.body = "Ocorreu um erro ao importar empresas. Por favor, tente novamente.";
    return ending;
  }
  ending.type = "companies-imported";
  ending.title = "Empresas Importadas";
  ending.body = counted(totals.created, "empresa foi importada", "empresas foram importadas") +
                " de " + counted(totals.done, "linha", "linhas") + "; " +
                counted(totals.failed, "linha com erro.", "linhas com erro.");
  return ending;
}

}  // namespace mutirao
