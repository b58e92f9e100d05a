#include "tests/actors/stage.hpp"

#include <stdexcept>

namespace mutirao::testing {
namespace {

template <class T>
T value_of(expected<T> x) {
  if (!x)
    throw std::runtime_error(std::string(to_string(x.error().code)) + ": " + x.error().detail);
  return std::move(*x);
}

company made_up_company(int number, std::int64_t unit) {
  company made;
  made.id = {number};
  made.caepf = std::to_string(10'000'000'000'000 + number);
  made.razao_social = "Empresa " + std::to_string(number);
  made.nome_fantasia = made.razao_social;
  made.data_renovacao = parse_date("2020-03-15");
  made.periodicidade = 100;
  made.tecnico_responsavel = user_id{40 + number % 3};
  made.unidade_responsavel = unit_id{unit};
  return made;
}

}  // namespace

process::process(const std::string& url, const job_types& types, app::wiring_options options,
                 const webhook_rules* webhooks, const calendar* zones)
    : database_(value_of(storage::open_database(url, types, {.webhooks = webhooks}))),
      asker_(system_, true),
      wiring_(value_of(app::wiring::start(
          system_, {database_.get(), &types, &time, &chance, &log, zones}, options))) {
  run();
}

process::~process() {
  wiring_->stop();
  run();
  scheduler_.clock().cancel_all();
  run();
}

stage::stage(int units, int companies) {
  auto database = value_of(storage::open_database(url(), types));
  auto writer = value_of(database->writer());
  import_rows rows;
  int number = 0;
  for (int unit = 1; unit <= units; ++unit) {
    rows.units.push_back({{unit}, "Unidade " + std::to_string(unit)});
    for (int i = 0; i < companies; ++i) rows.companies.push_back(made_up_company(++number, unit));
  }
  const command what = std::move(rows);
  auto answers = writer->commit(std::span(&what, 1));
  value_of(std::get<command_index<import_rows>>(std::move(answers.at(0))));
}

std::string stage::url() const {
  return "sqlite:" + (folder_ / "mutirao.db").string();
}

std::unique_ptr<process> stage::start(app::wiring_options options) {
  return std::make_unique<process>(url(), types, options, webhooks.render ? &webhooks : nullptr,
                                   zones);
}

app::wiring_options stage::undetached() {
  app::wiring_options options;
  options.detached = false;
  options.readers = 1;
  options.run.batch_items = 4;
  options.run.batches_out = 2;
  return options;
}

actors::submit generation_of(const job_types& types, std::int64_t unit, std::int64_t user,
                             int future_years) {
  const auto* type = types.find("generate-auto-tasks-unit");
  const argument_reader arguments{{"unit", std::to_string(unit)},
                                  {"futureYears", std::to_string(future_years)}};
  const caller by{{user}, true, {}};
  return {type, by.user,
          value_of(type->validate(arguments, by, *parse_date("2026-11-23"))).arguments,
          std::nullopt};
}

}  // namespace mutirao::testing
