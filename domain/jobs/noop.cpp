#include "domain/jobs/noop.hpp"

#include <algorithm>

#include "domain/argument_text.hpp"
#include "domain/counted.hpp"

namespace mutirao {
namespace {

std::optional<std::int64_t> micros_of(const job_arguments& arguments) {
  return whole_number(stored_argument(arguments.text, "micros").value_or(""), 0, noop::most_micros);
}

}  // namespace

const job_description& noop::about() const {
  static const job_description all{
      .title = {"Nada", "Nothing"},
      .says = {"Itens que só levam tempo, para testes de carga.",
               "Items that only take time, for load tests."},
      .arguments = {{.name = "items",
                     .form = argument_form::integer,
                     .required = true,
                     .least = 1,
                     .most = most_items,
                     .says = {"Quantos itens.", "How many items."}},
                    {.name = "micros",
                     .form = argument_form::integer,
                     .most = most_micros,
                     .absent = "0",
                     .says = {"Microssegundos por item.", "Microseconds an item."}}}};
  return all;
}

expected<job_request> noop::validate(const argument_reader& given, const caller&, date) const {
  const auto items = whole_number(given_or(given, "items"), 1, most_items);
  if (!items) return fail(errc::invalid_field, "items");
  const auto micros = whole_number(given_or(given, "micros", "0"), 0, most_micros);
  if (!micros) return fail(errc::invalid_field, "micros");
  const auto text = "items=" + std::to_string(*items) + " micros=" + std::to_string(*micros);
  return job_request{{std::nullopt, text, text}, nullptr};
}

expected<std::vector<item_id>> noop::list(company_directory&,
                                          const job_arguments& arguments) const {
  const auto count = stored_argument(arguments.text, "items").value_or("");
  const auto items = whole_number(count, 1, most_items);
  if (!items) return fail(errc::internal, "arguments of noop: " + arguments.text);
  std::vector<item_id> all;
  all.reserve(static_cast<std::size_t>(*items));
  for (std::int64_t i = 1; i <= *items; ++i) all.push_back({i});
  return all;
}

std::size_t noop::at_once(const job_arguments& arguments) const {
  constexpr std::int64_t longest = 100'000;  // µs
  const auto micros = micros_of(arguments).value_or(0);
  if (micros * static_cast<std::int64_t>(usual_batch) <= longest) return usual_batch;
  return static_cast<std::size_t>(std::max<std::int64_t>(longest / micros, 1));
}

expected<std::vector<item_plan>> noop::plan(company_directory&, const job_arguments& arguments,
                                            std::span<const item_id> items) const {
  const auto micros = micros_of(arguments);
  if (!micros) return fail(errc::internal, "arguments of noop: " + arguments.text);
  std::vector<item_plan> planned;
  planned.reserve(items.size());
  for (const auto item : items) {
    if (*micros > 0) wait_(std::chrono::microseconds(*micros));
    planned.push_back({.item = item, .tasks = {}, .error = {}});
  }
  return planned;
}

job_ending noop::conclude(const job_arguments&, const job_totals& totals, notice tells) const {
  job_ending ending;
  ending.entity_type = "job";
  if (tells == notice::failure) {
    ending.type = "noop-error";
    ending.title = "Erro no teste de carga";
    ending.body = "O teste de carga falhou.";
    return ending;
  }
  ending.type = "noop-done";
  ending.title = "Teste de carga concluído";
  ending.body = counted(totals.done, "item foi processado.", "itens foram processados.");
  return ending;
}

}  // namespace mutirao
